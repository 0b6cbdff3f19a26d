// Everything this person may see, built from the server's upserts. Views read it; only `apply` changes it.

const LOG_ROWS = 500;
const empty = () => ({
  ready: false, connected: false, workspace: null, people: new Map(), usergroups: new Map(), channels: new Map(), messages: new Map(),
  stack: [], errors: {}, home: null, log: [],
});

class Store extends EventTarget {
  as = "ada";
  state = empty();

  reset(as) {
    this.as = as;
    this.state = empty();
    this.#tell("reset");
  }

  /** A new connection brings everything again, so what the server forgot must not stay. The log is kept. */
  beginSnapshot() {
    const { log } = this.state;
    this.state = { ...empty(), log, workspace: this.state.workspace };
  }

  apply(frame) {
    this.#apply[frame.kind]?.(frame);
    this.#tell(frame.kind, frame);
  }

  /** The address names somebody who is not there. */
  nobody() {
    this.#tell("nobody");
  }

  setConnected(connected) {
    this.state.connected = connected;
    this.#tell("connection");
  }

  addLog(entries) {
    const known = new Set(this.state.log.map((e) => e.n));
    const fresh = entries.filter((e) => !known.has(e.n));
    this.state.log = [...this.state.log, ...fresh].sort((a, b) => a.n - b.n).slice(-LOG_ROWS);
    this.#tell("log");
  }

  on(kinds, listener) {
    for (const kind of kinds) this.addEventListener(kind, (event) => listener(event.detail));
  }

  #tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
    this.dispatchEvent(new CustomEvent("any", { detail: kind }));
  }

  #apply = {
    workspace: (f) => { this.state.workspace = { ...this.state.workspace, ...f }; },
    person: (f) => { this.state.people.set(f.id, f); },
    usergroup: (f) => { this.state.usergroups.set(f.id, f); },
    channel: (f) => { this.state.channels.set(f.id, f); },
    message: (f) => { this.#thread(f.channel).set(f.message.ts, f.message); },
    message_deleted: (f) => { this.#thread(f.channel).delete(f.ts); },
    view: (f) => { this.state.stack = f.stack ?? []; this.state.errors = f.errors ?? {}; },
    home: (f) => { this.state.home = f.view; },
    log: (f) => { this.state.log = [...this.state.log.slice(-(LOG_ROWS - 1)), f.entry]; },
    ready: () => { this.state.ready = true; },
  };

  #thread(channel) {
    if (!this.state.messages.has(channel)) this.state.messages.set(channel, new Map());
    return this.state.messages.get(channel);
  }
}

export const store = new Store();

const known = (ref) => (p) => p.id === ref || p.handle === ref;

export const people = () => [...store.state.people.values()];
export const person = (id) => store.state.people.get(id) ?? null;
export const usergroups = () => [...store.state.usergroups.values()];
export const usergroup = (id) => store.state.usergroups.get(id) ?? null;
/** kind: global or message */
export const shortcuts = (kind) => (store.state.workspace?.shortcuts ?? []).filter((s) => s.type === kind);
export const me = () => people().find(known(store.as)) ?? null;
export const myZone = () => me()?.tz ?? "UTC";
export const channel = (id) => store.state.channels.get(id) ?? null;
export const channels = () => [...store.state.channels.values()];
export const botUser = () => store.state.workspace?.bot?.user_id ?? null;
export const botDm = () => channels().find((c) => c.is_im && imWith(c) === botUser()) ?? null;
export const message = (channelId, ts) => store.state.messages.get(channelId)?.get(ts) ?? null;

export function imWith(c) {
  return c.im_with ?? (c.members ?? []).find((id) => id !== me()?.id) ?? null;
}

export function personName(id) {
  return person(id)?.name ?? (id === botUser() ? store.state.workspace.bot.name : id);
}

export function channelName(c) {
  return c.is_im ? personName(imWith(c)) : c.name;
}

const byTs = (a, b) => (a.ts < b.ts ? -1 : 1);
const sorted = (channelId) => [...(store.state.messages.get(channelId)?.values() ?? [])].sort(byTs);
const isReply = (m) => m.thread_ts && m.thread_ts !== m.ts;

/** What stands in the channel itself: no replies, except those sent to the channel too. */
export function mainMessages(channelId) {
  return sorted(channelId).filter((m) => !isReply(m) || m.subtype === "thread_broadcast");
}

export function replies(channelId, ts) {
  return sorted(channelId).filter((m) => isReply(m) && m.thread_ts === ts);
}
