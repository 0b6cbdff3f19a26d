// Input blocks: a label, an element whose value is kept until submit, a hint, an error.
import { h, uid } from "./dom.js";
import { text } from "./mrkdwn.js";
import { send } from "./elements.js";
import { valueOf } from "./values.js";
import { widget } from "./widgets.js";

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

export function inputBlock(block, ctx) {
  const { element } = block;
  const key = `${block.block_id}/${element.action_id}`;
  const ids = { field: uid("field"), label: uid("label"), note: uid("note") };
  const error = ctx.errors?.[block.block_id];
  const control = widget(element, {
    ...use(block, ctx, key), id: ids.field, labelledby: ids.label, describedby: ids.note,
    value: ctx.values.has(key) ? ctx.values.get(key) : valueOf(element),
  });
  control.dataset.actionId = element.action_id;
  if (error) control.setAttribute("aria-invalid", "true");
  return h("div", { class: error ? "has-error" : "" },
    h("label", { id: ids.label, class: "input-label", for: GROUPS.has(element.type) ? null : ids.field },
      text(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null),
    control,
    h("div", { id: ids.note, class: "input-note" },
      error ? h("div", { class: "input-error", role: "alert", "data-error-for": block.block_id }, error) : null,
      block.hint ? h("div", { class: "hint" }, text(block.hint)) : null));
}

/** Keeps what is typed; with dispatch_action it is sent as well: menus at once, text when Enter is pressed. */
function use(block, ctx, key) {
  const { element } = block;
  const dispatch = block.dispatch_action === true;
  const asText = /(_input)$/.test(element.type);
  const tell = () => send({}, element, block, ctx, ctx.values.get(key) ?? "");
  return {
    focus: key, label: block.label?.text ?? element.action_id, clearable: block.optional === true && /_select$/.test(element.type), direct: !dispatch,
    change: (value) => {
      ctx.values.set(key, value);
      if (dispatch && !asText) tell();
    },
    enter: dispatch && asText ? tell : null,
  };
}
