// The sandbox's own controls: the bot, the clock, faults, sockets. Everything else on the page is Slack; this is not.
import { fill, focusMark, h, iconButton, restoreFocus } from "./dom.js";
import { Log } from "./log.js";
import { control } from "./server.js";
import { myZone, store } from "./store.js";
import { duration, fullTime, now, setClock, slackDate, timeWithSeconds, zoneName } from "./time.js";
import { complain } from "./toast.js";

const LOST = { on: "*", phase: "after", nth: 1, times: 1, do: "drop" };
const LIMITED = { on: "*", phase: "before", nth: 1, times: 1, do: "ratelimited", retry_after: 30 };
const GROUP_MODES = { ok: "the bot may change them", permission_denied: "only admins may", plan_upgrade_required: "not in this plan" };
const DOWN = { on: "*", phase: "before", nth: 1, times: 0, do: "down" };

export class Panel {
  constructor(onclose) {
    this.controls = h("div", { class: "controls" });
    this.log = new Log();
    this.busy = new Set();
    this.node = h("aside", { class: "panel", id: "panel", "aria-label": "Sandbox" },
      h("header", { class: "panel-head" }, h("h2", {}, "Sandbox"), iconButton("close", "Close sandbox panel", onclose)), this.controls, this.log.node);
  }

