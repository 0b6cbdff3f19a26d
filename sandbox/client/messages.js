// A list of messages: days, grouping, the "new" line, and staying at the bottom unless the reader scrolled up.
import { h, icon, reconcile } from "./dom.js";
import { isQuiet, messageNode } from "./message.js";
import { me, myZone, person } from "./store.js";
import { dayKey, dayLabel, now, tsSeconds } from "./time.js";

const GROUP_SECONDS = 300;
const NEAR_BOTTOM = 48;

export class MessageList {
  /** `label` is what a screen reader calls it; `thread` hides what makes no sense inside a thread. */
  constructor({ thread = false } = {}) {
    this.thread = thread;
    this.place = null;
    this.stick = true;
    this.list = h("div", { class: "messages", role: "log", "aria-live": "off", tabindex: "0", onkeydown: (e) => this.#keys(e) });
    this.jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toBottom() }, icon("arrow"), h("span", {}, "Newest"));
    this.node = h("div", { class: "messages-frame" }, this.list, this.jump);
    this.list.addEventListener("scroll", () => this.#scrolled());
    new ResizeObserver(() => this.#resized()).observe(this.list);
  }

  /** view: {place (a key), label, channel, pins, readOnly, messages, newFrom (ts of the first unread), root (ts of a thread's parent), head (nodes above)} */
  show(view) {
    const moved = view.place !== this.place;
    this.place = view.place;
    this.list.setAttribute("aria-label", view.label);
    if (moved) { this.stick = true; this.count = view.messages.length; }
    const newest = view.messages.at(-1);
    const mine = (newest?.user === me()?.id || newest?.ephemeral) && view.messages.length > this.count; // said, or answered
    this.count = view.messages.length;
    reconcile(this.list, this.#items(view));
    if (mine) this.stick = true;
    this.#keepBottom();
    this.#scrolled(); // what arrived below the fold must offer the way down
  }

  toBottom() {
    this.stick = true;
    this.#keepBottom();
    this.list.focus({ preventScroll: true });
  }

  reveal(ts) {
    const node = this.list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (!node) return false;
    this.stick = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("revealed");
    node.focus({ preventScroll: true });
    return true;
  }

  #items(view) {
    const items = view.head ? [{ key: "head", sig: view.head.sig, make: view.head.make }] : [];
    let before = null; // the message above, if this one may be grouped with it
    let lastDay = null;
    for (const m of view.messages) {
      const day = dayKey(tsSeconds(m.ts));
      if (day !== lastDay) {
        lastDay = day;
        const label = dayLabel(tsSeconds(m.ts));
        items.push({ key: `day ${day}`, sig: label, make: () => h("div", { class: "day", role: "separator", "aria-label": label }, h("span", {}, label)) });
        before = null;
      }
      if (m.ts === view.newFrom) items.push({ key: "new", sig: "new", make: () => h("div", { class: "new-line", role: "separator", "aria-label": "New messages" }, h("span", {}, "New")) });
      items.push(this.#item(m, view, m.ts === view.newFrom ? null : before));
      before = m;
      if (m.ts === view.root && view.messages.length > 1) {
        items.push(repliesLine(view.messages.length - 1));
        before = null;
      }
    }
    return items;
  }

  #item(m, view, before) {
    const options = { channel: view.channel, pins: view.pins ?? [], readOnly: view.readOnly, thread: this.thread, grouped: together(before, m) };
    const author = person(m.user);
    const sig = JSON.stringify([m, options.grouped, options.pins.includes(m.ts), view.readOnly, view.place, me()?.id, myZone(), today(), author?.name, author?.deleted]);
    return { key: m.ts, sig, make: () => messageNode(m, options) };
  }

  #resized() {
    this.width = this.list.clientWidth;
    this.#keepBottom();
    this.#scrolled();
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight, clientWidth } = this.list;
    if (clientWidth !== this.width) return; // the panel opened, say: the lines broke anew, and nobody scrolled
    this.stick = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    this.jump.hidden = this.stick;
  }

  #keepBottom() {
    if (this.stick) this.list.scrollTop = this.list.scrollHeight;
  }

  /** Arrow keys walk from message to message; their tools are then reached with Tab. */
  #keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const onMessage = event.target === this.list || event.target.matches(".message");
    if (!step || !onMessage) return;
    const rows = [...this.list.querySelectorAll(".message")];
    const at = rows.indexOf(event.target);
    const next = at < 0 ? rows.at(-1) : rows[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
}

/** In a thread, between its parent and the replies. */
function repliesLine(count) {
  const label = count === 1 ? "1 reply" : `${count} replies`;
  return { key: "replies", sig: label, make: () => h("div", { class: "replies-line", role: "separator", "aria-label": label }, h("span", {}, label)) };
}

// Dates in messages say "today" and "tomorrow": another day draws them again.
const today = () => dayKey(now());

function together(before, m) {
  if (!before || isQuiet(before) || isQuiet(m) || m.subtype === "thread_broadcast") return false;
  const near = tsSeconds(m.ts) - tsSeconds(before.ts) < GROUP_SECONDS;
  return near && before.user === m.user && Boolean(before.ephemeral) === Boolean(m.ephemeral) && before.username === m.username;
}
