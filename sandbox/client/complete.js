// Completion in the composer: / at the start for commands, @ for people, # for channels.
import { fill, h } from "./dom.js";
import { runGlobal } from "./shortcuts.js";
import { botUser, channels, people, shortcuts, store, usergroups } from "./store.js";

const MOST = 8;

export class Completion {
  constructor(box, listId, hint) {
    this.box = box;
    this.hint = hint;
    this.node = h("div", { class: "completion", role: "listbox", id: listId, "aria-label": "Suggestions", hidden: true });
    this.items = [];
    this.at = 0;
    box.addEventListener("blur", () => this.close());
  }

  update() {
    const { value, selectionStart } = this.box;
    this.hint(usage(value));
    const before = value.slice(0, selectionStart);
    const found = suggestions(before);
    this.items = found.items.slice(0, MOST);
    this.from = found.from;
    this.at = 0;
    this.#draw();
  }

  close() {
    this.items = [];
    this.#draw();
  }

  /** True when the key was for the list. */
  key(event) {
    if (!this.items.length) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.at = (this.at + step + this.items.length) % this.items.length;
    else if (event.key === "Escape") this.items = [];
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && this.#adds())) this.#take(this.items[this.at]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    this.#draw();
    return true;
  }

  // Enter on a word that is complete already sends the message instead of completing it once more.
  #adds() {
    if (this.items[this.at].run) return true;
    const typed = this.box.value.slice(this.from, this.box.selectionStart);
    return typed !== this.items[this.at].insert.trim();
  }

  #take(item) {
    if (item.run) { this.#run(item); return; }
    const { value, selectionStart } = this.box;
    const head = value.slice(0, this.from) + item.insert;
    this.box.value = head + value.slice(selectionStart).replace(/^ /, "");
    this.box.setSelectionRange(head.length, head.length);
    this.box.dispatchEvent(new Event("input"));
    this.box.focus();
  }

  #run(item) {
    this.box.value = "";
    this.box.dispatchEvent(new Event("input"));
    item.run();
  }

  #draw() {
    this.node.hidden = !this.items.length;
    fill(this.node, this.items.map((item, i) => h("div", {
      role: "option", id: `${this.node.id}-${i}`, class: i === this.at ? "option at" : "option", "aria-selected": i === this.at ? "true" : "false",
      // mousedown, because a click would first take the focus from the box and close the list
      onmousedown: (e) => { e.preventDefault(); this.#take(item); },
    }, h("span", { class: "option-label" }, item.label), h("span", { class: "option-detail" }, item.detail))));
    if (this.items.length) this.box.setAttribute("aria-activedescendant", `${this.node.id}-${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
  }
}

const commands = () => store.state.workspace?.commands ?? [];

function usage(value) {
  const command = commands().find((c) => value === c.command || value.startsWith(`${c.command} `));
  return command?.usage_hint ? `${command.command} ${command.usage_hint}` : "";
}

function suggestions(before) {
  const slash = before.match(/^\/\S*$/);
  if (slash) return { from: 0, items: [...commandItems(before), ...shortcutItems(before.slice(1).toLowerCase())] };
  const word = before.match(/(?:^|[\s(])([@#])([\p{L}\p{N}._-]*)$/u);
  if (!word) return { from: 0, items: [] };
  const from = before.length - word[2].length - 1;
  return { from, items: word[1] === "@" ? nameItems(word[2].toLowerCase()) : channelItems(word[2].toLowerCase()) };
}

function commandItems(typed) {
  return commands().filter((c) => c.command.startsWith(typed))
    .map((c) => ({ insert: `${c.command} `, label: c.command, detail: [c.usage_hint, c.description].filter(Boolean).join(" · ") }));
}

/** A global shortcut is done, not written. */
function shortcutItems(typed) {
  return shortcuts("global").filter((s) => s.name.toLowerCase().includes(typed))
    .map((s) => ({ run: () => runGlobal(s.callback_id), label: s.name, detail: `Shortcut · ${s.description}` }));
}

const nameItems = (typed) => [...groupItems(typed), ...peopleItems(typed)];

/** Groups come when their handle or name begins so: in a list of everybody they would hide the people. */
function groupItems(typed) {
  return usergroups().filter((g) => !g.disabled && typed && (g.handle.startsWith(typed) || g.name.toLowerCase().startsWith(typed)))
    .map((g) => ({ insert: `@${g.handle} `, label: `@${g.handle}`, detail: `${g.name} · ${g.users.length === 1 ? "1 person" : `${g.users.length} people`}` }));
}

function peopleItems(typed) {
  return people().filter((p) => !p.deleted && (p.handle?.startsWith(typed) || p.name.toLowerCase().includes(typed)))
    .map((p) => ({ insert: `@${p.handle} `, label: `@${p.handle}`, detail: p.id === botUser() ? "App" : p.name }));
}

function channelItems(typed) {
  return channels().filter((c) => !c.is_im && !c.is_archived && c.name.includes(typed))
    .sort((a, b) => b.name.startsWith(typed) - a.name.startsWith(typed))
    .map((c) => ({ insert: `#${c.name} `, label: `#${c.name}`, detail: c.topic ?? "" }));
}
