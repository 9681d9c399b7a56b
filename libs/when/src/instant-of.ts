import { DAY, type LocalTime, localAt, readWallTime, wallTimeText } from "./local-time.ts";
import { isTimeZone, zoneOffset } from "./zones.ts";

/** What a wall time is in a zone. */
export type Instant =
  | { readonly kind: "instant"; readonly at: Date }
  /** Clocks go forward over it. */
  | {
      readonly kind: "missing";
      /** When they do. */
      readonly jump: Date;
      /** What clocks show then, for the first time: `2026-03-29 03:00`. */
      readonly next: string;
      /** As if they had gone forward before, and after (RFC 5545 §3.3.5): for 02:30, 01:30 and 03:30. */
      readonly earlier: Date;
      readonly later: Date;
    }
  /** Clocks go back over it. */
  | { readonly kind: "twice"; readonly earlier: Date; readonly later: Date }
  | { readonly kind: "fault"; readonly fault: "bad-wall-time" | "unknown-zone" };

/** The instant at which clocks in the zone show that wall time, `2026-11-30 08:00`; or why there is none, or more than one. */
export function instantOf(wall: string, zone: string): Instant {
  const local = readWallTime(wall);
  if (local === null) return { kind: "fault", fault: "bad-wall-time" };
  return isTimeZone(zone) ? instantAt(local, zone) : { kind: "fault", fault: "unknown-zone" };
}

/** {@link instantOf} of a time that is read already, in a zone that is known. */
export function instantAt(local: LocalTime, zone: string): Exclude<Instant, { kind: "fault" }> {
  const { before, after } = offsetsAround(local, zone);
  const shown = [...new Set([local - before, local - after])]
    .filter((time) => time + zoneOffset(zone, time) === local)
    .sort((a, b) => a - b);
  const [first, second] = shown;
  if (first === undefined) return missing(local, zone, { before, after });
  if (second === undefined) return { kind: "instant", at: new Date(first) };
  return { kind: "twice", earlier: new Date(first), later: new Date(second) };
}

interface Offsets {
  readonly before: number;
  readonly after: number;
}

/** The offsets that were and will be in use around a local time. No zone changes its clocks twice within the two days. */
function offsetsAround(local: LocalTime, zone: string): Offsets {
  return { before: zoneOffset(zone, local - DAY), after: zoneOffset(zone, local + DAY) };
}

function missing(local: LocalTime, zone: string, { before, after }: Offsets): Extract<Instant, { kind: "missing" }> {
  // With the offset of before the time lies after the change, with that of after it before the change.
  const [earlier, later] = [new Date(local - after), new Date(local - before)];
  const jump = changeBetween(earlier, later, zone) ?? later;
  return { kind: "missing", jump, next: wallTimeText(localAt(jump.getTime(), after)), earlier, later };
}

/** The first instant of another offset between two, to the second; null where both have the same. */
export function changeBetween(earlier: Date, later: Date, zone: string): Date | null {
  const before = zoneOffset(zone, earlier.getTime());
  let low = Math.floor(earlier.getTime() / 1000);
  let high = Math.ceil(later.getTime() / 1000);
  if (zoneOffset(zone, high * 1000) === before) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffset(zone, middle * 1000) === before) low = middle;
    else high = middle;
  }
  return new Date(high * 1000);
}

/** The wall time that clocks of the zone show at an instant, to the second. */
export function wallTimeOf(at: Date, zone: string): string {
  return wallTimeText(localNow(at, zone));
}

/** The same as a number. */
export function localNow(at: Date, zone: string): LocalTime {
  const time = Math.floor(at.getTime() / 1000) * 1000;
  return localAt(time, zoneOffset(zone, time));
}

/** An instant for a wall time that needs one, come what may: the first of two; where clocks go over it, as if they had not yet (RFC 5545 §3.3.5). */
export function someInstant(local: LocalTime, zone: string): Date {
  const found = instantAt(local, zone);
  if (found.kind === "instant") return found.at;
  return found.kind === "twice" ? found.earlier : found.later;
}
