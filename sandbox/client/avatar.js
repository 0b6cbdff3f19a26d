// A person's mark: initials on a colour of their own; the app has the watch.
import { h, icon } from "./dom.js";
import { botUser, person, personName } from "./store.js";

const HUES = 8;

export function avatar(id, size = "") {
  if (id && id === botUser()) return h("span", { class: `avatar app ${size}`, "aria-hidden": "true" }, icon("watch"));
  return h("span", { class: `avatar hue-${hue(id ?? "")} ${person(id)?.deleted ? "gone" : ""} ${size}`, "aria-hidden": "true" }, initials(personName(id) ?? ""));
}

const initials = (name) => name.replace(/\(.*\)/, "").trim().split(/\s+/).slice(0, 2).map((w) => w[0] ?? "").join("").toUpperCase();

const hue = (id) => [...id].reduce((sum, c) => sum * 7 + c.charCodeAt(0), 3) % HUES;
