// Slack's mrkdwn to DOM nodes. Every character of the input ends in a text node, an attribute we chose, or nowhere.
import { flat, fragment, h } from "./dom.js";
import { channels } from "./store.js";
import { broadcast, channelMention, dateNode, emojiNode, groupMention, linkTo, userMention } from "./tokens.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const decode = (text) => text.replace(/&(?:amp|lt|gt);/g, (e) => ENTITIES[e]);

const STYLES = { "*": "b", _: "i", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;

/** `verbatim`: no bare URLs, #channels or @here are made into links, as with Slack's flag of that name. */
export function mrkdwn(text, { verbatim = false } = {}) {
  return fragment(fences(String(text ?? "")).map((part) =>
    part.code === undefined ? lines(part.text, verbatim) : h("pre", { class: "pre" }, flatten(part.code))));
}

function fences(text) {
  const parts = [];
  let rest = 0;
  for (const found of text.matchAll(/```\n?([\s\S]+?)\n?```\n?/g)) {
    parts.push({ text: text.slice(rest, found.index).replace(/\n$/, "") }, { code: found[1] });
    rest = found.index + found[0].length;
  }
  return [...parts, { text: text.slice(rest) }].filter((p) => p.code !== undefined || p.text !== "");
}

/** Quote lines that stand together make one quote; the rest keeps its line breaks. */
function lines(text, verbatim) {
  const out = [];
  for (const line of text.split("\n")) {
    const quote = line.match(/^(?:&gt;|>) ?(.*)$/);
    const last = out.at(-1);
    if (last && last.quote === Boolean(quote)) last.lines.push(quote ? quote[1] : line);
    else out.push({ quote: Boolean(quote), lines: [quote ? quote[1] : line] });
  }
  return out.map(({ quote, lines: own }) => {
    const nodes = inline(own.join("\n"), verbatim);
    return quote ? h("blockquote", { class: "quote" }, nodes) : nodes;
  });
}

/** Inside code only the entities and the text of <…> tokens count. */
function flatten(code) {
  return decode(code.replace(/<([^<>\n|]+)(?:\|([^<>\n]*))?>/g, (_, target, label) => label || target));
}

// Tried at every position, in this order; each answers [node, characters used] or null.
const RULES = [angle, code, style, shortcode, bareUrl, bareName, entity];

export function inline(text, verbatim = false) {
  const out = [];
  let plain = "";
  const flush = () => { if (plain) out.push(plain); plain = ""; };
  for (let at = 0; at < text.length;) {
    if (text[at] === "\n") { flush(); out.push(h("br")); at += 1; continue; }
    const found = RULES.reduce((hit, rule) => hit ?? rule(text, at, verbatim), null);
    if (!found) { plain += text[at]; at += 1; continue; }
    if (typeof found[0] === "string") plain += found[0];
    else { flush(); out.push(found[0]); }
    at += found[1];
  }
  flush();
  return flat(out);
}

function angle(text, at) {
  if (text[at] !== "<") return null;
  const found = text.slice(at).match(/^<([^<>\n|]+)(?:\|([^<>\n]*))?>/);
  if (!found) return null;
  return [token(found[1], found[2]) ?? decode(found[0]), found[0].length];
}

function token(target, label) {
  const text = label ? decode(label) : "";
  if (/^@[UW][A-Z0-9]+$/.test(target)) return userMention(target.slice(1), text);
  if (/^#[CGD][A-Z0-9]+$/.test(target)) return channelMention(target.slice(1), text);
  if (target.startsWith("!")) return special(target.slice(1), text);
  const href = decode(target);
  return linkTo(href, text || href.replace(/^mailto:/, ""));
}

function special(target, label) {
  const [kind, ...args] = target.split("^");
  if (["here", "channel", "everyone"].includes(kind)) return broadcast(kind);
  if (kind === "subteam") return groupMention(args[0], label);
  if (kind === "date") return dateNode(Number(args[0]), args[1] ?? "", args[2], label);
  return label || null;
}

function code(text, at) {
  const found = text[at] === "`" && text.slice(at).match(/^`([^`\n]+)`/);
  return found ? [h("code", { class: "code" }, flatten(found[1])), found[0].length] : null;
}

/** *b* _i_ ~s~: only at the edges of words, and the mark must hug its text. */
function style(text, at, verbatim) {
  const mark = text[at];
  if (!Object.hasOwn(STYLES, mark) || (at > 0 && WORD.test(text[at - 1])) || /[\s]/.test(text[at + 1] ?? " ")) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    const inner = text.slice(at + 1, end);
    if (inner.includes("\n")) return null;
    const hugs = !/\s$/.test(inner) && inner[0] !== mark && !WORD.test(text[end + 1] ?? " ") && text[end + 1] !== mark;
    if (hugs && balanced(inner)) return [h(STYLES[mark], {}, inline(inner, verbatim)), end + 1 - at];
  }
  return null;
}

/** A mark inside `code` or <…> does not close a style that began outside. */
function balanced(inner) {
  const outside = inner.replace(/<[^<>\n]*>/g, "").replace(/`[^`\n]*`/g, "");
  return !/[<`]/.test(outside);
}

function shortcode(text, at) {
  const found = text[at] === ":" && text.slice(at).match(/^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/);
  return found ? [emojiNode(found[1]), found[0].length] : null;
}

function bareUrl(text, at, verbatim) {
  if (verbatim || text[at] !== "h" || (at > 0 && WORD.test(text[at - 1]))) return null;
  const found = text.slice(at).match(/^https?:\/\/[^\s<>|]+[^\s<>|.,:;!?"')\]*_~]/);
  return found ? [linkTo(decode(found[0]), decode(found[0])), found[0].length] : null;
}

function bareName(text, at, verbatim) {
  if (verbatim || (text[at] !== "#" && text[at] !== "@") || (at > 0 && WORD.test(text[at - 1]))) return null;
  const all = text.slice(at).match(/^@(here|channel|everyone)\b/);
  if (all) return [broadcast(all[1]), all[0].length];
  const name = text.slice(at).match(/^#([a-z0-9_-]+)/);
  const found = name && channels().find((c) => !c.is_im && c.name === name[1]);
  return found ? [channelMention(found.id), name[0].length] : null;
}

function entity(text, at) {
  const found = text[at] === "&" && text.slice(at).match(/^&(?:amp|lt|gt);/);
  return found ? [ENTITIES[found[0]], found[0].length] : null;
}

/** A plain_text object: no styles, but emoji and entities as Slack shows them. */
export function plainText(text, withEmoji = true) {
  const parts = withEmoji ? String(text ?? "").split(/(:[a-z0-9_+'-]+:)/) : [String(text ?? "")];
  return fragment(parts.map((part, i) => (i % 2 ? emojiNode(part.slice(1, -1)) : breaks(decode(part)))));
}

export function breaks(text) {
  return text.split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
}

/** A text object; text may be missing, which draws nothing. */
export function text(object) {
  if (!object) return null;
  return object.type === "mrkdwn" ? mrkdwn(object.text, { verbatim: object.verbatim }) : plainText(object.text, object.emoji !== false);
}

/** The words alone, for labels, notifications and the title. */
export function wordsOf(text) {
  return h("span", {}, mrkdwn(text)).textContent;
}
