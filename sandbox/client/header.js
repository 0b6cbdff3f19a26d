// A channel's header: its name, topic, members; below it pins and bookmarks; behind it what can be done with it.
import { ask, openDialog } from "./dialog.js";
import { avatar } from "./avatar.js";
import { fill, h, icon } from "./dom.js";
import { emojiOrText } from "./emoji.js";
import { mrkdwn, wordsOf } from "./mrkdwn.js";
import { localTime } from "./names.js";
import { openPicker } from "./picker.js";
import { openPopover, closePopover } from "./popover.js";
import { goTo, insidePlace } from "./route.js";
import { act } from "./server.js";
import { botUser, channel, channelName, imWith, message, people, person, personName, store } from "./store.js";
import { complain } from "./toast.js";
import { safeUrl } from "./tokens.js";

export function header(c) {
  return h("header", { class: "channel-head" },
    h("div", { class: "channel-title" },
      h("h1", {}, c.is_im ? avatar(imWith(c), "small") : icon(c.is_private ? "lock" : "hash"), h("span", {}, channelName(c))),
      c.is_archived ? h("span", { class: "badge" }, "Archived") : null,
      c.is_im ? zoneNote(imWith(c)) : topic(c)),
    c.is_im ? null : h("button", {
      type: "button", class: "members", "data-focus": "members", "aria-label": `${(c.members ?? []).length} members`, title: "Members", onclick: () => details(c.id),
    }, icon("people"), String((c.members ?? []).length)));
}

function zoneNote(id) {
  const time = localTime(person(id));
  return time ? h("span", { class: "topic", title: "Local time", "data-local-time": id }, time) : null;
}

function topic(c) {
  if (!c.is_member) return h("span", { class: "topic" }, c.topic || "");
  return h("button", { type: "button", class: "topic", "data-focus": "topic", title: c.topic || "Set a topic", "aria-label": `Topic: ${c.topic || "none"}. Change it`, onclick: () => editTopic(c) },
    c.topic ? wordsOf(c.topic) : "Add a topic");
}

export function bars(c) {
  const pins = c.pins ?? [];
  const bookmarks = c.bookmarks ?? [];
  if (!pins.length && !bookmarks.length) return null;
  return h("nav", { class: "bars", "aria-label": "Pins and bookmarks" },
    pins.length ? h("button", { type: "button", class: "bar-item", "data-focus": "pins", "aria-haspopup": "true", onclick: (e) => showPins(e.currentTarget, c) }, icon("pin"), `${pins.length} pinned`) : null,
    bookmarks.map(bookmark));
}

function bookmark(b) {
  const url = safeUrl(b.link ?? "");
  const face = [b.emoji ? `${emojiOrText(b.emoji.replaceAll(":", ""))} ` : icon("link"), b.title];
  if (!url) return h("span", { class: "bar-item" }, face);
  const inside = insidePlace(url);
  const way = inside ? { href: `#${inside}` } : { href: url.href, target: "_blank", rel: "noopener noreferrer" };
  return h("a", { class: "bar-item", ...way, "data-bookmark": b.id }, face);
}

function showPins(anchor, c) {
  const rows = c.pins.map((ts) => {
    const m = message(c.id, ts);
    return h("button", { type: "button", class: "pin-row", onclick: () => { closePopover(); goTo(`${c.id}/message/${ts}`); } },
      h("b", {}, m ? personName(m.user) : "Message"), h("span", {}, m ? wordsOf(m.text).slice(0, 160) : ts));
  });
  openPopover(anchor, h("div", { class: "pin-list", role: "group", "aria-label": "Pinned messages" }, rows)).querySelector("button")?.focus();
}

async function editTopic(c) {
  const field = h("input", { class: "input", name: "text", value: c.topic ?? "", maxlength: "250", "aria-label": "Topic" });
  const values = await ask({ title: `Topic of #${c.name}`, body: field, accept: "Save" });
  if (values) complain(await act("topic", { channel: c.id, text: values.text }));
}

/** Members, and what a person can do with the channel. It follows live changes while open. */
function details(id) {
  const body = h("div", { class: "details" });
  const dialog = openDialog(`#${channel(id).name}`, body, { className: "wide", onclose: () => store.removeEventListener("channel", redraw) });
  const redraw = () => fill(body, channel(id) ? detailsOf(channel(id), dialog) : null);
  store.addEventListener("channel", redraw);
  redraw();
}

function detailsOf(c, dialog) {
  const run = (name, args = {}) => async () => complain(await act(name, { channel: c.id, ...args }));
  const button = (label, onclick, style = "") => h("button", { type: "button", class: `button ${style}`, onclick }, label);
  return [
    c.topic ? h("p", { class: "soft" }, mrkdwn(c.topic)) : null,
    h("div", { class: "detail-actions" },
      c.is_member && !c.is_archived ? [inviteButton(c), button("Topic", () => editTopic(c)), button("Rename", () => rename(c, dialog)), button("Leave", run("leave"))] : null,
      !c.is_member && !c.is_archived ? button("Join channel", run("join"), "primary") : null,
      c.is_archived ? button("Unarchive", run("unarchive")) : c.is_member ? button("Archive", run("archive"), "danger") : null),
    h("h3", {}, `Members (${(c.members ?? []).length})`),
    h("ul", { class: "member-list" }, (c.members ?? []).map((user) => member(c, user, run))),
  ];
}

function member(c, user, run) {
  return h("li", { "data-person": person(user)?.handle ?? user }, avatar(user, "small"), h("span", {}, personName(user)), h("small", { class: "soft" }, localTime(person(user))),
    user === botUser() ? h("span", { class: "badge" }, "App") : null,
    c.is_member && !c.is_archived ? h("button", { type: "button", class: "text-button", "aria-label": `Remove ${personName(user)}`, onclick: run("kick", { user }) }, "Remove") : null);
}

function inviteButton(c) {
  return h("button", { type: "button", class: "button primary", "aria-haspopup": "listbox", onclick: (e) => invite(e.currentTarget, c) }, "Add people");
}

function invite(anchor, c) {
  const options = people().filter((p) => !p.deleted && !(c.members ?? []).includes(p.id))
    .map((p) => ({ value: p.id, label: p.name, words: `${p.name} ${p.handle}`, detail: `@${p.handle}` }));
  const bot = botUser();
  if (!(c.members ?? []).includes(bot) && !options.some((o) => o.value === bot)) {
    options.unshift({ value: bot, label: personName(bot), words: personName(bot), detail: "App" });
  }
  openPicker(anchor, { label: "people", options, pick: async (user) => complain(await act("invite", { channel: c.id, user: user === bot ? "watchbill" : user })) });
}

async function rename(c, dialog) {
  const field = h("input", { class: "input", name: "name", value: c.name, maxlength: "80", "aria-label": "Channel name" });
  const values = await ask({ title: `Rename #${c.name}`, body: field, accept: "Rename" });
  if (!values) return;
  const answer = complain(await act("rename", { channel: c.id, name: values.name }));
  if (answer.ok) dialog.querySelector("h2").textContent = `#${values.name}`;
}
