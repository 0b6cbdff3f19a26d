// Block Kit, for messages, modals and App Home.
//
// ctx: {where: {channel, ts} or {view_id}, values: Map of what is typed, typed() → the same as acts take it, errors: {block_id: text}}
import { fragment, h } from "./dom.js";
import { inputBlock } from "./inputs.js";
import { interactive } from "./elements.js";
import { markdown } from "./markdown.js";
import { mrkdwn, text } from "./mrkdwn.js";
import { richText } from "./richtext.js";

export function renderBlocks(blocks, ctx) {
  return h("div", { class: "blocks" }, blocks.map((block) => renderBlock(block, ctx)));
}

function renderBlock(block, ctx) {
  const make = BLOCKS[block.type] ?? unknown;
  const node = make(block, ctx);
  node.classList.add("block", `block-${block.type}`);
  if (block.block_id) node.dataset.blockId = block.block_id;
  return node;
}

function section(block, ctx) {
  const fields = (block.fields ?? []).map((f) => h("div", { class: "field" }, text(f)));
  return h("div", {},
    h("div", { class: "section-text" },
      block.text ? h("div", { class: "text" }, text(block.text)) : null,
      fields.length ? h("div", { class: "fields" }, fields) : null),
    block.accessory ? h("div", { class: "accessory" }, accessory(block.accessory, block, ctx)) : null);
}

const accessory = (element, block, ctx) => (element.type === "image" ? picture(element, "thumb") : interactive(element, block, ctx));

const header = (block) => h("div", { role: "heading", "aria-level": "3" }, text(block.text));

function context(block) {
  return h("div", {}, (block.elements ?? []).map((e) =>
    e.type === "image" ? picture(e, "tiny") : h("span", { class: "context-text" }, text(e))));
}

const actions = (block, ctx) => h("div", {}, (block.elements ?? []).map((e) => interactive(e, block, ctx)));

function image(block) {
  return h("figure", {}, block.title ? h("figcaption", {}, text(block.title)) : null, picture(block, "large"));
}

/** Images of the net are not fetched (the page's policy forbids it): then their alternative text stands for them. */
function picture(source, size) {
  const instead = h("span", { class: `no-image ${size}`, title: source.image_url ?? "" }, source.alt_text || "image");
  if (!source.image_url) return instead;
  return h("img", { class: `picture ${size}`, src: source.image_url, alt: source.alt_text ?? "", onerror: (e) => e.target.replaceWith(instead) });
}

function table(block) {
  const [head, ...rows] = block.rows ?? [];
  const cells = (row, tag) => h("tr", {}, (row ?? []).map((c) => h(tag, {}, cell(c))));
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", {}, h("thead", {}, cells(head, "th")), h("tbody", {}, rows.map((r) => cells(r, "td")))));
}

const cell = (c) => (c.type === "rich_text" ? richText(c) : String(c.text ?? c.value ?? ""));

const alert = (block) => h("div", { role: "note", class: `alert-${block.level ?? "default"}` }, text(block.text));

const container = (block, ctx) => h("div", {},
  block.title ? h("div", { class: "container-title" }, text(block.title)) : null, renderBlocks(block.child_blocks ?? [], ctx));

const unknown = (block) => h("div", { class: "unknown" }, `[${block.type}: not drawn by this client]`);

const BLOCKS = {
  section, header, context, actions, image, table, alert, container,
  divider: () => h("hr", { class: "divider" }),
  input: inputBlock,
  rich_text: (block) => richText(block),
  markdown: (block) => h("div", {}, markdown(block.text)),
};

/** Legacy attachments: a bar of colour beside text or blocks. */
export function attachments(list, ctx) {
  return fragment((list ?? []).map((a) => {
    const node = h("div", { class: "attachment" },
      a.pretext ? h("div", {}, mrkdwn(a.pretext)) : null, a.title ? h("b", {}, mrkdwn(a.title)) : null,
      a.blocks ? renderBlocks(a.blocks, ctx) : h("div", {}, mrkdwn(a.text ?? a.fallback ?? "")));
    if (/^#?[0-9a-f]{6}$/i.test(a.color ?? "")) node.style.borderLeftColor = `#${a.color.replace("#", "")}`;
    return node;
  }));
}
