// Where messages and commands are typed. Nothing typed is lost: a command stays until it had its ack.
import { Completion } from "./complete.js";
import { h, iconButton, uid } from "./dom.js";
import { act } from "./server.js";
import { openGlobal } from "./shortcuts.js";
import { shortcuts, store } from "./store.js";
import { complain } from "./toast.js";

const TALLEST = 220;
const HISTORY = 50;
const drafts = new Map(); // per person and place: what was typed and not sent
const sent = new Map(); // per person: what was sent, newest last

export class Composer {
  constructor() {
    const id = uid("composer");
    this.box = h("textarea", {
      class: "composer-box", rows: "1", role: "textbox", "aria-multiline": "true", "aria-autocomplete": "list", "aria-controls": `${id}-list`,
      "aria-describedby": `${id}-hint`, autocomplete: "off", spellcheck: "true",
    });
    this.hint = h("div", { id: `${id}-hint`, class: "composer-hint", "aria-live": "polite" });
    this.completion = new Completion(this.box, `${id}-list`, (hint) => this.#hint(hint));
    this.button = iconButton("send", "Send", () => this.send(), { class: "send" });
    this.bolt = iconButton("bolt", "Shortcuts", () => openGlobal(this.bolt), { class: "bolt", "aria-haspopup": "listbox", "aria-expanded": "false" });
    this.node = h("form", { class: "composer", onsubmit: (e) => { e.preventDefault(); this.send(); } },
      this.completion.node, h("div", { class: "composer-frame" }, this.bolt, this.box, this.button), this.hint);
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (e) => this.#key(e));
    this.recall = null;
  }

  show({ channel, thread = null, label }) {
    const key = `${store.as} ${channel} ${thread ?? ""}`;
    this.box.setAttribute("aria-label", label);
    this.box.placeholder = label;
    this.bolt.hidden = !shortcuts("global").length;
    if (key === this.key) return;
    this.key = key;
    this.where = { channel, ...(thread ? { thread_ts: thread } : {}) };
    this.recall = null;
    this.#put(drafts.get(key) ?? "", false);
  }

  focus() { this.box.focus(); }

  async send() {
    const text = this.box.value;
    if (!text.trim() || this.busy) return;
    const key = this.key;
    const command = text.startsWith("/");
    remember(text);
    if (command) this.#waiting(true); else this.#put("", false);
    const answer = await act("say", { ...this.where, text });
    if (command) this.#waiting(false);
    this.#settle(key, text, command, complain(answer));
  }

  // The reader may have moved on while the answer was under way: then only the draft of that place changes.
  #settle(key, text, command, answer) {
    const failed = !answer.ok || Boolean(answer.error);
    const here = key === this.key;
    if (here && command && !failed && this.box.value === text) this.#put("", false);
    if (here && !command && failed && !this.box.value) this.#put(text);
    if (!here && command && !failed && drafts.get(key) === text) drafts.delete(key);
    if (!here && !command && failed) drafts.set(key, text);
  }

  #waiting(on) {
    this.busy = on;
    this.box.readOnly = on;
    this.box.ariaBusy = on ? "true" : null;
    this.node.dataset.state = on ? "waiting" : "idle";
    if (on) this.completion.close();
  }

  #put(text, remembered = true) {
    this.box.value = text;
    this.#typed(remembered);
    this.completion.close();
  }

  #typed() {
    drafts.set(this.key, this.box.value);
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, TALLEST)}px`;
    this.node.classList.toggle("has-text", Boolean(this.box.value.trim()));
    this.completion.update();
  }

  #hint(text) {
    // Setting the same text again would have it read out again.
    if (this.hint.textContent !== text) this.hint.textContent = text;
  }

  #key(event) {
    if (event.isComposing || this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); this.send(); return; }
    if (event.key === "ArrowUp" || event.key === "ArrowDown") this.#history(event);
  }

  /** ArrowUp in an empty box brings back what was sent; from there the arrows walk through it. */
  #history(event) {
    const list = sent.get(store.as) ?? [];
    const walking = this.recall !== null && this.box.value === list[this.recall];
    if (!walking && (this.box.value || event.key !== "ArrowUp")) return;
    const at = (walking ? this.recall : list.length) + (event.key === "ArrowUp" ? -1 : 1);
    if (at < 0) return;
    event.preventDefault();
    this.recall = at < list.length ? at : null;
    this.#put(list[at] ?? "");
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
  }
}

function remember(text) {
  const list = (sent.get(store.as) ?? []).filter((t) => t !== text);
  sent.set(store.as, [...list, text].slice(-HISTORY));
}
