// What one wants to know before writing to somebody: what time it is where they are.
import { person, usergroup } from "./store.js";
import { now, timeOf } from "./time.js";

/** "16:04, Europe/Paris" by the sandbox's clock; empty for apps and for those who have gone, who have no zone. */
export function localTime(p) {
  return p?.tz && !p.is_bot && !p.deleted ? `${timeOf(now(), p.tz)}, ${p.tz}` : "";
}

/** Says it in the node's title, written anew each time the pointer comes: a title from when it was drawn would be late. */
export function tellsTime(node, id) {
  node.addEventListener("pointerenter", () => { node.title = localTime(person(id)); });
  return node;
}

/** For a group: its name and everybody in it with their time. */
export function tellsGroup(node, id) {
  node.addEventListener("pointerenter", () => { node.title = groupText(usergroup(id)); });
  return node;
}

function groupText(group) {
  if (!group) return "";
  const people = group.users.map((id) => [person(id)?.name ?? id, localTime(person(id))].filter(Boolean).join(" · "));
  return [group.disabled ? `${group.name} (not in use)` : group.name, ...people].join("\n");
}
