// A small surface beside its button: menus, pickers, lists. One is open at a time.
import { h } from "./dom.js";

let open = null;

/** Opens `content` at `anchor`. Inside a dialog it must live there: the rest of the page is inert. */
export function openPopover(anchor, content, { onclose, className = "" } = {}) {
  closePopover();
  const surface = h("div", { class: `popover ${className}`, popover: "manual" }, content);
  (anchor.closest("dialog") ?? document.body).append(surface);
  surface.showPopover();
  place(surface, anchor);
  open = { surface, anchor, onclose };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  surface.addEventListener("focusout", left);
  return surface;
}

export function closePopover({ refocus = false } = {}) {
  if (!open) return;
  const { surface, anchor, onclose } = open;
  open = null;
  document.removeEventListener("pointerdown", outside, true);
  document.removeEventListener("keydown", escape, true);
  surface.remove();
  onclose?.();
  if (refocus) anchor.focus();
}

function outside(event) {
  if (!open.surface.contains(event.target) && !open.anchor.contains(event.target)) closePopover();
}

// Taken before the dialog below sees it: Esc closes the innermost thing only.
function escape(event) {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  closePopover({ refocus: true });
}

function left(event) {
  const to = event.relatedTarget;
  if (to && open && !open.surface.contains(to) && to !== open.anchor) closePopover();
}

const GAP = 6;

function place(surface, anchor) {
  const a = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = surface;
  const below = innerHeight - a.bottom >= height + GAP || a.top < height + GAP;
  const top = below ? Math.min(a.bottom + GAP, innerHeight - height - GAP) : a.top - height - GAP;
  surface.style.minWidth = `${Math.min(a.width, innerWidth - 2 * GAP)}px`;
  surface.style.left = `${Math.max(GAP, Math.min(a.left, innerWidth - Math.max(width, a.width) - GAP))}px`;
  surface.style.top = `${Math.max(GAP, top)}px`;
}
