// Shortcuts of the app: global ones beside every composer, and those of a message in its menu.
import { openPicker } from "./picker.js";
import { act } from "./server.js";
import { botUser, personName, shortcuts } from "./store.js";
import { complain } from "./toast.js";

export const runGlobal = (callbackId) => act("shortcut", { callback_id: callbackId }).then(complain);

const optionsOf = (kind) => shortcuts(kind).map((s) => ({ value: s.callback_id, label: s.name, words: `${s.name} ${s.description}`, detail: personName(botUser()) }));

export function openGlobal(anchor) {
  openPicker(anchor, { label: "Shortcuts", options: optionsOf("global"), pick: runGlobal });
}

export function openForMessage(anchor, channel, ts) {
  const pick = (callbackId) => act("message_shortcut", { channel, ts, callback_id: callbackId }).then(complain);
  openPicker(anchor, { label: "Message shortcuts", options: optionsOf("message"), pick });
}
