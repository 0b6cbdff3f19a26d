// One message: who, when, what; its reactions, its thread, and the tools that appear on it.
import { avatar } from "./avatar.js";
import { attachments, renderBlocks } from "./blocks.js";
import { h, icon } from "./dom.js";
import { emojiOrText } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { tellsTime } from "./names.js";
import { openThread } from "./route.js";
import { act } from "./server.js";
import { botUser, me, person, personName, replies } from "./store.js";
import { ago, fullTime, timeOf, tsSeconds } from "./time.js";
import { complain } from "./toast.js";
import { react, tools } from "./tools.js";
import { collect } from "./values.js";

const QUIET = /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive|created|convert_to_private)$|^(pinned_item|unpinned_item|bot_add|reminder_add)$/;

export const isQuiet = (m) => QUIET.test(m.subtype ?? "");
const fromApp = (m) => Boolean(m.bot_id) || m.user === botUser();

/** options: {channel, grouped: same person as just above, thread: shown in the thread pane} */
export function messageNode(m, options) {
  const node = isQuiet(m) ? quietLine(m) : fullMessage(m, options);
  node.dataset.ts = m.ts;
  node.dataset.user = m.user ?? "";
  if (m.subtype) node.dataset.subtype = m.subtype;
  if (m.ephemeral) node.dataset.ephemeral = "true";
  return node;
}

function quietLine(m) {
  const [lead, named] = (m.text ?? "").match(/^<@([UW][A-Z0-9]+)(?:\|[^>]*)?> ?/) ?? ["", m.user];
  const rest = (m.text ?? "").slice(lead.length);
  return h("article", { class: "message quiet", tabindex: "-1" },
    h("span", { class: "quiet-text" }, named ? [h("b", {}, personName(named)), " "] : null, mrkdwn(rest)), stamp(m));
}

function fullMessage(m, options) {
  const pinned = options.pins?.includes(m.ts);
  const node = h("article", {
    class: ["message", options.grouped && "grouped", m.ephemeral && "ephemeral", pinned && "pinned"].filter(Boolean).join(" "),
    tabindex: "-1", "aria-label": `${m.username ?? personName(m.user)}, ${timeOf(tsSeconds(m.ts))}`,
  },
  h("div", { class: "gutter" }, options.grouped ? stamp(m) : avatar(m.user)),
  h("div", { class: "message-main" },
    notes(m, pinned), options.grouped ? null : byline(m), content(m, options), reactions(m, options), options.thread ? null : threadLink(m, options)));
  tools(node, m, options);
  return node;
}

function notes(m, pinned) {
  return [
    m.ephemeral ? h("div", { class: "note" }, icon("eye"), "Only visible to you") : null,
    pinned ? h("div", { class: "note" }, icon("pin"), "Pinned") : null,
    m.subtype === "thread_broadcast" ? h("div", { class: "note" }, icon("reply"), "Replied to a thread") : null,
  ];
}

function byline(m) {
  return h("div", { class: "byline" },
    tellsTime(h("b", { class: "author" }, m.username ?? personName(m.user)), m.user),
    fromApp(m) ? h("span", { class: "badge" }, "App") : null,
    person(m.user)?.foreign ? h("span", { class: "badge" }, "External") : null,
    person(m.user)?.deleted ? h("span", { class: "badge" }, "Deactivated") : null,
    stamp(m), edited(m));
}

const edited = (m) => (m.edited ? h("span", { class: "edited" }, "(edited)") : null);

function stamp(m) {
  const seconds = tsSeconds(m.ts);
  return h("time", { class: "stamp", datetime: new Date(seconds * 1000).toISOString(), title: fullTime(seconds) }, timeOf(seconds));
}

// Input blocks stand in messages too: what is typed there must outlast a redraw.
const drafts = new Map();

function draftOf(key) {
  if (!drafts.has(key)) drafts.set(key, new Map());
  return drafts.get(key);
}

function content(m, { channel, grouped }) {
  const values = draftOf(`${me()?.id} ${channel} ${m.ts}`);
  const ctx = { where: { channel, ts: m.ts }, values, errors: {}, typed: () => collect(m, values) };
  const body = m.blocks?.length ? renderBlocks(m.blocks, ctx) : m.text ? h("div", { class: "text" }, mrkdwn(m.text)) : null;
  return h("div", { class: "content" }, body, m.files ? m.files.map(file) : null, grouped ? edited(m) : null, m.attachments ? attachments(m.attachments, ctx) : null);
}

/** A file: a picture is shown, with its alternative text; anything else is a link. */
function file(f) {
  const address = `/files/${encodeURIComponent(f.id)}/${encodeURIComponent(f.name)}`;
  const name = h("a", { href: address, target: "_blank", rel: "noopener" }, f.title || f.name);
  if (!f.mimetype?.startsWith("image/")) return h("div", { class: "file" }, name);
  const picture = h("img", { class: "picture large", src: address, alt: f.alt_txt || f.title || f.name });
  return h("figure", { class: "file", "data-file": f.id }, h("figcaption", {}, name), picture);
}

function reactions(m, options) {
  if (!m.reactions?.length) return null;
  return h("div", { class: "reactions" }, m.reactions.map((r) => reaction(r, m, options)));
}

function reaction({ name, users = [] }, m, { channel }) {
  const mine = users.includes(me()?.id);
  const who = users.map(personName).join(", ");
  return h("button", {
    type: "button", class: "reaction", "aria-pressed": mine ? "true" : "false", "data-reaction": name, "data-focus": `${m.ts}/${name}`,
    "aria-label": `${name.replaceAll("_", " ")}, ${users.length}: ${who}`, title: who,
    onclick: () => (mine ? act("unreact", { channel, ts: m.ts, name }).then(complain) : react(channel, m.ts, name)),
  }, h("span", { class: "emoji" }, emojiOrText(name)), String(users.length));
}

function threadLink(m, { channel }) {
  const count = m.reply_count ?? 0;
  if (!count) return null;
  const faces = [...new Set(replies(channel, m.ts).map((r) => r.user))].slice(0, 3);
  return h("button", { type: "button", class: "thread-link", "data-focus": `${m.ts}/thread`, onclick: () => openThread(channel, m.ts) },
    faces.map((id) => avatar(id, "small")),
    h("b", {}, count === 1 ? "1 reply" : `${count} replies`),
    m.latest_reply ? h("span", { class: "soft" }, `last reply ${ago(tsSeconds(m.latest_reply))}`) : null);
}
