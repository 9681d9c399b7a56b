import { type MailDate, type Message, parseDate } from "@tamis/message";
import { type Reading, readSaidTime, type SaidTime, wallTimeOf, zoneOffset } from "@tamis/when";
import type { DraftFault } from "./draft-fault.ts";

/** When a draft leaves: the instant, and what clocks of the zone show then. */
export interface DueTime {
  readonly at: Date;
  /** `2026-11-30 08:00`. */
  readonly wall: string;
  readonly zone: string;
}

/** What a draft says of its time, and its subject without that; null: the subject says nothing of it. */
export type DraftTime =
  | { readonly kind: "due"; readonly due: DueTime; readonly subject: string | null }
  | { readonly kind: "fault"; readonly fault: DraftFault };

export interface TimeRules extends Reading {
  readonly marks: readonly [string, string];
  /** The subject counts: its owner put the draft where it is to be sent from. */
  readonly readsSubject: boolean;
}

/** How far ahead anything is sent, as where times are said: two years, ms. */
const MAX_AHEAD_MS = 731 * 86_400_000;

/** RFC 5322 §3.3. A zone by another name, or none, would be read as UTC (§4.3), which is not what its author means. */
const SAYS_ITS_OFFSET = /(?:[+-](?:0\d|1[0-4]):?[0-5]\d|(?:\bUTC?|\bGMT|[\d\s]Z))\s*(?:\([^()]*\)\s*)?$/i;

const fault = (value: DraftFault): DraftTime => ({ kind: "fault", fault: value });

/** The time that a draft is to leave at: from the field of Send Later, or from between the marks in its subject. */
export function draftTime(message: Message, rules: TimeRules): DraftTime {
  const [field, ...others] = message.headers("X-Send-Later-At");
  const subject = message.headers("Subject")[0]?.text() ?? "";
  const said = rules.readsSubject ? timesIn(subject, rules) : [];
  const times = said.filter(({ time }) => time.kind === "time");
  if (field === undefined) return fromSubject(subject, said);
  const date = SAYS_ITS_OFFSET.test(field.raw()) ? parseDate(field.raw()) : null;
  if (date === null) return fault({ code: "bad-date", text: field.text().slice(0, 80) });
  if (others.some((other) => parseDate(other.raw())?.time !== date.time)) return fault({ code: "two-times" });
  const at = new Date(date.time);
  const zone = zoneOf(date, rules.zone);
  const due = { at, wall: wallTimeOf(at, zone), zone };
  if (date.time > rules.now.getTime() + MAX_AHEAD_MS) return fault({ code: "said", fault: "too-far", word: due.wall });
  if (times.some(({ time }) => !isAt(time, at))) return fault({ code: "two-times" });
  return { kind: "due", due, subject: times.length === 0 ? null : withoutParts(subject, times) };
}

/** Clocks of the zone, where they show that offset then; else of the offset alone: who wrote it was elsewhere, and means the clocks of there. */
function zoneOf({ time, offsetMinutes }: MailDate, zone: string): string {
  if (zoneOffset(zone, time) === offsetMinutes * 60_000) return zone;
  const minutes = Math.abs(offsetMinutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** What stands between two marks, and what it says. */
interface Said {
  readonly from: number;
  readonly to: number;
  readonly time: SaidTime;
}

function timesIn(subject: string, { marks: [open, close], ...reading }: TimeRules): readonly Said[] {
  const found: Said[] = [];
  for (let from = subject.indexOf(open); from >= 0; from = subject.indexOf(open, from + open.length)) {
    const end = subject.indexOf(close, from + open.length);
    if (end < 0) break;
    const time = readSaidTime(subject.slice(from + open.length, end), reading);
    found.push({ from, to: end + close.length, time });
  }
  return found;
}

function fromSubject(subject: string, said: readonly Said[]): DraftTime {
  const [first] = said;
  if (first === undefined) return fault({ code: "no-time" });
  const times = said.filter(({ time }) => time.kind === "time");
  if (times.length > 1) return fault({ code: "two-times" });
  const { time } = times[0] ?? first;
  if (time.kind === "fault") return fault({ code: "said", fault: time.fault, word: time.word });
  const { instant, wall, zone } = time;
  if (instant.kind !== "instant") return fault({ code: "ambiguous", instant, wall, zone });
  return { kind: "due", due: { at: instant.at, wall, zone }, subject: withoutParts(subject, times) };
}

const isAt = (time: SaidTime, at: Date): boolean =>
  time.kind === "time" && time.instant.kind === "instant" && time.instant.at.getTime() === at.getTime();

function withoutParts(subject: string, parts: readonly Said[]): string {
  const rest = parts.reduceRight((text, { from, to }) => `${text.slice(0, from)} ${text.slice(to)}`, subject);
  return rest.replace(/\s+/g, " ").trim();
}