  show() {
    const { workspace } = store.state;
    if (!workspace) return;
    // Only when something changed: a redraw between press and release would swallow the click.
    const { bot, clock, faults, limits, usergroups } = workspace;
    const sig = JSON.stringify([bot, Math.round(clock?.offset ?? 0), clock?.next_due, faults, limits, usergroups, [...this.busy], store.as, myZone()]);
    if (sig === this.sig) { this.tick(); return; }
    this.sig = sig;
    const mark = focusMark(this.controls);
    fill(this.controls, this.#bot(workspace), this.#clock(workspace), this.#slack(workspace));
    restoreFocus(this.controls, mark);
    this.tick();
  }

  /** Once a second: only the moving digits. */
  tick() {
    const seconds = now();
    for (const [name, text] of Object.entries({ utc: `${timeWithSeconds(seconds, "UTC")} UTC`, mine: `${timeWithSeconds(seconds)} ${zoneName(seconds)}`, due: dueText() })) {
      const node = this.controls.querySelector(`[data-clock="${name}"]`);
      if (node && node.textContent !== text) node.textContent = text;
    }
  }

  #bot({ bot }) {
    const state = bot?.state ?? "stopped";
    const running = state !== "stopped";
    return group("Bot", [
      h("span", { class: `bot-state ${state}`, "data-bot-state": state, role: "status" }, state),
      h("div", { class: "buttons" },
        this.#button("Start", "POST", "bot", { do: "start" }, { disabled: running || null }),
        this.#button("Stop", "POST", "bot", { do: "stop" }, { disabled: !running || null }),
        this.#button("Kill", "POST", "bot", { do: "kill" }, { disabled: !running || null, style: "danger" })),
    ]);
  }

  #clock({ clock }) {
    const offset = clock?.offset ?? 0;
    return group("Clock", [
      h("div", { class: "clock-face" }, h("b", { "data-clock": "utc" }), h("span", { "data-clock": "mine", title: myZone() })),
      h("div", { class: "soft", title: fullTime(now()) }, Math.abs(offset) < 1 ? "in step with real time" : `${duration(Math.abs(offset))} ${offset > 0 ? "ahead of" : "behind"} real time`),
      h("div", { class: "buttons" },
        [["+1 min", 60], ["+15 min", 900], ["+1 h", 3600]].map(([label, advance]) => this.#button(label, "POST", "clock", { advance })),
        this.#button("To the next reminder", "POST", "clock", { to: "next_due" }, { disabled: clock?.next_due ? null : true })),
      h("div", { class: "soft", "data-clock": "due" }),
    ]);
  }

  #slack({ faults = [], limits, usergroups }) {
    const down = faults.some((f) => ruleOf(f).do === "down");
    const strict = (limits?.mode ?? limits) !== "relaxed";
    return group("Slack", [
      h("div", { class: "switches" },
        toggle("Slack is down", down, (on) => this.#down(on, faults)),
        toggle("Rate limits", strict, (on) => this.#run("limits", "POST", "limits", { mode: on ? "slack" : "relaxed" }))),
      choice("User groups", GROUP_MODES, usergroups, (mode) => this.#run("usergroups", "POST", "usergroups", { mode })),
      h("div", { class: "buttons" },
        this.#button("Lose next answer", "POST", "faults", LOST), this.#button("Next call 429", "POST", "faults", LIMITED),
        this.#button("Refresh a socket", "POST", "sockets", { do: "refresh" }),
        this.#button("Remove faults", "DELETE", "faults", null, { disabled: faults.length ? null : true })),
      faults.length ? h("ul", { class: "fault-list", "aria-label": "Faults in force" }, faults.map((f) => h("li", { "data-fault": ruleOf(f).do }, describe(ruleOf(f))))) : null,
    ]);
  }

  #button(label, method, path, body, { disabled = null, style = "" } = {}) {
    return h("button", {
      type: "button", class: `button small ${style}`, disabled, "data-focus": label, "aria-busy": this.busy.has(label) ? "true" : null,
      onclick: () => this.#run(label, method, path, body),
    }, label);
  }

  async #run(label, method, path, body) {
    if (this.busy.has(label)) return;
    this.busy.add(label);
    this.show();
    const answer = complain(await control(method, path, body ?? undefined));
    if (path === "clock" && answer.now) { setClock(answer); store.apply({ kind: "workspace", clock: { now: answer.now, offset: answer.offset, next_due: answer.next_due } }); }
    this.busy.delete(label);
    this.show();
  }

  // There is a door to remove all faults only, so the others are put back.
  async #down(on, faults) {
    if (on) { await this.#run("down", "POST", "faults", DOWN); return; }
    await this.#run("down", "DELETE", "faults");
    for (const rule of faults.map(ruleOf).filter((r) => r.do !== "down" && !r.spent)) complain(await control("POST", "faults", asNew(rule)));
  }
}

function toggle(label, on, change) {
  return h("label", { class: "switch" }, h("input", { type: "checkbox", role: "switch", checked: on, "data-focus": label, onchange: (e) => change(e.target.checked) }), h("span", {}, label));
}

function choice(label, options, chosen, change) {
  return h("label", { class: "choice-row" }, h("span", {}, label),
    h("select", { class: "input small", "data-focus": label, onchange: (e) => change(e.target.value) },
      Object.entries(options).map(([value, text]) => h("option", { value, selected: value === chosen || null }, text))));
}

function group(title, children) {
  return h("section", { class: "control", "aria-label": title }, h("h3", {}, title), children);
}

function dueText() {
  const due = store.state.workspace?.clock?.next_due;
  if (!due) return "No reminder is due.";
  const wait = due - now();
  return `Next reminder: ${slackDate("{date_short_pretty} {time}", due)}${wait > 0 ? `, in ${duration(wait)}` : ", due now"}`;
}

const ruleOf = (fault) => fault.rule ?? fault;
const FIELDS = ["on", "do", "phase", "nth", "times", "status", "error", "retry_after", "seconds"];
const asNew = (rule) => Object.fromEntries(FIELDS.filter((f) => f in rule).map((f) => [f, rule[f]]));

function describe(rule) {
  if (rule.do === "down") return "Slack is down";
  const what = { drop: "answer lost", ratelimited: "429", status: `HTTP ${rule.status}`, error: rule.error, delay: `${rule.seconds} s late`, kill_bot: "bot killed" }[rule.do] ?? rule.do;
  const times = rule.times === 0 ? "always" : `${rule.times ?? 1}×`;
  return `${rule.on === "*" ? "any call" : rule.on}: ${what}, ${rule.spent ? "done" : times}`;
}
