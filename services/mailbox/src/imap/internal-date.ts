const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DATE_TIME = /^\s?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;

/** RFC 9051 §9 date-time, as INTERNALDATE has it, in epoch ms; 0 where it is none. */
export function parseInternalDate(text: string): number {
  const match = DATE_TIME.exec(text);
  if (match === null) return 0;
  const [, day, name, year, hour, minute, second, sign, zoneHour, zoneMinute] = match;
  const month = MONTHS.findIndex((candidate) => candidate.toLowerCase() === name?.toLowerCase());
  const utc = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return month < 0 ? 0 : utc - (sign === "-" ? -offset : offset);
}

/** RFC 9051 §9 date-time in UTC, as APPEND takes it. */
export function formatInternalDate(time: number): string {
  const date = new Date(time);
  const day = `${String(date.getUTCDate()).padStart(2)}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()}`;
  return `${day} ${date.toISOString().slice(11, 19)} +0000`;
}

/** RFC 9051 §9 date: the day, in UTC, as SEARCH SINCE takes it. */
export function formatSearchDate(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()}`;
}
