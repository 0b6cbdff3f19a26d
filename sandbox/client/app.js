// Puts the page together: the store's changes and the address decide what shows.
import { Conversation } from "./conversation.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { appTabs, Home } from "./home.js";
import { connect } from "./live.js";
import { showModals } from "./modal.js";
import { wordsOf } from "./mrkdwn.js";
import { Panel } from "./panel.js";
import { becomePerson, person as personInUrl, place } from "./route.js";
import { act, control } from "./server.js";
import { Sidebar } from "./sidebar.js";
import { botDm, channel, channelName, channels, me, personName, store } from "./store.js";
import { now, setClock, slackDate, zoneName } from "./time.js";
import { themeButton } from "./theme.js";
import { complain, toast } from "./toast.js";
import { refreshAgo } from "./tokens.js";

const PANEL_KEY = "watchbill-panel";

const sidebar = new Sidebar();
const conversation = new Conversation();
const home = new Home();
const panel = new Panel(() => showPanel(false));
const live = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite", "aria-label": "New messages" });
const offline = h("div", { class: "offline", role: "status", hidden: true }, "The sandbox is not reachable. Trying again…");
const panelButton = h("button", { type: "button", class: "panel-button", "aria-controls": "panel", "aria-expanded": "false", onclick: () => showPanel(!document.body.classList.contains("panel-open")) },
  icon("sliders"), h("span", {}, "Sandbox"), h("span", { class: "bot-dot" }));
const main = h("main", { class: "main", id: "main" }, conversation.node, home.node);

let at = {};
let entered = ""; // the app tab the app was last told of
let sinceReady = false;

function build() {
  document.getElementById("app").append(
    h("a", { class: "skip", href: "#main", onclick: (e) => { e.preventDefault(); conversation.composer.focus(); } }, "Skip to the message box"),
    h("div", { class: "topbar" },
      iconButton("menu", "Channels", openDrawer, { class: "drawer-button", "aria-controls": "sidebar" }),
      h("span", { class: "wordmark" }, "Watchbill sandbox"), h("span", { class: "grow" }), h("span", { class: "topbar-clock", title: "The sandbox clock" }), themeButton(), panelButton),
    h("div", { class: "shell" }, sidebar.node, h("div", { class: "scrim", onclick: closeSheets }), main, panel.node), offline, live);
}

function openDrawer() {
  if (document.body.classList.toggle("drawer-open")) sidebar.node.querySelector(".who").focus();
}

function closeSheets() {
  document.body.classList.remove("drawer-open");
  if (innerWidth < 1000) showPanel(false);
}

// Frames come in bursts; one drawing per burst. Not requestAnimationFrame: a hidden tab must keep its title current.
let pending = null;
function soon() {
  pending ??= setTimeout(() => { pending = null; render(); }, 12);
}

function render() {
  if (!store.state.ready) return;
  at = place();
  const dm = botDm();
  if (at.app === "messages" && dm) at = { ...at, channel: dm.id };
  if (at.channel && at.channel === dm?.id && !at.app) at = { ...at, app: "messages" };
  enter();
  sidebar.show(at);
  const isHome = at.app === "home";
  home.node.hidden = !isHome;
  conversation.node.hidden = isHome;
  if (isHome) home.show();
  else conversation.show(at, at.app ? appTabs("messages") : null);
  showModals();
  title();
  markRead();
  document.body.dataset.ready = "true";
}

/** Coming to a tab of the app is an event for it; its DM is made when first wanted. */
function enter() {
  const key = at.app ? `${store.as} ${at.app}` : "";
  if (key === entered) return;
  entered = key;
  if (!at.app) return;
  Home.entered(at.app);
  if (at.app === "messages" && !botDm()) act("open_dm", { user: "watchbill" }).then(complain);
}

function title() {
  const here = channel(at.channel);
  const name = at.app ? "Watchbill" : here ? (here.is_im ? "" : "#") + channelName(here) : "";
  const count = channels().reduce((sum, c) => sum + (c.is_im ? c.unread ?? 0 : c.mentions ?? 0), 0);
  document.title = `${count ? `(${count}) ` : ""}${name} · Watchbill sandbox`;
}

let reading = "";
function markRead() {
  const c = channel(at.channel);
  if (at.app === "home" || !c?.unread || !c.is_member || document.hidden) return;
  const key = `${store.as} ${c.id} ${c.unread}`;
  if (key === reading) return;
  reading = key;
  act("read", { channel: c.id }).finally(() => { if (reading === key) reading = ""; });
}

function announce({ channel: id, message: m }) {
  if (!sinceReady || id !== at.channel || m.user === me()?.id || m.edited || known(m)) return;
  fill(live, `${personName(m.user)}: ${wordsOf(m.text)}`);
}

// An update of a message that was read out before is not news.
const spoken = new Set();
function known(m) {
  const had = spoken.has(m.ts);
  spoken.add(m.ts);
  return had;
}

function showPanel(open) {
  document.body.classList.toggle("panel-open", open);
  panelButton.setAttribute("aria-expanded", open ? "true" : "false");
  panel.node.inert = !open;
  try { localStorage.setItem(PANEL_KEY, open ? "open" : "closed"); } catch { /* only a convenience */ }
  if (open) { panel.show(); panel.log.show(); }
}

function panelWasOpen() {
  try { return localStorage.getItem(PANEL_KEY) === "open" && innerWidth >= 1000; } catch { return false; }
}

function bot() {
  const state = store.state.workspace?.bot?.state ?? "stopped";
  panelButton.dataset.bot = state;
  panelButton.setAttribute("aria-label", `Sandbox controls, the bot is ${state}`);
}

let logPending = null;
function logSoon() {
  logPending ??= setTimeout(() => { logPending = null; if (document.body.classList.contains("panel-open")) panel.log.show(); }, 60);
}

async function loadLog() {
  const answer = await control("GET", "log?since=0");
  if (answer.entries) store.addLog(answer.entries);
}

function subscribe() {
  store.on(["workspace"], () => { setClock(store.state.workspace.clock); bot(); panel.show(); tick(); refreshAgo(); });
  store.on(["workspace", "person", "usergroup", "channel", "message", "message_deleted", "view", "home", "ready"], soon);
  store.on(["message"], announce);
  store.on(["ready"], () => { sinceReady = true; loadLog(); tick(); });
  store.on(["toast"], (f) => toast(f.text, f.level));
  store.on(["log"], logSoon);
  store.on(["connection"], () => { offline.hidden = store.state.connected; if (store.state.connected) sinceReady = false; });
  store.on(["reset"], () => { sinceReady = false; spoken.clear(); connect(); });
  store.on(["nobody"], () => { toast(`There is nobody called “${store.as}” here. You are Ada now.`, "error"); becomePerson("ada"); });
  addEventListener("hashchange", soon);
  addEventListener("popstate", () => { if (personInUrl() !== store.as) store.reset(personInUrl()); });
  document.addEventListener("visibilitychange", soon);
  document.addEventListener("keydown", (e) => { if (e.key === "Escape" && !e.defaultPrevented && !document.querySelector("dialog[open]")) closeSheets(); });
}

function tick() {
  panel.tick();
  if (!store.state.workspace) return;
  document.querySelector(".topbar-clock").textContent = slackDate("{date_short} {time}", now()) + ` ${zoneName(now())}`;
}

function everyMinute() {
  refreshAgo();
  soon();
}

build();
subscribe();
showPanel(panelWasOpen());
store.as = personInUrl();
connect();
setInterval(tick, 1000);
setInterval(everyMinute, 30_000);
