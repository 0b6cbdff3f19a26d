// What the elements of a view hold: their initial values, and the checks that Slack makes before it submits.

const INITIAL = {
  static_select: (e) => e.initial_option?.value, external_select: (e) => e.initial_option?.value,
  radio_buttons: (e) => e.initial_option?.value,
  multi_static_select: (e) => options(e), multi_external_select: (e) => options(e), checkboxes: (e) => options(e),
  users_select: (e) => e.initial_user, multi_users_select: (e) => e.initial_users ?? [],
  conversations_select: (e) => e.initial_conversation, multi_conversations_select: (e) => e.initial_conversations ?? [],
  channels_select: (e) => e.initial_channel, multi_channels_select: (e) => e.initial_channels ?? [],
  datepicker: (e) => e.initial_date, timepicker: (e) => e.initial_time, datetimepicker: (e) => e.initial_date_time,
};

const options = (e) => (e.initial_options ?? []).map((o) => o.value);

export const valueOf = (element) => (INITIAL[element.type] ?? ((e) => (typeof e.initial_value === "object" ? null : e.initial_value)))(element) ?? null;

const isEmpty = (value) => value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);

const inputs = (view) => (view.blocks ?? []).filter((b) => b.type === "input");
const keyOf = (block) => `${block.block_id}/${block.element.action_id}`;

const held = (values, block) => (values.has(keyOf(block)) ? values.get(keyOf(block)) : valueOf(block.element));

/** {block_id: {action_id: value}} of all input blocks, as the `submit` act takes them. */
export function collect(view, values) {
  const out = {};
  for (const block of inputs(view)) {
    const value = held(values, block);
    out[block.block_id] = { [block.element.action_id]: isEmpty(value) && !Array.isArray(value) ? null : value };
  }
  return out;
}

/** {block_id: text} of what Slack itself would refuse, before the app hears of it. */
export function check(view, values) {
  const errors = {};
  for (const block of inputs(view)) {
    const problem = wrong(block, held(values, block));
    if (problem) errors[block.block_id] = problem;
  }
  return errors;
}

function wrong(block, value) {
  if (isEmpty(value)) return block.optional ? null : "Please complete this required field.";
  return (CHECKS[block.element.type] ?? (() => null))(block.element, value);
}

const CHECKS = {
  plain_text_input: (e, v) => length(e, v),
  number_input: number,
  email_text_input: (_, v) => (/^\S+@\S+\.\S+$/.test(v) ? null : "Enter a valid email address."),
  url_text_input: (_, v) => (URL.canParse(v) ? null : "Enter a valid URL."),
};

function length(e, v) {
  const size = [...v].length;
  if (e.min_length && size < e.min_length) return `Use at least ${e.min_length} characters.`;
  if (e.max_length && size > e.max_length) return `Use at most ${e.max_length} characters (now ${size}).`;
  return null;
}

function number(e, v) {
  if (!/^[+-]?\d+(\.\d+)?$/.test(v.trim())) return "Enter a number.";
  if (!e.is_decimal_allowed && v.includes(".")) return "Enter a whole number.";
  if (e.min_value !== undefined && Number(v) < Number(e.min_value)) return `Enter ${e.min_value} or more.`;
  if (e.max_value !== undefined && Number(v) > Number(e.max_value)) return `Enter ${e.max_value} or less.`;
  return null;
}
