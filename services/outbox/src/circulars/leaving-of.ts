import type { CircularAnswer, CircularAsk } from "@tamis/contracts";
import {
  firstTime,
  instantOf,
  isTimeZone,
  type OfficeHours,
  type Recurrence,
  readSaidHours,
  readSaidRecurrence,
  recurrenceText,
  renderOfficeHoursFault,
  renderRecurrenceFault,
} from "@tamis/when";
import { opensAt } from "../tables/circular-hours.ts";
import type { Due, Recurring } from "../tables/circulars.ts";
import { tellOf } from "./circular-texts.ts";
import { type DueOptions, dueOf } from "./due-of.ts";

type Schedule = Pick<Extract<CircularAsk, { readonly op: "schedule" }>, "when" | "every" | "hours">;
type Refused = Extract<CircularAnswer, { readonly kind: "refused" }>;

/** When a circular leaves, in which hours, and how it recurs. */
export interface Leaving {
  readonly due: Due;
  readonly recurring: Recurring;
  /** What was asked for lies outside the hours: it leaves when they begin. */
  readonly saidAt: Date | null;
}

export interface LeavingOptions extends DueOptions {
  /** Of the installation; null: it has none. */
  readonly officeHours: OfficeHours | null;
}

const refused = (code: Refused["code"], reason: string): Refused => ({ kind: "refused", code, reason });
const isRefused = (value: object | null): value is Refused =>
  value !== null && "kind" in value && value.kind === "refused";

/** When, in which hours and how often, or why that cannot be. */
export function leavingOf(ask: Schedule, options: LeavingOptions): Leaving | Refused {
  const hours = hoursOf(ask.hours, options);
  if (isRefused(hours)) return hours;
  const said = ask.every === undefined ? null : saidRule(ask.every, ask.when, options);
  if (isRefused(said)) return said;
  const due = ask.when.kind === "first" ? firstOf(ask.when.zone, said, options) : dueOf(ask.when, options);
  if (isRefused(due)) return due;
  const at = opensAt(hours, due.at);
  const every =
    said === null
      ? null
      : { rule: recurrenceText(said.recurrence), left: ask.every?.times === undefined ? null : ask.every.times - 1 };
  return {
    due: { ...due, at },
    recurring: { hours, every },
    saidAt: at.getTime() === due.at.getTime() ? null : due.at,
  };
}

function hoursOf(asked: Schedule["hours"], { officeHours, language }: LeavingOptions): OfficeHours | null | Refused {
  if (asked === undefined) return officeHours;
  if (asked.kind === "any") return null;
  const said = readSaidHours(asked.text, asked.zone);
  return said.ok ? said.hours : refused("bad-hours", renderOfficeHoursFault(said.fault, language));
}

interface SaidRule {
  readonly recurrence: Recurrence;
  /** Milliseconds of the day; null: that of the first time. */
  readonly time: number | null;
}

function saidRule(
  { rule, until }: NonNullable<Schedule["every"]>,
  when: Schedule["when"],
  { language }: LeavingOptions,
): SaidRule | Refused {
  const said = readSaidRecurrence(rule);
  if (!said.ok) return refused("bad-rule", renderRecurrenceFault(said.fault, said.word, language));
  if (when.kind === "now") return refused("bad-rule", tellOf("rule-now", language));
  // The time of day is that of the first: said twice, it would have to be the same.
  if (when.kind === "wall" && said.time !== null) return refused("bad-rule", tellOf("rule-time-twice", language));
  if (until === undefined) return said;
  const last = instantOf(`${until} 23:59:59`, when.zone);
  if (last.kind !== "instant") return refused("bad-rule", renderRecurrenceFault("bad-until", until, language));
  return { ...said, recurrence: { ...said.recurrence, until: last.at.getTime() } };
}

function firstOf(zone: string, said: SaidRule | null, { now, language }: LeavingOptions): Due | Refused {
  if (!isTimeZone(zone)) return refused("bad-time", tellOf("bad-zone", language, { zone }));
  if (said === null || said.time === null) return refused("bad-rule", tellOf("rule-first", language));
  const first = firstTime(said.recurrence, { time: said.time, zone }, now);
  if (first === null) return refused("bad-rule", tellOf("rule-first", language));
  return { at: first.at, wall: first.wall, zone, which: null };
}
