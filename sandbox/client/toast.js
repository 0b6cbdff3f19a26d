// Short notices at the foot of the window. Errors stay longer, and none is shown twice at once.
import { h, iconButton } from "./dom.js";

const HOST = h("div", { class: "toasts", role: "status", "aria-live": "polite", popover: "manual" });
const LIFE = { error: 9000, info: 5000 };
const SAME_MOMENT_MS = 300;
let lastAt = 0;

export function toast(text, level = "info") {
  if ([...HOST.children].some((t) => t.dataset.text === text)) return;
  lastAt = Date.now();
  if (!HOST.isConnected) document.body.append(HOST);
  // Re-shown each time so that it lies above a modal that opened meanwhile.
  if (HOST.matches(":popover-open")) HOST.hidePopover();
  HOST.showPopover();
  const node = h("div", { class: `toast ${level}`, "data-text": text, "data-level": level },
    h("span", {}, text), iconButton("close", "Dismiss", () => node.remove()));
  HOST.append(node);
  setTimeout(() => node.remove(), LIFE[level] ?? LIFE.info);
}

/** Says why an act failed, unless the server said it itself at that moment. */
export function complain(answer) {
  const error = answer.hint || answer.error;
  if (!error) return answer;
  const asked = Date.now();
  setTimeout(() => { if (lastAt < asked - SAME_MOMENT_MS) toast(words(answer), "error"); }, 150);
  return answer;
}

const words = (answer) => answer.hint || `That did not work: ${String(answer.error).replaceAll("_", " ")}.`;
