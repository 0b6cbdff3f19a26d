// Dark and light: the system's wish, until the reader chooses.
import { fill, icon, iconButton } from "./dom.js";

const KEY = "watchbill-theme";
const wish = matchMedia("(prefers-color-scheme: dark)");

export function themeButton() {
  const button = iconButton("moon", "Dark theme", () => { keep(isDark() ? "light" : "dark"); paint(button); });
  wish.addEventListener("change", () => paint(button));
  paint(button);
  return button;
}

const chosen = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
const isDark = () => (chosen() ?? (wish.matches ? "dark" : "light")) === "dark";

function keep(theme) {
  try { localStorage.setItem(KEY, theme); } catch { /* private windows may refuse; then it lasts until the reload */ }
}

function paint(button) {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  const label = isDark() ? "Light theme" : "Dark theme";
  button.setAttribute("aria-label", label);
  button.title = label;
  fill(button, icon(isDark() ? "sun" : "moon"));
}
