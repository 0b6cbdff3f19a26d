// Time as the sandbox has it: its clock may run ahead of the real one, and each person reads it in their own zone.
import { myZone } from "./store.js";

let ahead = 0;

export function setClock(clock) {
  if (clock?.now) ahead = clock.now - Date.now() / 1000;
}

export const now = () => Date.now() / 1000 + ahead;
export const tsSeconds = (ts) => Number(String(ts).split(".")[0]);

const cache = new Map();
function formatter(zone, options, language = "en-GB") {
  const key = zone + language + JSON.stringify(options);
  if (!cache.has(key)) cache.set(key, makeFormatter(zone, options, language));
  return cache.get(key);
}

function makeFormatter(timeZone, options, language) {
  try {
    return new Intl.DateTimeFormat(language, { timeZone, ...options });
  } catch {
    return new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options }); // a zone this browser does not know
  }
}

const format = (seconds, options, zone = myZone()) => formatter(zone, options).format(new Date(seconds * 1000));

export const timeOf = (s, zone) => format(s, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone);
export const timeWithSeconds = (s, zone) => format(s, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, zone);
export const fullTime = (s, zone = myZone()) =>
  `${format(s, { weekday: "short", day: "numeric", month: "short", year: "numeric" }, zone)}, ${timeOf(s, zone)} ${zoneName(s, zone)}`;
export const dayKey = (s, zone) => dateParts(s, zone).slice(0, 3).join("-");

/** GMT, CET, EST; one language's table knows Europe's names and the other's America's, so both are asked. */
export function zoneName(s, zone = myZone()) {
  const names = ["en-GB", "en-US"].map((language) => formatter(zone, { timeZoneName: "short" }, language).formatToParts(new Date(s * 1000))
    .find((p) => p.type === "timeZoneName")?.value);
  return names.find((name) => name && !/\d/.test(name)) ?? names[0] ?? zone;
}

function dateParts(s, zone = myZone()) {
  const options = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const found = Object.fromEntries(formatter(zone, options).formatToParts(new Date(s * 1000)).map((p) => [p.type, p.value]));
  return [found.year, found.month, found.day, found.hour, found.minute];
}

function relativeDay(s) {
  const key = dayKey(s);
  return ["Yesterday", "Today", "Tomorrow"].find((_, i) => key === dayKey(now() + (i - 1) * 86400)) ?? null;
}

export function dayLabel(s) {
  return relativeDay(s) ?? format(s, { weekday: "long", day: "numeric", month: "long", ...yearIfFar(s) });
}

// Slack leaves the year out of dates within about half a year.
const yearIfFar = (s) => (Math.abs(s - now()) > 182 * 86400 ? { year: "numeric" } : {});

const STEPS = [[60, "second"], [60, "minute"], [24, "hour"], [30, "day"], [12, "month"], [Infinity, "year"]];

export function ago(s) {
  let value = s - now();
  for (const [size, unit] of STEPS) {
    if (Math.abs(value) < size) return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(value), unit);
    value /= size;
  }
  return "";
}

export function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

const slackDay = (s, more) => format(s, { day: "numeric", ...more });
const long = (s) => slackDay(s, { weekday: "long", month: "long", ...yearIfFar(s) });
const plain = (s) => slackDay(s, { month: "long", ...yearIfFar(s) });
const short = (s) => slackDay(s, { month: "short", ...yearIfFar(s) });
const TOKENS = {
  date_num: (s) => dateParts(s).slice(0, 3).join("-"),
  date_slash: (s) => { const [y, m, d] = dateParts(s); return `${d}/${m}/${y}`; },
  date: plain, date_short: short, date_long: long,
  date_long_full: (s) => slackDay(s, { weekday: "long", month: "long", year: "numeric" }),
  date_pretty: (s) => relativeDay(s)?.toLowerCase() ?? plain(s),
  date_short_pretty: (s) => relativeDay(s)?.toLowerCase() ?? short(s),
  date_long_pretty: (s) => relativeDay(s)?.toLowerCase() ?? long(s),
  day_divider_pretty: (s) => dayLabel(s),
  time: (s) => timeOf(s), time_secs: (s) => timeWithSeconds(s), ago,
};

/** Slack's {date} tokens in the viewer's zone; null when the pattern has one that is not known. */
export function slackDate(pattern, seconds) {
  if (!Number.isFinite(seconds)) return null;
  let unknown = false;
  const text = pattern.replace(/\{(\w+)\}/g, (_, token) => {
    if (TOKENS[token]) return TOKENS[token](seconds);
    unknown = true;
    return "";
  });
  if (unknown) return null;
  return pattern.startsWith("{date") ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** What a datetime-local field shows for an instant, and back: both in the viewer's zone. */
export function toLocalField(seconds) {
  const [y, m, d, hour, minute] = dateParts(seconds);
  return `${y}-${m}-${d}T${hour}:${minute}`;
}

export function fromLocalField(text) {
  const wanted = Date.parse(`${text}:00Z`) / 1000;
  if (!Number.isFinite(wanted)) return null;
  let guess = wanted;
  // Twice, because the first correction may cross a change of the zone's offset.
  for (let i = 0; i < 2; i += 1) guess += wanted - Date.parse(`${toLocalField(guess)}:00Z`) / 1000;
  return guess;
}
