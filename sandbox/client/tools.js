// The tools of a message: made when it is pointed at or focused, so that a long channel stays light to tab through.
import { h, iconButton } from "./dom.js";
import { COMMON, emojiOrText } from "./emoji.js";
import { ask } from "./dialog.js";
import { closePopover, openPopover } from "./popover.js";
import { openThread } from "./route.js";
import { act } from "./server.js";
import { openForMessage } from "./shortcuts.js";
import { me, shortcuts } from "./store.js";
import { complain } from "./toast.js";

export const react = (channel, ts, name) => act("react", { channel, ts, name }).then(complain);

export function tools(node, m, options) {
  if (m.ephemeral || options.readOnly) return;
  const show = () => { if (!node.querySelector(":scope > .tools")) node.append(bar(m, options)); };
  const hide = () => {
    const own = node.querySelector(":scope > .tools");
    const busy = own?.querySelector("[aria-expanded=true]") || node.matches(":hover") || own?.contains(document.activeElement) || node === document.activeElement;
    if (own && !busy) own.remove();
  };
  node.addEventListener("pointerenter", show);
  node.addEventListener("focusin", show);
  node.addEventListener("pointerleave", () => setTimeout(hide, 60));
  node.addEventListener("focusout", () => setTimeout(hide, 60));
}

function bar(m, { channel, pins = [], thread }) {
  const pinned = pins.includes(m.ts);
  const inThread = m.thread_ts && m.thread_ts !== m.ts;
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" },
    iconButton("smile", "Add reaction", (e) => pickReaction(e.currentTarget, channel, m.ts), { "aria-haspopup": "true", "aria-expanded": "false" }),
    thread ? null : iconButton("reply", "Reply in thread", () => openThread(channel, inThread ? m.thread_ts : m.ts)),
    iconButton("pin", pinned ? "Unpin" : "Pin to channel", () => act(pinned ? "unpin" : "pin", { channel, ts: m.ts }).then(complain)),
    m.user === me()?.id ? iconButton("trash", "Delete message", () => remove(channel, m)) : null,
    shortcuts("message").length ? iconButton("dots", "More actions", (e) => openForMessage(e.currentTarget, channel, m.ts), { "aria-haspopup": "listbox", "aria-expanded": "false" }) : null);
}

function pickReaction(anchor, channel, ts) {
  const choose = (name) => { closePopover(); react(channel, ts, name); };
  const buttons = COMMON.map((name) => h("button", {
    type: "button", class: "emoji-button", "aria-label": name.replaceAll("_", " "), title: `:${name}:`, "data-reaction": name, onclick: () => choose(name),
  }, emojiOrText(name)));
  anchor.setAttribute("aria-expanded", "true");
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Reactions", onkeydown: (e) => arrows(e, buttons) }, buttons);
  openPopover(anchor, grid, { onclose: () => anchor.setAttribute("aria-expanded", "false") });
  buttons[0].focus();
}

function arrows(event, buttons) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 6, ArrowUp: -6 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length].focus();
}

async function remove(channel, m) {
  const sure = await ask({ title: "Delete message", body: "It is removed for everyone.", accept: "Delete", danger: true });
  if (sure) complain(await act("delete", { channel, ts: m.ts }));
}
