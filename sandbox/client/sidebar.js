// The left side: who I am, channels, direct messages, the app.
import { avatar } from "./avatar.js";
import { ask } from "./dialog.js";
import { fill, focusMark, h, icon, iconButton, restoreFocus } from "./dom.js";
import { localTime } from "./names.js";
import { openPicker } from "./picker.js";
import { closePopover, openPopover } from "./popover.js";
import { becomePerson, goTo } from "./route.js";
import { act } from "./server.js";
import { botUser, channelName, channels, imWith, me, people, person, store } from "./store.js";
import { now, timeOf } from "./time.js";
import { complain } from "./toast.js";

export class Sidebar {
  constructor() {
    this.node = h("nav", { class: "sidebar", id: "sidebar", "aria-label": "Workspace" });
    this.moreOpen = false;
  }

  show(at) {
    // Only when something in it changed: a redraw between press and release would swallow the click.
    const sig = JSON.stringify([at.app, at.channel, store.as, store.state.workspace?.team, people(), channels().map(looks), timeOf(now())]);
    if (sig === this.sig) return;
    this.sig = sig;
    const mark = focusMark(this.node);
    const scroll = this.scroller?.scrollTop ?? 0;
    this.scroller = h("div", { class: "sidebar-scroll" }, this.#app(at), this.#channels(at), this.#more(at), this.#direct(at));
    fill(this.node, this.#top(), this.scroller);
    this.scroller.scrollTop = scroll;
    restoreFocus(this.node, mark);
  }

  #top() {
    const mine = me();
    return h("div", { class: "sidebar-top" },
      h("div", { class: "workspace-name" }, icon("watch"), h("span", {}, store.state.workspace?.team?.name ?? "Sandbox")),
      h("button", {
        type: "button", class: "who", "data-focus": "who", "aria-haspopup": "listbox", "aria-label": `Acting as ${mine?.name ?? store.as}. Change person`,
        "data-person": mine?.handle ?? store.as, onclick: (e) => this.#choosePerson(e.currentTarget),
      }, avatar(mine?.id), h("span", { class: "who-name" }, h("b", {}, mine?.name ?? store.as), h("small", {}, mine ? localTime(mine) : "")), icon("down")));
  }

  #choosePerson(anchor) {
    const rows = people().filter(isHuman).map((p) => h("button", {
      type: "button", class: "person-row", disabled: p.deleted || null, "data-person": p.handle, "aria-pressed": p.id === me()?.id ? "true" : "false",
      onclick: () => { closePopover({ refocus: true }); becomePerson(p.handle); },
    }, avatar(p.id, "small"), h("span", { class: "person-name" }, p.name, marks(p)), h("small", {}, localTime(p))));
    const list = h("div", { class: "person-list", role: "group", "aria-label": "Act as", onkeydown: walk }, rows);
    openPopover(anchor, list, { className: "people" });
    list.querySelector("[aria-pressed=true], button:enabled")?.focus();
  }

  #app(at) {
    const home = at.app === "home";
    const dm = channels().find((c) => c.is_im && imWith(c) === botUser());
    return section("App", [
      row({ label: "Home", name: "Watchbill Home", hash: "app/home", here: home, face: avatar(botUser(), "small"), attributes: { "data-app": "home" } }),
      row({ label: "Messages", name: "Watchbill Messages", hash: "app/messages", here: at.app === "messages" || (dm && at.channel === dm.id), face: h("span", { class: "avatar blank small" }), c: dm, attributes: { "data-app": "messages" } }),
    ], store.state.workspace?.bot?.name ? "Watchbill" : "App");
  }

  #channels(at) {
    const mine = channels().filter((c) => !c.is_im && c.is_member && !c.is_archived).sort(byName);
    return section("Channels", mine.map((c) => channelRow(c, at)), "Channels", iconButton("plus", "Create channel", createChannel, { "data-focus": "create" }));
  }

  #more(at) {
    const others = channels().filter((c) => !c.is_im && (!c.is_member || c.is_archived)).sort(byName);
    if (!others.length) return null;
    const open = this.moreOpen || others.some((c) => c.id === at.channel);
    const list = h("details", { class: "side-section", open, ontoggle: (e) => { this.moreOpen = e.target.open; } },
      h("summary", { "data-focus": "more" }, "More channels", h("span", { class: "soft" }, ` ${others.length}`)),
      h("ul", {}, others.map((c) => channelRow(c, at))));
    return list;
  }

  #direct(at) {
    const dms = channels().filter((c) => c.is_im && imWith(c) !== botUser()).sort(byName);
    return section("Direct messages", dms.map((c) => channelRow(c, at)), "Direct messages",
      iconButton("plus", "New direct message", (e) => newDirect(e.currentTarget), { "data-focus": "new-dm", "aria-haspopup": "listbox" }));
  }
}

