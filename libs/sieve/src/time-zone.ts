/** A point in time with the offset at which it is told. */
export interface LocalTime {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly offsetMinutes: number;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

/** Minutes east of UTC of an IANA zone at a time; 0 for a zone that is not known. */
export function zoneOffset(timeZone: string, time: number): number {
  const format = formatOf(timeZone);
  if (format === null || !Number.isFinite(time)) return 0;
  const fields: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(time)) fields[type] = Number.parseInt(value, 10);
  const local = Date.UTC(
    fields["year"] ?? 1970,
    (fields["month"] ?? 1) - 1,
    fields["day"] ?? 1,
    (fields["hour"] ?? 0) % 24,
    fields["minute"] ?? 0,
    fields["second"] ?? 0,
  );
  return Math.round((local - Math.floor(time / 1000) * 1000) / 60_000);
}

/** Whether the zone is known by that name. */
export function isTimeZone(timeZone: string): boolean {
  return formatOf(timeZone) !== null;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = makeFormat(timeZone);
  if (formats.size < 1000) formats.set(timeZone, format);
  return format;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return null;
  }
}

/** RFC 5260 §4.1: "+hhmm" or "-hhmm" as minutes; null for anything else. */
export function parseZone(zone: string): number | null {
  const found = /^([+-])(\d\d)(\d\d)$/.exec(zone);
  if (found === null) return null;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  if (Number(found[3]) > 59 || Number(found[2]) > 23) return null;
  return found[1] === "-" ? -minutes : minutes;
}
