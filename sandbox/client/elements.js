// Elements outside input blocks: using one sends a `click` at once, after its confirm dialog if it has one.
import { ask } from "./dialog.js";
import { h, icon } from "./dom.js";
import { plainText, text } from "./mrkdwn.js";
import { openPicker } from "./picker.js";
import { act } from "./server.js";
import { complain } from "./toast.js";
import { safeUrl } from "./tokens.js";
import { valueOf } from "./values.js";
import { widget } from "./widgets.js";

export function interactive(element, block, ctx) {
  if (element.type === "button") return button(element, block, ctx);
  if (element.type === "overflow") return overflow(element, block, ctx);
  return field(element, block, ctx);
}

const marks = (element, block) => ({ "data-action-id": element.action_id, "data-focus": `${block.block_id}/${element.action_id}` });

function button(element, block, ctx) {
  return h("button", {
    type: "button", class: `button ${element.style ?? ""}`, "data-value": element.value,
    "aria-label": element.accessibility_label, ...marks(element, block),
    onclick: (event) => press(event.currentTarget, element, block, ctx),
  }, text(element.text), element.url ? icon("link") : null);
}

async function press(node, element, block, ctx) {
  const url = element.url && safeUrl(element.url);
  if (url && !element.confirm) window.open(url.href, "_blank", "noopener"); // at once, or the browser takes it for a pop-up
  if (!(await send(node, element, block, ctx))) return;
  if (url && element.confirm) window.open(url.href, "_blank", "noopener");
}

function overflow(element, block, ctx) {
  return h("button", {
    type: "button", class: "icon-button overflow", "aria-label": "More actions", "aria-haspopup": "listbox", ...marks(element, block),
    onclick: (event) => overflowMenu(event.currentTarget, element, block, ctx),
  }, icon("more"));
}

function overflowMenu(node, element, block, ctx) {
  const options = (element.options ?? []).map((o) => ({
    value: o.value, label: plainText(o.text.text), words: o.text.text, detail: o.description && plainText(o.description.text),
  }));
  const pick = async (value) => {
    const url = safeUrl(element.options.find((o) => o.value === value)?.url ?? "");
    if (url) window.open(url.href, "_blank", "noopener");
    await send(node, element, block, ctx, value);
  };
  openPicker(node, { label: "More actions", options, pick });
}

/** Menus, dates, radio buttons and the like: their widget, wired to send what was chosen. */
function field(element, block, ctx) {
  const key = `${block.block_id}/${element.action_id}`;
  const before = ctx.values.get(key) ?? valueOf(element);
  let latest = before;
  const node = widget(element, {
    value: before, focus: key, label: element.placeholder?.text ?? element.action_id,
    change: async (value) => {
      if (JSON.stringify(value) === JSON.stringify(latest)) return;
      const previous = latest;
      latest = value;
      ctx.values.set(key, value);
      if (!(await send(node, element, block, ctx, value))) { latest = previous; node.revert?.(previous); }
    },
  });
  node.dataset.actionId = element.action_id;
  return node;
}

/** True when it was sent and Slack had its ack. `values` lets the server put what is typed so far into the state. */
export async function send(node, element, block, ctx, selected) {
  if (node.ariaBusy === "true" || !(await confirmed(element.confirm))) return false;
  node.ariaBusy = "true";
  const typed = ctx.typed();
  const extra = Object.keys(typed).length ? { values: typed } : {};
  const answer = await act("click", { ...ctx.where, block_id: block.block_id, action_id: element.action_id, ...(selected === undefined ? {} : { selected }), ...extra });
  node.ariaBusy = null;
  complain(answer);
  return answer.ok && !answer.error;
}

async function confirmed(confirm) {
  if (!confirm) return true;
  return await ask({
    title: confirm.title?.text ?? "Are you sure?", body: h("div", {}, text(confirm.text)),
    accept: confirm.confirm?.text ?? "Yes", deny: confirm.deny?.text ?? "Cancel", danger: confirm.style === "danger",
  }) !== null;
}
