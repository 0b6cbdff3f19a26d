// The live connection: one WebSocket per person, opened again with growing pauses when it is lost.
import { store } from "./store.js";

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 5000;
let socket = null;
let pause = FIRST_PAUSE;
let timer = null;

export function connect() {
  clearTimeout(timer);
  const before = socket;
  const url = new URL("/ui/live", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("as", store.as);
  const mine = new WebSocket(url);
  socket = mine;
  before?.close();
  mine.addEventListener("open", () => opened(mine));
  mine.addEventListener("message", (event) => received(mine, event));
  mine.addEventListener("close", () => closed(mine));
}

function opened(mine) {
  if (mine !== socket) return;
  pause = FIRST_PAUSE;
  store.beginSnapshot();
  store.setConnected(true);
}

// A socket that was replaced may still deliver: its frames belong to somebody else's view.
function received(mine, event) {
  if (mine === socket) store.apply(JSON.parse(event.data));
}

/** A refused connection does not say why; the same door by HTTP does. */
async function unknownPerson() {
  try {
    const answer = await fetch(`/ui/snapshot?as=${encodeURIComponent(store.as)}`);
    return answer.status >= 400 && answer.status < 500;
  } catch {
    return false;
  }
}

async function closed(mine) {
  if (mine !== socket) return;
  if (!store.state.connected && await unknownPerson()) { store.nobody(); return; }
  store.setConnected(false);
  timer = setTimeout(connect, pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE);
}
