import { type HeaderField, parseDate, withoutComments } from "@tamis/message";
import { type CheckContext, defineTest, type Extension } from "../extension.ts";
import { fieldSources } from "../header-source.ts";
import { freshSource, prepareMatch } from "../match-test.ts";
import type { Preparation } from "../preparation.ts";
import type { Text } from "../program.ts";
import type { RunState } from "../run-state.ts";
import { type LocalTime, parseZone, zoneOffset } from "../time-zone.ts";
import { checkFieldNames } from "./base-tests.ts";

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (value: number): string => String(value).padStart(2, "0");
const four = (value: number): string => String(value).padStart(4, "0");
const dayOf = (at: Date): string => `${four(at.getUTCFullYear())}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
const timeOf = (at: Date): string => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;

/** "+hhmm", with the separator of ISO 8601 if asked for. */
function zone(offsetMinutes: number, separator = ""): string {
  const minutes = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`;
}

/** Modified Julian Day of 1970-01-01. */
const julianEpoch = 40_587;

/** The date parts of RFC 5260 §4.2; `at` shows local time in its UTC fields. */
const dateParts: Readonly<Record<string, (at: Date, offsetMinutes: number) => string>> = {
  year: (at) => four(at.getUTCFullYear()),
  month: (at) => two(at.getUTCMonth() + 1),
  day: (at) => two(at.getUTCDate()),
  date: dayOf,
  julian: (at) => String(Math.floor(at.getTime() / 86_400_000) + julianEpoch),
  hour: (at) => two(at.getUTCHours()),
  minute: (at) => two(at.getUTCMinutes()),
  second: (at) => two(at.getUTCSeconds()),
  time: timeOf,
  iso8601: (at, offset) => `${dayOf(at)}T${timeOf(at)}${zone(offset, ":")}`,
  std11: (at, offset) =>
    `${days[at.getUTCDay()] ?? ""}, ${two(at.getUTCDate())} ${months[at.getUTCMonth()] ?? ""} ${four(at.getUTCFullYear())} ${timeOf(at)} ${zone(offset)}`,
  zone: (_at, offset) => zone(offset),
  weekday: (at) => String(at.getUTCDay()),
};

/** One part of a time, at its offset; null for a part that does not exist. */
function partOf({ time, offsetMinutes }: LocalTime, part: string): string | null {
  const write = Object.hasOwn(dateParts, part) ? dateParts[part] : undefined;
  const at = new Date(time + offsetMinutes * 60_000);
  return write === undefined || Number.isNaN(at.getTime()) ? null : write(at, offsetMinutes);
}

interface Zoned {
  readonly zone?: Text;
  readonly originalzone?: true;
}

/** The offset at which times are told: the zone asked for, the mail's own, else the owner's. */
function offsetOf(preparation: Preparation, { zone: asked, originalzone }: Zoned) {
  const text = asked === undefined ? null : preparation.text(asked);
  return (state: RunState, date: LocalTime): number => {
    if (originalzone === true) return date.offsetMinutes;
    const fixed = text === null ? null : parseZone(text(state));
    return fixed ?? zoneOffset(state.facts.timeZone, date.time);
  };
}

/** The date of a field: after the last semicolon that is in no comment, as in Received (RFC 5322 §3.6.7). */
function dateOf(field: HeaderField): LocalTime | null {
  const value = withoutComments(field.raw());
  return parseDate(value.slice(value.lastIndexOf(";") + 1));
}

function checkParts(args: { readonly part?: Text; readonly zone?: Text }, at: string, context: CheckContext): void {
  const { part } = args;
  if (typeof part === "string" && !Object.hasOwn(dateParts, part.toLowerCase())) {
    context.report({ code: "unknown-date-part", at, parameters: { part, known: Object.keys(dateParts).join(", ") } });
  }
  if (typeof args.zone === "string" && parseZone(args.zone) === null) {
    context.report({ code: "bad-zone", at: "zone", parameters: { zone: args.zone } });
  }
}

const date = defineTest({
  name: "date",
  shape: {
    tags: { zone: "string", originalzone: "flag" },
    positional: { names: "string", datePart: "string", keys: "strings" },
    families: ["match"],
    exclusive: [["zone", "originalzone"]],
  },
  check(args, context) {
    checkFieldNames([args.names], context);
    checkParts({ part: args.datePart, ...(args.zone === undefined ? {} : { zone: args.zone }) }, "datePart", context);
  },
  prepare(args, line, preparation) {
    const part = preparation.text(args.datePart);
    const offset = offsetOf(preparation, args);
    const sources = fieldSources(preparation, {
      test: "date",
      args,
      names: [args.names],
      // RFC 5260 §4: of several fields of the name the first one is used.
      first: true,
      reading: `date ${JSON.stringify([args.datePart, args.zone ?? null, args.originalzone ?? false])}`,
      shared: typeof args.datePart === "string" && typeof (args.zone ?? "") === "string",
      read: (fields, state) =>
        fields.flatMap((field) => {
          const found = dateOf(field);
          if (found === null) return [];
          return partOf({ time: found.time, offsetMinutes: offset(state, found) }, part(state).toLowerCase()) ?? [];
        }),
    });
    return prepareMatch(preparation, { test: "date", line, args, keys: args.keys, sources });
  },
});

const currentdate = defineTest({
  name: "currentdate",
  shape: { tags: { zone: "string" }, positional: { datePart: "string", keys: "strings" }, families: ["match"] },
  check(args, context) {
    context.use({ currentDate: true });
    checkParts({ part: args.datePart, ...(args.zone === undefined ? {} : { zone: args.zone }) }, "datePart", context);
  },
  prepare(args, line, preparation) {
    const part = preparation.text(args.datePart);
    const offset = offsetOf(preparation, args);
    const source = freshSource("currentdate", (state) => {
      const now = { time: state.facts.now, offsetMinutes: 0 };
      const text = partOf({ time: now.time, offsetMinutes: offset(state, now) }, part(state).toLowerCase());
      return text === null ? [] : [text];
    });
    return prepareMatch(preparation, { test: "currentdate", line, args, keys: args.keys, sources: [source] });
  },
});

/** Tests on dates in headers and on the time of the run (RFC 5260 §4, §5). */
export const dateExtension: Extension = {
  name: "date",
  rfc: "RFC 5260",
  state: "yes",
  tests: [date, currentdate],
};
