import { HOUR, MINUTE } from "./local-time.ts";
import type { Remaining } from "./remaining.ts";
import { anyOf, hours } from "./words.ts";

/** A time of day, in milliseconds. */
export type SaidClock =
  | { readonly kind: "time"; readonly time: number }
  | { readonly kind: "none" }
  | { readonly kind: "fault"; readonly word: string };

const NAMED = new RegExp(`\\b(?:${anyOf(hours.keys())})\\b`);

/** `8am`, `8:30 p.m.`; `8h`, `8h30`, `8 heures 30`; `8:00`, `08:00:30`. */
const ENGLISH = /\b(\d{1,2})(?::(\d\d))? ?([ap])\.?m\b\.?/;
const FRENCH = /\b(\d{1,2}) ?(?:heures?|h)(?: ?(\d\d))?\b/;
const COLONS = /\b(\d{1,2}):(\d\d)(?::(\d\d))?\b/;

/** Takes a time of day out of what remains of a text. */
export function readClock(said: Remaining): SaidClock {
  const named = said.take(NAMED);
  if (named !== null) return { kind: "time", time: (hours.get(named[0]) ?? 0) * HOUR };
  const english = said.take(ENGLISH);
  if (english !== null) return twelveHours(english);
  const found = said.take(FRENCH) ?? said.take(COLONS);
  if (found === null) return { kind: "none" };
  return time(found, Number(found[1]), 23);
}

function twelveHours(found: RegExpExecArray): SaidClock {
  const hour = Number(found[1]);
  if (hour < 1 || hour > 12) return { kind: "fault", word: found[0] };
  return time(found, (hour % 12) + (found[3] === "p" ? 12 : 0), 23, false);
}

function time(found: RegExpExecArray, hour: number, most: number, hasSeconds = true): SaidClock {
  const minute = Number(found[2] ?? 0);
  const second = hasSeconds ? Number(found[3] ?? 0) : 0;
  if (hour > most || minute > 59 || second > 59) return { kind: "fault", word: found[0] };
  return { kind: "time", time: hour * HOUR + minute * MINUTE + second * 1000 };
}
