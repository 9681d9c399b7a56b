/** Dates in headers: RFC 5322 §3.3, its obsolete forms (§4.3), and what else is seen. */

import type { MailDate } from "./model.ts";
import { withoutComments } from "./parameters.ts";

const MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
const MINUTE = 60_000;

/** Obsolete zones of RFC 5322 §4.3 and the European ones that are seen beside them, in minutes east of UTC. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ["ut", 0],
  ["utc", 0],
  ["gmt", 0],
  ["z", 0],
  ["wet", 0],
  ["bst", 60],
  ["west", 60],
  ["cet", 60],
  ["met", 60],
  ["cest", 120],
  ["mest", 120],
  ["eet", 120],
  ["eest", 180],
  ["msk", 180],
  ["edt", -240],
  ["est", -300],
  ["cdt", -300],
  ["cst", -360],
  ["mdt", -360],
  ["mst", -420],
  ["pdt", -420],
  ["pst", -480],
]);

const DAY_FIRST = /^(?:[^\s\d,]+,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z.]*[\s,-]+(\d{2,4})[\s,]+(\S.*)$/;
const MONTH_FIRST = /^(?:[a-z]+,?\s+)?([a-z]{3})[a-z.]*\s+(\d{1,2}),?\s+(?:(\d{4})\s+)?(\S.*)$/;
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:t|\s+)(\S.*)$/;
const TIME = /^(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d+)?)?\s*(am|pm)?\s*(.*)$/;
const OFFSET = /^(?:gmt|utc|ut)?\s*([+-])(\d{2}):?(\d{2})/;

/** Reads a date; null when it is none. An unknown or missing zone counts as UTC (RFC 5322 §4.3). */
export function parseDate(text: string): MailDate | null {
  const plain = withoutComments(text.slice(0, 200)).trim().toLowerCase();
  const iso = ISO.exec(plain);
  if (iso !== null) return build(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]), iso[4] ?? "");
  const dayFirst = DAY_FIRST.exec(plain);
  if (dayFirst !== null) {
    return build(fullYear(dayFirst[3] ?? ""), monthOf(dayFirst[2] ?? ""), Number(dayFirst[1]), dayFirst[4] ?? "");
  }
  const monthFirst = MONTH_FIRST.exec(plain);
  if (monthFirst === null) return null;
  return buildAsctime(monthFirst);
}

/** "Jan 2 15:04:05 [zone] 2006" and "January 2, 2006 15:04:05 [zone]". */
function buildAsctime(parts: RegExpExecArray): MailDate | null {
  const [, month = "", day = "", year, rest = ""] = parts;
  if (year !== undefined) return build(Number(year), monthOf(month), Number(day), rest);
  const trailing = /^(\S+(?:\s+[a-z]+)?)\s+(\d{4})(?:\s+(\S+))?$/.exec(rest);
  if (trailing === null) return null;
  return build(Number(trailing[2]), monthOf(month), Number(day), `${trailing[1]} ${trailing[3] ?? ""}`);
}

const monthOf = (name: string): number => {
  const at = MONTHS.indexOf(name);
  return at % 3 === 0 ? at / 3 : -1;
};

/** RFC 5322 §4.3: two digits are 1950 to 2049, three are years since 1900. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : year;
}

function build(year: number, month: number, day: number, timeAndZone: string): MailDate | null {
  const parts = TIME.exec(timeAndZone);
  if (parts === null) return null;
  const hour = hourOf(Number(parts[1]), parts[4]);
  const minute = Number(parts[2]);
  const second = Number(parts[3] ?? 0);
  if (month < 0 || month > 11 || hour > 23 || minute > 59 || second > 60 || year < 1900) return null;
  const midnight = Date.UTC(year, month, day);
  if (day < 1 || new Date(midnight).getUTCMonth() !== month) return null;
  const offsetMinutes = zoneOf(parts[5] ?? "");
  return { time: midnight + (hour * 60 + minute - offsetMinutes) * MINUTE + second * 1000, offsetMinutes };
}

const hourOf = (hour: number, half: string | undefined): number =>
  half === undefined || hour > 12 ? hour : (hour % 12) + (half === "pm" ? 12 : 0);

function zoneOf(written: string): number {
  const offset = OFFSET.exec(written);
  if (offset === null) return ZONES.get(/^[a-z]*/.exec(written)?.[0] ?? "") ?? 0;
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  // RFC 5322 §3.3 lets offsets go to 99:59; none on earth exceeds a day.
  return minutes >= 1440 ? 0 : offset[1] === "-" ? -minutes : minutes;
}
