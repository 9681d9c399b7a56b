import { localReply, type SmtpReply } from "../smtp/reply.ts";

/** RFC 4865: when a mail is released, and the parameter as it was given, for reports. */
export interface Hold {
  readonly until: Date;
  /** Value of Future-Release-Request (RFC 4865 §7): `for;3600`, `until;2026-03-02T07:00:00Z`. */
  readonly request: string;
}

export interface HoldLimits {
  readonly maxMs: number;
  readonly now: Date;
}

/** Clocks differ: an instant that has just passed is now, ms. */
const JUST_PASSED_MS = 5 * 60_000;
/** RFC 3339 §5.6 in UTC, as RFC 4865 §3 wants it. */
const UNTIL = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|[+-]00:00)$/i;

type Given = string | true | undefined;

/** HOLDFOR and HOLDUNTIL of MAIL; null: neither is there. What cannot be kept is refused with 501 (RFC 4865 §4). */
export function readHold(given: { readonly holdFor: Given; readonly holdUntil: Given }, limits: HoldLimits) {
  const { holdFor, holdUntil } = given;
  if (holdFor === undefined && holdUntil === undefined) return null;
  if (holdFor !== undefined && holdUntil !== undefined) return refused("HOLDFOR and HOLDUNTIL exclude each other");
  return holdFor === undefined ? readUntil(holdUntil, limits) : readFor(holdFor, limits);
}

const refused = (text: string): SmtpReply => localReply(501, "5.5.4", text);

function readFor(value: Given, { maxMs, now }: HoldLimits): Hold | SmtpReply {
  if (typeof value !== "string" || !/^\d{1,9}$/.test(value) || Number(value) === 0)
    return refused("HOLDFOR takes a number of seconds, of 1 to 9 digits");
  const ms = Number(value) * 1000;
  if (ms > maxMs) return refused(`HOLDFOR may be ${Math.floor(maxMs / 1000)} at most`);
  return { until: new Date(now.getTime() + ms), request: `for;${Number(value)}` };
}

function readUntil(value: Given, { maxMs, now }: HoldLimits): Hold | SmtpReply {
  const [, wall = ""] = typeof value === "string" ? (UNTIL.exec(value) ?? []) : [];
  const until = new Date(`${wall.toUpperCase()}Z`);
  // A date that the calendar does not have, 30 February, becomes another.
  if (wall === "" || Number.isNaN(until.getTime()) || until.toISOString().slice(0, 10) !== wall.slice(0, 10))
    return refused("HOLDUNTIL takes a date and time in UTC, 2026-03-02T07:00:00Z");
  if (until.getTime() - now.getTime() > maxMs) return refused(`HOLDUNTIL may be ${holdLimit({ maxMs, now })} at most`);
  if (now.getTime() - until.getTime() > JUST_PASSED_MS) return refused("the date of HOLDUNTIL has passed");
  return { until: until < now ? now : until, request: `until;${holdDate(until)}` };
}

/** The last instant until which a mail may be held. */
export const holdLimit = ({ maxMs, now }: HoldLimits): string => holdDate(new Date(now.getTime() + maxMs));

const holdDate = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** The EHLO line (RFC 4865 §3). */
export const futureReleaseLine = (limits: HoldLimits): string =>
  `FUTURERELEASE ${Math.floor(limits.maxMs / 1000)} ${holdLimit(limits)}`;
