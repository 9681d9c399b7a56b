const formats = new Map<string, Intl.DateTimeFormat | null>();

/** Names of zones remembered, so that invented ones cannot fill the memory. There are some 600. */
const MAX_ZONES = 1000;

/** Whether there is a zone of that name in the tzdata of this process. */
export function isTimeZone(zone: string): boolean {
  return formatOf(zone) !== null;
}

/** Milliseconds east of UTC of an IANA zone at a time (milliseconds since 1970 UTC); 0 for a zone that is not known. */
export function zoneOffset(zone: string, time: number): number {
  const format = formatOf(zone);
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
  return local - Math.floor(time / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = makeFormat(zone);
  if (formats.size < MAX_ZONES) formats.set(zone, format);
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
