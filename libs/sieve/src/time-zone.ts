import { zoneOffset as offsetOf } from "@tamis/when";

/** A point in time with the offset at which it is told. */
export interface LocalTime {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly offsetMinutes: number;
}

/** Minutes east of UTC of an IANA zone at a time; 0 for a zone that is not known. */
export function zoneOffset(timeZone: string, time: number): number {
  return Math.round(offsetOf(timeZone, time) / 60_000);
}

/** RFC 5260 §4.1: "+hhmm" or "-hhmm" as minutes; null for anything else. */
export function parseZone(zone: string): number | null {
  const found = /^([+-])(\d\d)(\d\d)$/.exec(zone);
  if (found === null) return null;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  if (Number(found[3]) > 59 || Number(found[2]) > 23) return null;
  return found[1] === "-" ? -minutes : minutes;
}
