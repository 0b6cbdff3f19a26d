// The log of what bot and Slack say to each other, newest at the bottom; a row opens to its arguments.
import { h, reconcile } from "./dom.js";
import { store } from "./store.js";
import { timeWithSeconds } from "./time.js";

const NEAR_BOTTOM = 30;

export class Log {
  constructor() {
    this.stick = true;
    this.rows = h("ol", { class: "log-rows", tabindex: "0", "aria-label": "API calls" });
    this.filter = h("input", { class: "input small", type: "search", placeholder: "Filter", "aria-label": "Filter the log", oninput: () => this.show() });
    this.node = h("section", { class: "log", "aria-label": "Log" }, h("div", { class: "log-head" }, h("h3", {}, "Log"), this.filter), this.rows);
    this.rows.addEventListener("scroll", () => {
      this.stick = this.rows.scrollHeight - this.rows.scrollTop - this.rows.clientHeight < NEAR_BOTTOM;
    });
  }

  show() {
    const wanted = this.filter.value.trim().toLowerCase();
    const entries = store.state.log.filter((e) => !wanted || `${e.what} ${e.method ?? ""} ${e.error ?? ""}`.toLowerCase().includes(wanted));
    reconcile(this.rows, entries.map((entry) => ({ key: entry.n, sig: `${entry.n} ${entry.ms}`, make: () => row(entry) })));
    if (this.stick) this.rows.scrollTop = this.rows.scrollHeight;
  }
}

function row(entry) {
  const good = entry.ok !== false;
  return h("li", { "data-log": entry.n, "data-what": entry.what, "data-method": entry.method, "data-ok": good ? "true" : "false" },
    h("details", { ontoggle: (e) => e.target.open && e.target.scrollIntoView({ block: "nearest" }) },
      h("summary", {},
        h("time", {}, timeWithSeconds(seconds(entry.at), "UTC")), h("span", { class: `what what-${entry.what}` }, entry.what),
        h("span", { class: "method" }, entry.method ?? ""), h("span", { class: good ? "good" : "bad" }, good ? "ok" : entry.error || "error"),
        h("span", { class: "ms" }, entry.ms === null || entry.ms === undefined ? "" : `${Math.round(entry.ms)} ms`)),
      h("pre", { class: "args" }, argumentsOf(entry))));
}

const seconds = (at) => (typeof at === "number" ? at : Date.parse(at) / 1000 || 0);

function argumentsOf(entry) {
  const shown = entry.args === undefined || entry.args === null ? "no arguments" : typeof entry.args === "string" ? entry.args : JSON.stringify(entry.args, null, 2);
  return entry.status ? `HTTP ${entry.status}\n${shown}` : shown;
}
