// rich_text blocks: section, list, quote and preformatted, with all leaves.
import { h } from "./dom.js";
import { breaks } from "./mrkdwn.js";
import { broadcast, channelMention, dateNode, emojiNode, groupMention, linkTo, userMention } from "./tokens.js";

export function richText(block) {
  return h("div", { class: "rich-text" }, (block.elements ?? []).map(element));
}

function element(part) {
  return (ELEMENTS[part.type] ?? unknown)(part);
}

const ELEMENTS = {
  rich_text_section: (part) => h("div", { class: "rich-section" }, leaves(part)),
  rich_text_quote: (part) => h("blockquote", { class: "quote" }, leaves(part)),
  rich_text_preformatted: (part) => h("pre", { class: "pre" }, (part.elements ?? []).map((e) => e.text ?? e.url ?? "")),
  rich_text_list: list,
};

function list(part) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const indent = Math.min(part.indent ?? 0, 8);
  const start = tag === "ol" && part.offset ? part.offset + 1 : null;
  return h(tag, { class: `rich-list indent-${indent} ${part.border ? "bordered" : ""}`, start }, (part.elements ?? []).map((e) => h("li", {}, leaves(e))));
}

const unknown = (part) => h("div", { class: "unknown" }, part.type);

function leaves(part) {
  return (part.elements ?? []).map((leaf) => styled((LEAVES[leaf.type] ?? (() => leaf.text ?? ""))(leaf), leaf.style));
}

const LEAVES = {
  text: (leaf) => breaks(String(leaf.text ?? "")),
  link: (leaf) => linkTo(leaf.url, leaf.text || leaf.url),
  user: (leaf) => userMention(leaf.user_id),
  usergroup: (leaf) => groupMention(leaf.usergroup_id),
  team: (leaf) => h("span", { class: "mention" }, leaf.team_id),
  channel: (leaf) => channelMention(leaf.channel_id),
  emoji: (leaf) => emojiNode(leaf.name),
  broadcast: (leaf) => broadcast(leaf.range),
  date: (leaf) => dateNode(Number(leaf.timestamp), leaf.format ?? "", leaf.url, leaf.fallback),
  color: colour,
};

function colour(leaf) {
  const swatch = h("span", { class: "swatch" });
  if (/^#[0-9a-f]{3,8}$/i.test(leaf.value)) swatch.style.backgroundColor = leaf.value;
  return [swatch, leaf.value];
}

const TAGS = [["code", "code"], ["underline", "u"], ["strike", "s"], ["italic", "i"], ["bold", "b"]];

function styled(node, style) {
  return TAGS.reduce((inner, [name, tag]) => (style?.[name] ? h(tag, { class: tag === "code" ? "code" : null }, inner) : inner), node);
}
