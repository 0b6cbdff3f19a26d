// The `markdown` block: standard Markdown, the common part of it.
import { h } from "./dom.js";
import { emojiNode, linkTo } from "./tokens.js";

export function markdown(text) {
  const out = h("div", { class: "markdown" });
  const rows = String(text ?? "").split("\n");
  while (rows.length) out.append(...next(rows));
  return out;
}

function next(rows) {
  const row = rows[0];
  if (/^\s*```/.test(row)) return [fenced(rows)];
  if (/^#{1,6} /.test(row)) return [heading(rows.shift())];
  if (/^\s*(?:---+|\*\*\*+)\s*$/.test(row)) { rows.shift(); return [h("hr", { class: "divider" })]; }
  if (/^\s*> ?/.test(row)) return [h("blockquote", { class: "quote" }, paragraph(take(rows, /^\s*> ?/)))];
  if (/^\s*[-*+] /.test(row)) return [h("ul", { class: "rich-list" }, take(rows, /^\s*[-*+] /).map((r) => h("li", {}, inline(r))))];
  if (/^\s*\d+[.)] /.test(row)) return [h("ol", { class: "rich-list" }, take(rows, /^\s*\d+[.)] /).map((r) => h("li", {}, inline(r))))];
  if (/^\s*$/.test(row)) { rows.shift(); return []; }
  return [h("p", {}, paragraph(plainRows(rows)))];
}

function fenced(rows) {
  rows.shift();
  const inside = [];
  while (rows.length && !/^\s*```/.test(rows[0])) inside.push(rows.shift());
  rows.shift();
  return h("pre", { class: "pre" }, inside.join("\n"));
}

function heading(row) {
  const [, marks, text] = row.match(/^(#{1,6}) (.*)$/);
  return h("div", { class: `md-heading md-h${marks.length}`, role: "heading", "aria-level": Math.min(6, marks.length + 2) }, inline(text));
}

function take(rows, start) {
  const out = [];
  while (rows.length && start.test(rows[0])) out.push(rows.shift().replace(start, ""));
  return out;
}

function plainRows(rows) {
  const out = [rows.shift()];
  while (rows.length && !/^\s*(?:$|```|#{1,6} |> ?|[-*+] |\d+[.)] )/.test(rows[0])) out.push(rows.shift());
  return out;
}

const paragraph = (rows) => rows.flatMap((row, i) => (i ? [h("br"), ...inline(row)] : inline(row)));

const PIECES = /(`[^`]+`)|\[([^\]]+)\]\(([^)\s]+)\)|(\*\*|__)(.+?)\4|(\*|_)(?=\S)(.+?)\6|~~(.+?)~~|:([a-z0-9_+-]+):|(https?:\/\/[^\s<>)]+)/g;

function inline(text) {
  const out = [];
  let rest = 0;
  for (const found of text.matchAll(PIECES)) {
    out.push(text.slice(rest, found.index), piece(found));
    rest = found.index + found[0].length;
  }
  return [...out, text.slice(rest)];
}

function piece([, code, label, href, , bold, , italic, strike, emoji, url]) {
  if (code) return h("code", { class: "code" }, code.slice(1, -1));
  if (href) return linkTo(href, inline(label));
  if (bold) return h("b", {}, inline(bold));
  if (italic) return h("i", {}, inline(italic));
  if (strike) return h("s", {}, inline(strike));
  if (emoji) return emojiNode(emoji);
  return linkTo(url, url);
}
