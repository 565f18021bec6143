// Moments as people read them, in the time zone of the member who sits at the desk.

import { me, now, view } from "./state.js";
import { locale, w } from "./words.js";

const formats = new Map();

export function zone() {
  return me()?.tz || Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function format(moment, options) {
  const name = JSON.stringify([view.language, zone(), options]);
  if (!formats.has(name))
    formats.set(name, new Intl.DateTimeFormat(locale(), { timeZone: zone(), ...options }));
  return formats.get(name).format(moment);
}

export const fromTs = (ts) => new Date(parseFloat(ts) * 1000);

export const clockTime = (moment) =>
  format(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const longDate = (moment) =>
  format(moment, { weekday: "short", day: "numeric", month: "short", year: "numeric" });

// Swedish dates are written as ISO 8601 has them.
const isoDay = (moment) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone() }).format(moment);

export const sameDay = (a, b) => isoDay(a) === isoDay(b);

/** "Today", "Yesterday" or the weekday and date. */
export function dayName(moment) {
  if (sameDay(moment, now())) return w("today");
  if (sameDay(moment, new Date(now().getTime() - 86_400_000))) return w("yesterday");
  return format(moment, { weekday: "long", day: "numeric", month: "long" });
}

export const minutes = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export function bytes(size) {
  if (!size) return "";
  if (size < 1024) return `${size} B`;
  return size < 1_048_576
    ? `${(size / 1024).toFixed(1)} KB`
    : `${(size / 1_048_576).toFixed(1)} MB`;
}

/** Slack's <!date^…> tokens, as its clients write them. */
export function slackDate(seconds, pattern) {
  const moment = new Date(Number(seconds) * 1000);
  const shapes = {
    date_num: () => isoDay(moment),
    date: () => format(moment, { day: "numeric", month: "long", year: "numeric" }),
    date_short: () => format(moment, { day: "numeric", month: "short", year: "numeric" }),
    date_long: () =>
      format(moment, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    time: () => clockTime(moment),
    time_secs: () =>
      format(moment, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
    ago: () => clockTime(moment),
  };
  const near = (name) =>
    name.endsWith("_pretty") && [w("today"), w("yesterday")].includes(dayName(moment));
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => {
    if (near(name)) return dayName(moment).toLowerCase();
    return shapes[name.replace("_pretty", "")]?.() ?? whole;
  });
}
