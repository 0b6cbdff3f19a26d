// The controls behind Block Kit elements. Each is widget(element, {value, focus, label, change, describedby}) → node;
// node.revert(value), where present, shows a value again without telling anyone.
import { fill, h, icon, uid } from "./dom.js";
import { text } from "./mrkdwn.js";
import { fromLocalField, toLocalField } from "./time.js";
import { openPicker } from "./picker.js";
import { optionsOf } from "./options.js";

export function widget(element, use) {
  return (WIDGETS[element.type] ?? notDrawn)(element, use);
}

const notDrawn = (element) => h("div", { class: "unknown" }, `[${element.type}: not drawn by this client]`);

const WIDGETS = {
  plain_text_input: typed("text"), rich_text_input: typed("text"), email_text_input: typed("email"),
  url_text_input: typed("url"), number_input: typed("text"),
  datepicker: dated("date", (v) => v ?? "", (v) => v || null),
  timepicker: dated("time", (v) => v ?? "", (v) => v || null),
  datetimepicker: dated("datetime-local", (v) => (v ? toLocalField(v) : ""), (v) => (v ? fromLocalField(v) : null)),
  radio_buttons: (element, use) => choices("radio", element, use),
  checkboxes: (element, use) => choices("checkbox", element, use),
};
for (const kind of ["static", "users", "conversations", "channels"]) {
  WIDGETS[`${kind}_select`] = single;
  WIDGETS[`multi_${kind}_select`] = multiple;
}

const naming = (use) => ({ id: use.id, "aria-label": use.id ? null : use.label, "aria-describedby": use.describedby, "data-focus": use.focus });

function typed(type) {
  return (element, use) => {
    const long = element.multiline || element.type === "rich_text_input";
    const common = {
      class: "input", placeholder: element.placeholder?.text, value: use.value ?? "", autocomplete: "off", ...naming(use),
      oninput: (event) => use.change(event.target.value),
      onkeydown: (event) => { if (event.key === "Enter" && !long && use.enter) { event.preventDefault(); use.enter(); } },
    };
    if (long) return h("textarea", { rows: "4", ...common });
    return h("input", { type, inputmode: element.type === "number_input" ? "decimal" : null, ...common });
  };
}

// Typing a date fires a change for every digit of the year: wait until it rests, or the field is left.
const REST_MS = 700;

function dated(type, show, read) {
  return (element, use) => {
    let timer = null;
    const settle = () => {
      clearTimeout(timer);
      const value = read(input.value);
      if (!input.value || Number(input.value.slice(0, 4)) > 1970 || type === "time") use.change(value);
    };
    const wait = () => { clearTimeout(timer); timer = setTimeout(settle, use.direct ? 0 : REST_MS); };
    const input = h("input", { class: "input", type, value: show(use.value), ...naming(use), onchange: wait, onblur: () => timer && settle() });
    input.revert = (value) => { input.value = show(value); };
    return input;
  };
}

function choices(type, element, use) {
  const name = uid("choice");
  const chosen = new Set(type === "radio" ? [use.value] : use.value ?? []);
  const changed = (value, on) => {
    if (type === "radio") return use.change(value);
    if (on) chosen.add(value); else chosen.delete(value);
    return use.change((element.options ?? []).map((o) => o.value).filter((v) => chosen.has(v)));
  };
  const boxes = (element.options ?? []).map((option) => {
    const input = h("input", {
      type, name, value: option.value, checked: chosen.has(option.value), "data-focus": `${use.focus}/${option.value}`,
      onchange: (event) => changed(option.value, event.target.checked),
    });
    return h("label", { class: "choice" }, input, h("span", {}, text(option.text),
      option.description ? h("span", { class: "choice-detail" }, text(option.description)) : null));
  });
  const group = h("div", { class: "choices", role: type === "radio" ? "radiogroup" : "group", "aria-labelledby": use.labelledby, "aria-label": use.labelledby ? null : use.label, "aria-describedby": use.describedby }, boxes);
  group.revert = (value) => {
    const back = new Set([value].flat());
    for (const input of group.querySelectorAll("input")) input.checked = back.has(input.value);
  };
  return group;
}

function selectButton(element, use) {
  const face = h("span", { class: "select-face" });
  return [face, h("button", {
    type: "button", class: "select", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false",
    ...naming(use), "aria-label": use.label,
  }, face, icon("down"))];
}

function single(element, use) {
  let value = use.value;
  const [face, button] = selectButton(element, use);
  const show = () => {
    const option = optionsOf(element).find((o) => o.value === value);
    fill(face, option ? option.label() : element.placeholder?.text ?? "Choose");
    face.classList.toggle("unset", !option);
    button.dataset.value = value ?? "";
  };
  const set = (next) => { value = next; show(); };
  button.addEventListener("click", () => openPicker(button, {
    label: use.label, options: listed(element, use), chosen: new Set([value]),
    pick: (next) => { set(next === "" ? null : next); use.change(value); },
  }));
  button.revert = set;
  show();
  return button;
}

function listed(element, use) {
  const options = optionsOf(element).map((o) => ({ ...o, label: o.label() }));
  return use.clearable ? [{ value: "", label: h("i", {}, "None"), words: "" }, ...options] : options;
}

function multiple(element, use) {
  const chosen = new Set(use.value ?? []);
  const [face, button] = selectButton(element, use);
  const show = () => {
    const options = optionsOf(element).filter((o) => chosen.has(o.value));
    fill(face, options.length ? options.map((o) => h("span", { class: "chip" }, o.label())) : element.placeholder?.text ?? "Choose");
    face.classList.toggle("unset", !options.length);
  };
  const full = () => element.max_selected_items && chosen.size >= element.max_selected_items;
  const toggle = (value) => {
    if (chosen.has(value)) chosen.delete(value);
    else if (!full()) chosen.add(value);
    show();
    use.change([...chosen]);
  };
  button.addEventListener("click", () => openPicker(button, { label: use.label, options: listed(element, {}), chosen, multi: true, pick: toggle }));
  show();
  return button;
}
