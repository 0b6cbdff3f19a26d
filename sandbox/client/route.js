// Where the reader is. The person is in the query (?as=ada) and the place in the hash, so a reload keeps both:
//   #C0GENERAL or #general · #C0GENERAL/thread/<ts> · #C0GENERAL/message/<ts> · #app/home · #app/messages
import { channels, channel, store } from "./store.js";

export function person() {
  return new URLSearchParams(location.search).get("as") || "ada";
}

export function place() {
  const [head, what, ts] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (head === "app") return { app: what === "messages" ? "messages" : "home" };
  const found = channel(head) ?? channels().find((c) => !c.is_im && c.name === head.replace(/^#/, ""));
  if (!found) return { channel: fallback()?.id ?? null };
  return { channel: found.id, thread: what === "thread" ? ts : null, message: what === "message" ? ts : null };
}

function fallback() {
  const mine = channels().filter((c) => c.is_member && !c.is_im && !c.is_archived);
  return mine.find((c) => c.name === "general") ?? mine[0] ?? channels()[0];
}

export function goTo(hash) {
  location.hash = hash;
}

export const openThread = (channelId, ts) => goTo(`${channelId}/thread/${ts}`);

export function becomePerson(handle) {
  const url = new URL(location.href);
  url.searchParams.set("as", handle);
  history.pushState(null, "", url);
  store.reset(handle);
}

/** Slack's own permalinks, which bots post, open here instead of on the net. */
export function insidePlace(url) {
  const domain = store.state.workspace?.team?.domain;
  if (url.hostname !== `${domain}.slack.com` && url.hostname !== "slack.com") return null;
  const found = url.pathname.match(/^\/archives\/([A-Z0-9]+)(?:\/p(\d+)(\d{6}))?\/?$/);
  if (!found || !channel(found[1])) return null;
  const thread = url.searchParams.get("thread_ts");
  if (thread) return `${found[1]}/thread/${thread}`;
  return found[2] ? `${found[1]}/message/${found[2]}.${found[3]}` : found[1];
}
