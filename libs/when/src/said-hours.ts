import { type OfficeHours, type OfficeHoursFault, readOfficeHours } from "./office-hours.ts";
import { plainWords, weekdays } from "./words.ts";
import { zoneIn } from "./zone-names.ts";

/** Office hours that were said, or why they are none. */
export type SaidHours =
  | { readonly ok: true; readonly hours: OfficeHours }
  | { readonly ok: false; readonly fault: OfficeHoursFault };

/** `8:00-18:00`, `8h-18h30`, `0800 to 1800`, `8 à 18`. */
const HOURS = /(?:^| )(?:de )?(\d{1,2})(?:[:h]?(\d\d)|h)? ?(?:-|to|a) ?(\d{1,2})(?:[:h]?(\d\d)|h)?$/;
const LONGEST = 200;

/**
 * Reads office hours as they are said: days, then hours, then perhaps a zone: `Mon-Fri 8:00-18:00`, `lundi, jeudi 8h-12h Europe/Paris`,
 * `1-5 0800-1800`.
 * @param zone where none is said
 */
export function readSaidHours(text: string, zone: string): SaidHours {
  const { zone: said, rest } = zoneIn(text.slice(0, LONGEST).trim());
  const plain = plainWords(rest);
  const found = HOURS.exec(plain);
  if (found === null) return { ok: false, fault: "bad-hours" };
  const days = daysIn(plain.slice(0, found.index));
  const time = (hour = "", minute = "00"): string => `${hour.padStart(2, "0")}:${minute}`;
  const hours: OfficeHours = {
    days: days ?? [],
    from: time(found[1], found[2]),
    to: time(found[3], found[4]),
    zone: said ?? zone,
  };
  const read = readOfficeHours(hours);
  return read.ok ? { ok: true, hours } : { ok: false, fault: read.fault };
}

/** null where a word is no day. */
function daysIn(text: string): readonly number[] | null {
  const found = new Set<number>();
  const parts = text.replace(/\b(?:du|de|from|le|et|and)\b|[,.]/g, " ").replace(/ ?(?:-|\bto\b|\bau?\b) ?/g, "-");
  for (const part of parts.split(" ").filter((word) => word !== "")) {
    const [first = Number.NaN, last = first] = part.split("-").map(dayOf);
    if (Number.isNaN(first) || Number.isNaN(last)) return null;
    // From Friday to Monday, too.
    for (let day = first; ; day = (day + 1) % 7) {
      found.add(day);
      if (day === last) break;
    }
  }
  return [...found].sort((a, b) => a - b);
}

const dayOf = (word: string): number =>
  /^[0-6]$/.test(word) ? Number(word) : (weekdays.get(word) ?? weekdays.get(word.replace(/s$/, "")) ?? Number.NaN);
