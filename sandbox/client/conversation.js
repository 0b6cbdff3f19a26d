// The middle of the window: a channel's header, its messages, its composer, and the thread beside it.
import { bars, header } from "./header.js";
import { Composer } from "./composer.js";
import { fill, h, iconButton, reconcile } from "./dom.js";
import { MessageList } from "./messages.js";
import { localTime } from "./names.js";
import { goTo } from "./route.js";
import { act } from "./server.js";
import { channel, channelName, imWith, mainMessages, me, message, person, replies, store } from "./store.js";
import { complain } from "./toast.js";

export class Conversation {
  constructor() {
    this.list = new MessageList();
    this.composer = new Composer();
    this.threadList = new MessageList({ thread: true });
    this.threadComposer = new Composer();
    this.head = h("div", { class: "channel-head-host" });
    this.gate = h("div", { class: "gate" });
    this.threadTitle = h("div", { class: "thread-title" });
    this.thread = h("aside", { class: "thread", "aria-label": "Thread", hidden: true, onkeydown: (e) => this.#escape(e) },
      h("header", { class: "thread-head" }, h("h2", {}, "Thread"), this.threadTitle, iconButton("close", "Close thread", () => goTo(this.at.channel))),
      this.threadList.node, this.threadComposer.node);
    this.node = h("section", { class: "conversation" },
      h("div", { class: "channel" }, this.head, this.list.node, this.gate, this.composer.node), this.thread);
    this.at = {};
    this.newFrom = null;
  }

  /** at: {channel, thread, message}; `tabs` are put above the header (the app's Home and Messages). */
  show(at, tabs = null) {
    const c = channel(at.channel);
    if (at.channel !== this.at.channel || this.as !== store.as) this.#entered(c);
    const jump = at.message && at.message !== this.at.message ? at.message : null;
    this.at = at;
    this.as = store.as;
    this.node.dataset.channel = c?.id ?? "";
    if (!c) { fill(this.head, tabs, h("div", { class: "empty" }, "Choose a channel.")); this.#onlyHead(true); return; }
    this.#onlyHead(false);
    this.#head(c, tabs);
    this.#main(c);
    this.#thread(c, at.thread);
    if (jump) this.list.reveal(jump);
  }

  #onlyHead(only) {
    for (const node of [this.list.node, this.composer.node]) node.hidden = only;
    if (only) this.thread.hidden = true;
  }

  // The "new" line stands where the reader last was, for as long as this visit lasts.
  #entered(c) {
    const unread = c?.unread ?? 0;
    const others = c ? mainMessages(c.id).filter((m) => m.user !== me()?.id) : [];
    this.newFrom = unread ? others.at(-unread)?.ts ?? null : null;
  }

  #head(c, tabs) {
    const sig = JSON.stringify([c, c.is_im && localTime(person(imWith(c))), store.as, Boolean(tabs), tabs?.dataset.tab, [...store.state.people.values()].map((p) => p.name)]);
    if (sig === this.headSig && this.head.childElementCount) return;
    this.headSig = sig;
    fill(this.head, tabs ?? header(c), bars(c));
  }

  #main(c) {
    const readOnly = !c.is_member || c.is_archived;
    this.list.show({
      place: `${store.as} ${c.id}`, label: `Messages in ${label(c)}`, channel: c.id, pins: c.pins, readOnly,
      messages: mainMessages(c.id), newFrom: this.newFrom,
      head: { sig: JSON.stringify([c.name, c.is_im, c.created_by]), make: () => beginning(c) },
    });
    this.composer.node.hidden = readOnly;
    this.composer.show({ channel: c.id, label: `Message ${label(c)}` });
    reconcile(this.gate, [{ key: "gate", sig: JSON.stringify([c.id, c.name, c.is_member, c.is_archived]), make: () => gate(c) }]);
  }

  #thread(c, ts) {
    const root = ts && message(c.id, ts);
    this.thread.hidden = !ts;
    this.node.classList.toggle("with-thread", Boolean(ts));
    if (!ts) return;
    fill(this.threadTitle, label(c));
    const readOnly = !c.is_member || c.is_archived;
    this.thread.dataset.ts = ts;
    this.threadList.show({
      place: `${store.as} ${c.id} ${ts}`, label: "Replies", channel: c.id, pins: c.pins, readOnly,
      root: ts, messages: [root, ...replies(c.id, ts)].filter(Boolean),
    });
    this.threadComposer.node.hidden = readOnly;
    this.threadComposer.show({ channel: c.id, thread: ts, label: "Reply in thread" });
  }

  #escape(event) {
    if (event.key === "Escape" && !event.defaultPrevented) { goTo(this.at.channel); this.composer.focus(); }
  }
}

const label = (c) => (c.is_im ? channelName(c) : `#${c.name}`);

function beginning(c) {
  return h("div", { class: "beginning" }, h("h2", {}, c.is_im ? channelName(c) : `#${c.name}`),
    h("p", {}, c.is_im ? "This is the beginning of your conversation." : "This is the beginning of the channel."));
}

function gate(c) {
  if (c.is_archived) return h("div", { class: "gate-box" }, `#${c.name} is archived: it can be read, and nothing can be posted.`);
  if (c.is_member) return h("div", { hidden: true });
  const join = async () => complain(await act("join", { channel: c.id }));
  return h("div", { class: "gate-box" }, h("span", {}, `You are looking at `, h("b", {}, `#${c.name}`), "."),
    h("button", { type: "button", class: "button primary", onclick: join }, "Join channel"));
}