// Slackbot is nobody whom one can be.
const isHuman = (p) => !p.is_bot && p.id !== "USLACKBOT";

const byName = (a, b) => channelName(a).localeCompare(channelName(b));

const looks = (c) => [c.id, channelName(c), c.is_private, c.is_member, c.is_archived, c.unread, c.mentions];

function marks(p) {
  return [p.deleted ? h("span", { class: "badge" }, "Deactivated") : null, p.foreign ? h("span", { class: "badge" }, "External") : null];
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = [...event.currentTarget.querySelectorAll("button:enabled")];
  rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length].focus();
}

function section(name, rows, title, tool = null) {
  return h("section", { class: "side-section", "aria-label": name }, h("div", { class: "side-head" }, h("h2", {}, title), tool), h("ul", {}, rows));
}

function channelRow(c, at) {
  const face = c.is_im ? avatar(imWith(c), "small") : icon(c.is_private ? "lock" : "hash");
  const note = c.is_im && person(imWith(c))?.deleted ? " (deactivated)" : "";
  const name = `${c.is_im ? "" : c.is_private ? "private channel " : "channel "}${channelName(c)}${note}`;
  return row({ label: channelName(c), name, hash: c.id, here: at.channel === c.id && !at.app, face, c, attributes: { "data-channel": c.id, "data-name": c.name } });
}

function row({ label, name, hash, here, face, c = null, attributes }) {
  const unread = c?.unread ?? 0;
  const badge = c?.is_im ? unread : c?.mentions ?? 0;
  const spoken = [name, unread ? `${unread} unread` : "", c?.mentions ? `${c.mentions} mentions` : "", c?.is_archived ? "archived" : ""].filter(Boolean).join(", ");
  return h("li", {}, h("a", {
    href: `#${hash}`, class: ["side-row", unread && "unread", c?.is_archived && "archived"].filter(Boolean).join(" "),
    "aria-current": here ? "page" : null, "aria-label": spoken, "data-focus": `row ${hash}`, ...attributes,
    onclick: () => document.body.classList.remove("drawer-open"),
  }, face, h("span", { class: "side-label" }, label), c?.is_archived ? h("span", { class: "soft" }, "archived") : null,
  badge ? h("span", { class: "count", "data-mentions": badge }, String(badge)) : unread ? h("span", { class: "dot", "data-unread": unread }) : null));
}

async function createChannel() {
  const name = h("input", { class: "input", name: "name", maxlength: "80", placeholder: "payments-database", "aria-label": "Channel name", autocomplete: "off" });
  const values = await ask({
    title: "Create a channel", accept: "Create",
    body: [name, h("label", { class: "choice" }, h("input", { type: "checkbox", name: "private" }), h("span", {}, "Private: only for people who are invited"))],
  });
  if (!values?.name) return;
  const answer = complain(await act("create_channel", { name: values.name, private: values.private === "on" }));
  if (answer.ok) goTo(answer.channel?.id ?? answer.channel ?? values.name);
}

function newDirect(anchor) {
  const options = people().filter((p) => !p.deleted && isHuman(p) && p.id !== me()?.id)
    .map((p) => ({ value: p.id, label: p.name, words: `${p.name} ${p.handle}`, detail: `@${p.handle}` }));
  const pick = async (user) => {
    const answer = complain(await act("open_dm", { user }));
    if (answer.channel) goTo(answer.channel);
  };
  openPicker(anchor, { label: "people", options, pick });
}
