// Questions of the client's own and of `confirm` objects: a native modal dialog, so that the browser keeps the focus in.
import { h, iconButton, uid } from "./dom.js";

/** Shows a dialog; resolves with the form's values when accepted, null when not. */
export function ask({ title, body, accept = "OK", deny = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const dialog = openDialog(title, [
      h("div", { class: "dialog-body" }, body),
      h("div", { class: "dialog-foot" },
        deny ? h("button", { type: "button", class: "button", onclick: () => dialog.close() }, deny) : null,
        h("button", { type: "submit", class: `button ${danger ? "danger" : "primary"}` }, accept)),
    ], { onclose: () => resolve(null) });
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      resolve(Object.fromEntries(new FormData(event.target)));
      dialog.close();
    });
    (dialog.querySelector("input, textarea") ?? dialog.querySelector("[type=submit]")).focus();
  });
}

export function openDialog(title, content, { onclose, className = "" } = {}) {
  const id = uid("dialog");
  const form = h("form", { class: "dialog-form" },
    h("header", { class: "dialog-head" }, h("h2", { id }, title), iconButton("close", "Close", () => dialog.close())), content);
  const dialog = h("dialog", { class: `dialog ${className}`, "aria-labelledby": id, onclose: () => { dialog.remove(); onclose?.(); } }, form);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
