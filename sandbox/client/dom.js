// The only door to the DOM: text becomes text nodes, so nothing that a user typed can turn into markup.

const SVG = "http://www.w3.org/2000/svg";

/** h("button", {class: "x", onclick: fn, "aria-label": "…"}, "text", node, [more], null) */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) set(node, key, value);
  node.append(...flat(children));
  return node;
}

function set(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "value") node.value = value;
  else if (key === "checked") node.checked = Boolean(value);
  else node.setAttribute(key === "class" ? "class" : key, value === true ? "" : String(value));
}

export function flat(children) {
  return children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false);
}

export function fragment(...children) {
  const out = document.createDocumentFragment();
  out.append(...flat(children));
  return out;
}

export function fill(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

const ICONS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M3.5 15h16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  down: "M6 9.5l6 6 6-6",
  smile: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M9 10v.5M15 10v.5M8.5 14.2c1.8 2.4 5.2 2.4 7 0",
  reply: "M4 5h16v11H10l-4 4v-4H4z",
  pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v5",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  people: "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11M3.5 19c.4-3.4 2.6-5 5.5-5s5.1 1.6 5.5 5M16 11a2.6 2.6 0 1 0-.6-5.1M16.5 14c2.3.2 3.7 1.6 4 4.5",
  send: "M4 12 20 5l-5 15-3.5-6.500zM11.5 13.5 20 5",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  dots: "M12 6h.01M12 12h.01M12 18h.01",
  bolt: "M13 3 5 13.500h6L10 21l9-11h-6.500z",
  sliders: "M4 7h9M17 7h3M4 17h3M11 17h9M13 4.500v5M8.5 14.500v5",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 3v1.500M12 19.500V21M3 12h1.500M19.5 12H21M5.6 5.600l1.1 1.100M17.3 17.300l1.1 1.100M5.6 18.400l1.1-1.100M17.3 6.700l1.1-1.1",
  moon: "M19.5 14.500A8 8 0 0 1 9.5 4.500a8 8 0 1 0 10 10z",
  watch: "M12 4.500a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M12 8.500V12l2.5 1.7",
  eye: "M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6zM12 9.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.700l-1 1M14 10a4 4 0 0 0-6-.4l-3 3A4 4 0 0 0 10.7 18.300l1-1",
  arrow: "M12 5v13M6 12.500l6 6 6-6",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [k, v] of [["viewBox", "0 0 24 24"], ["class", `icon icon-${name}`], ["aria-hidden", "true"]]) svg.setAttribute(k, v);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A square button that shows only an icon; its label is for screen readers and tests. */
export function iconButton(name, label, onclick, more = {}) {
  return h("button", { type: "button", "aria-label": label, title: label, onclick, ...more, class: `icon-button ${more.class ?? ""}` }, icon(name));
}

let counter = 0;
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/**
 * Makes the children of `parent` those of `items`, keeping every node whose signature did not change,
 * so that focus, open menus and selections survive an unrelated update.
 */
export function reconcile(parent, items) {
  const old = parent.keyed ?? new Map();
  const next = new Map();
  let cursor = parent.firstChild;
  for (const { key, sig, make } of items) {
    const had = old.get(key);
    const node = had && had.sig === sig ? had.node : make();
    next.set(key, { sig, node });
    if (had && had.node !== node) {
      if (cursor === had.node) cursor = cursor.nextSibling;
      swap(had.node, node);
    }
    if (node === cursor) cursor = cursor.nextSibling;
    else if (node.nextSibling !== cursor || node.parentNode !== parent) parent.insertBefore(node, cursor);
  }
  for (const [key, had] of old) if (!next.has(key)) had.node.remove();
  parent.keyed = next;
}

function swap(from, to) {
  const focus = focusMark(from);
  from.replaceWith(to);
  restoreFocus(to, focus);
}

/** What is focused inside `root`, in terms that survive a redraw. */
export function focusMark(root) {
  const active = document.activeElement;
  if (!active || !root.contains(active)) return null;
  const mark = { key: active.closest("[data-focus]")?.dataset.focus ?? null, self: active === root };
  if (typeof active.selectionStart === "number") mark.range = [active.selectionStart, active.selectionEnd];
  return mark;
}

export function restoreFocus(root, mark) {
  if (!mark) return;
  const target = mark.key ? root.querySelector(`[data-focus="${CSS.escape(mark.key)}"]`) : mark.self ? root : null;
  target?.focus({ preventScroll: true });
  if (target && mark.range && target.setSelectionRange) target.setSelectionRange(...mark.range);
}
