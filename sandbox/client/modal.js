// The modal stack: only its top view shows. What is typed is kept per view, so an update does not lose it.
import { renderBlocks } from "./blocks.js";
import { fill, focusMark, h, iconButton, restoreFocus } from "./dom.js";
import { plainText } from "./mrkdwn.js";
import { act } from "./server.js";
import { store } from "./store.js";
import { complain, toast } from "./toast.js";
import { check, collect } from "./values.js";

const drafts = new Map();
let dialog = null;
let shown = null; // {id, sig, errors, busy}

export function showModals() {
  const { stack, errors } = store.state;
  const top = stack.at(-1);
  for (const id of drafts.keys()) if (!stack.some((v) => v.id === id)) drafts.delete(id);
  if (!top) return hide();
  const sig = signature(top, errors);
  if (shown?.sig === sig) return undefined;
  const fresh = shown?.id !== top.id;
  shown = { id: top.id, sig, busy: false };
  return draw(top, errors, fresh);
}

// Without what was typed: that is in the draft, and drawing again for it would close an open menu.
const signature = (view, errors) => JSON.stringify([{ ...view, state: null, hash: null }, errors, store.state.stack.length]);

function hide() {
  shown = null;
  dialog?.remove();
  if (dialog) dialog.returnTo?.isConnected && dialog.returnTo.focus();
  dialog = null;
}

function draft(id) {
  if (!drafts.has(id)) drafts.set(id, new Map());
  return drafts.get(id);
}

function ensureDialog() {
  if (dialog) return dialog;
  const returnTo = document.activeElement;
  dialog = h("dialog", { class: "dialog modal", "aria-labelledby": "modal-title", oncancel: (e) => { e.preventDefault(); leave(false); } });
  dialog.returnTo = returnTo;
  // The browser itself closes a dialog on a second Esc; here only the server's word closes it.
  dialog.addEventListener("keydown", onKey);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function onKey(event) {
  if (event.key === "Escape") { event.preventDefault(); leave(false); }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); submit(); }
}

function draw(view, errors, fresh) {
  const host = ensureDialog();
  const mark = fresh ? null : focusMark(host);
  const scroll = host.querySelector(".modal-body")?.scrollTop ?? 0;
  host.dataset.viewId = view.id;
  host.dataset.callbackId = view.callback_id ?? "";
  const values = draft(view.id);
  const body = renderBlocks(view.blocks ?? [], { where: { view_id: view.id }, values, errors, typed: () => collect(view, values) });
  fill(host, h("form", { class: "dialog-form", novalidate: true, onsubmit: (e) => { e.preventDefault(); submit(); } },
    h("header", { class: "dialog-head" }, h("h2", { id: "modal-title" }, plainText(view.title?.text ?? "")), iconButton("close", "Close", () => leave(true))),
    h("div", { class: "modal-body" }, body), foot(view)));
  if (!fresh) host.querySelector(".modal-body").scrollTop = scroll;
  focusIn(host, view, errors, fresh, mark);
}

function foot(view) {
  return h("footer", { class: "dialog-foot" },
    h("span", { class: "modal-busy", "aria-live": "polite" }),
    h("button", { type: "button", class: "button", onclick: () => leave(false) }, plainText(view.close?.text ?? (view.submit ? "Cancel" : "Close"))),
    view.submit || view.blocks?.some((b) => b.type === "input") ? h("button", { type: "submit", class: "button primary" }, plainText(view.submit?.text ?? "Submit")) : null);
}

const FIELDS = "input, textarea, [role=combobox]";

function focusIn(host, view, errors, fresh, mark) {
  const wrong = host.querySelector(".has-error");
  const wanted = view.blocks?.find((b) => b.element?.focus_on_load);
  const first = wrong ?? (wanted && host.querySelector(`[data-block-id="${CSS.escape(wanted.block_id)}"]`)) ?? host.querySelector(".modal-body");
  if (mark && !wrong) return restoreFocus(host, mark);
  if (!fresh && !wrong) return undefined;
  return (first.querySelector(FIELDS) ?? host.querySelector(".dialog-foot .button:last-child")).focus();
}

function showErrors(errors) {
  const view = store.state.stack.at(-1);
  store.state.errors = errors;
  if (view) { shown = { ...shown, sig: signature(view, errors) }; draw(view, errors, false); }
}

async function submit() {
  const view = store.state.stack.at(-1);
  if (!view || shown.busy) return;
  const values = draft(view.id);
  const problems = check(view, values);
  if (Object.keys(problems).length) { showErrors(problems); return; }
  busy(true);
  const answer = await act("submit", { view_id: view.id, values: collect(view, values) });
  busy(false);
  if (answer.errors && Object.keys(answer.errors).length) showErrors(answer.errors);
  else complain(answer);
}

function busy(on) {
  if (!shown || !dialog) return;
  shown.busy = on;
  const button = dialog.querySelector("[type=submit]");
  if (button) button.ariaBusy = on ? "true" : null;
}

async function leave(all) {
  const view = store.state.stack.at(-1);
  if (!view) return;
  const answer = await act("close", { view_id: view.id, ...(all ? { all: true } : {}) });
  if (answer.ok) return;
  // With the server gone nobody would ever close it.
  toast(answer.hint ?? "The window was closed, but the sandbox did not hear of it.", "error");
  store.apply({ kind: "view", stack: [] });
}
