// A list to choose from, with a filter when it is long: the one widget behind every Block Kit menu.
import { fill, h, uid } from "./dom.js";
import { closePopover, openPopover } from "./popover.js";

const FILTER_FROM = 6;

/**
 * options: [{value, label (node or text), words (text to filter by), detail?, group?}]
 * pick(value) is called once; with `multi` the list stays open and `chosen` is a Set that pick toggles.
 */
export function openPicker(anchor, { label, options, chosen = new Set(), multi = false, pick }) {
  const list = h("div", { role: "listbox", id: uid("list"), class: "listbox", "aria-label": label, "aria-multiselectable": multi || null });
  const filter = h("input", {
    type: "text", class: "picker-filter", role: "combobox", "aria-expanded": "true", "aria-controls": list.id,
    "aria-label": `Search ${label}`, "aria-autocomplete": "list", placeholder: "Search", autocomplete: "off",
  });
  const long = options.length >= FILTER_FROM;
  const picker = { options, chosen, multi, pick, list, filter, shown: [], at: 0 };
  draw(picker, true); // before it opens: where it fits is measured then
  const surface = openPopover(anchor, [long ? filter : null, list], { className: "picker", onclose: () => anchor.setAttribute("aria-expanded", "false") });
  anchor.setAttribute("aria-expanded", "true");
  filter.addEventListener("input", () => { picker.at = 0; draw(picker); });
  surface.addEventListener("keydown", (event) => keys(picker, event));
  if (!long) list.tabIndex = 0;
  point(picker);
  (long ? filter : list).focus();
}

function draw(picker, first = false) {
  const wanted = picker.filter.value.trim().toLowerCase();
  picker.shown = picker.options.filter((o) => o.words.toLowerCase().includes(wanted));
  if (first) picker.at = Math.max(0, picker.shown.findIndex((o) => picker.chosen.has(o.value)));
  let group = null;
  const rows = picker.shown.flatMap((option, i) => {
    const head = option.group && option.group !== group ? [h("div", { class: "list-group", role: "presentation" }, option.group)] : [];
    group = option.group;
    return [...head, row(picker, option, i)];
  });
  fill(picker.list, rows.length ? rows : h("div", { class: "list-empty" }, "Nothing found"));
  point(picker);
}

function row(picker, option, i) {
  const selected = picker.chosen.has(option.value);
  return h("div", {
    role: "option", id: uid("option"), class: "option", "aria-selected": selected ? "true" : "false", "data-value": option.value,
    onmousedown: (e) => e.preventDefault(), // the focus stays in the filter: leaving it would close the list
    onclick: () => take(picker, i), onpointermove: () => { picker.at = i; point(picker, false); },
  }, h("span", { class: "option-label" }, option.label), option.detail ? h("span", { class: "option-detail" }, option.detail) : null);
}

function point(picker, scroll = true) {
  const rows = [...picker.list.querySelectorAll("[role=option]")];
  rows.forEach((node, i) => node.classList.toggle("at", i === picker.at));
  const current = rows[picker.at];
  for (const owner of [picker.filter, picker.list]) {
    if (current) owner.setAttribute("aria-activedescendant", current.id);
    else owner.removeAttribute("aria-activedescendant");
  }
  if (scroll) current?.scrollIntoView({ block: "nearest" });
}

function take(picker, i) {
  const option = picker.shown[i];
  if (!option) return;
  if (!picker.multi) closePopover({ refocus: true });
  picker.pick(option.value);
  if (picker.multi) draw(picker);
}

const MOVES = { ArrowDown: (at, n) => (at + 1) % n, ArrowUp: (at, n) => (at + n - 1) % n, Home: () => 0, End: (_, n) => n - 1 };

function keys(picker, event) {
  if (event.key === "Tab") { closePopover({ refocus: true }); return; }
  if (event.key === "Enter" || (event.key === " " && document.activeElement === picker.list)) {
    event.preventDefault();
    event.stopPropagation(); // the form below must not take it for its own Enter
    take(picker, picker.at);
    return;
  }
  const move = MOVES[event.key];
  if (!move || !picker.shown.length) return;
  event.preventDefault();
  picker.at = move(picker.at, picker.shown.length);
  point(picker);
}
