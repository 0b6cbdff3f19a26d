// The small inline pieces that mrkdwn and rich text share: mentions, links, emoji and dates.
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { tellsGroup, tellsTime } from "./names.js";
import { insidePlace } from "./route.js";
import { channel, channelName, me, person, personName, usergroup } from "./store.js";
import { fullTime, slackDate } from "./time.js";

const SAFE = new Set(["http:", "https:", "mailto:"]);

/** The URL when it is one that a message may open; null for javascript:, data: and the like. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return SAFE.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

export function linkTo(href, ...label) {
  const url = safeUrl(href);
  if (!url) return h("span", { class: "dead-link" }, ...label);
  const inside = insidePlace(url);
  if (inside) return h("a", { href: `#${inside}`, class: "link" }, ...label);
  return h("a", { href: url.href, class: "link", target: "_blank", rel: "noopener noreferrer" }, ...label);
}

export function userMention(id, label) {
  const mine = id === me()?.id;
  const name = person(id) ? personName(id) : label || personName(id);
  return tellsTime(h("span", { class: mine ? "mention mention-me" : "mention", "data-user": id }, `@${name.replace(/^@/, "")}`), id);
}

export function channelMention(id, label) {
  const found = channel(id);
  if (!found && !label) return h("span", { class: "mention mention-locked" }, "private channel");
  if (!found) return h("span", { class: "mention" }, `#${label}`);
  return h("a", { href: `#${id}`, class: "mention", "data-mention": id }, `#${channelName(found)}`);
}

export const broadcast = (range) => h("span", { class: "mention mention-me" }, `@${range}`);

export function groupMention(id, label) {
  const found = usergroup(id);
  const mine = found && !found.disabled && found.users.includes(me()?.id);
  const name = found ? found.handle : label || id;
  return tellsGroup(h("span", { class: mine ? "mention mention-me" : "mention", "data-group": id }, `@${name.replace(/^@/, "")}`), id);
}

export function emojiNode(name) {
  const found = emoji(name.split("::")[0]);
  return found ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, found) : `:${name}:`;
}

/** A date token. Those that say {ago} carry what they need to be kept true as time passes. */
export function dateNode(seconds, pattern, url, fallback) {
  const text = slackDate(pattern, seconds);
  if (text === null) return fallback ?? "";
  const node = h("time", { class: "date", datetime: new Date(seconds * 1000).toISOString(), title: fullTime(seconds) }, text);
  if (pattern.includes("{ago}")) Object.assign(node.dataset, { ago: seconds, pattern });
  return url && safeUrl(url) ? linkTo(url, node) : node;
}

export function refreshAgo(root = document) {
  for (const node of root.querySelectorAll("time[data-ago]")) {
    node.textContent = slackDate(node.dataset.pattern, Number(node.dataset.ago));
  }
}
