import { plainWords } from "./words.ts";
import { isTimeZone } from "./zones.ts";

/** Zones by the name of their place, where only one has it. */
let places: ReadonlyMap<string, string> | undefined;

function zonesByPlace(): ReadonlyMap<string, string> {
  if (places !== undefined) return places;
  const found = new Map<string, string | null>();
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    const place = plainWords(zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " "));
    found.set(place, found.has(place) ? null : zone);
  }
  places = new Map([...found].filter((entry): entry is [string, string] => entry[1] !== null));
  return places;
}

/** A zone at the end of a text, `Europe/Paris`, `(Paris)`, `heure de Paris`, `UTC`, and the text before it. A place that is none stays in the text. */
export function zoneIn(text: string): { readonly zone: string | null; readonly rest: string } {
  const named = /^(.*?)[\s,]*\(?\b([A-Za-z_]+(?:\/[A-Za-z_+-]+){1,2}|UTC|GMT)\)?$/su.exec(text);
  if (named !== null && isTimeZone(named[2] ?? "")) return { zone: named[2] ?? null, rest: named[1] ?? "" };
  const words = text.replace(/[()]/g, " ").trim();
  for (const pattern of [
    /^(.*?)[\s,]+(?:heure de |heure d'|time in )?(\p{L}+ \p{L}+)(?: time)?$/su,
    /^(.*?)[\s,]+(?:heure de |heure d'|time in )?(\p{L}+)(?: time)?$/su,
  ]) {
    const found = pattern.exec(words);
    const zone = zonesByPlace().get(plainWords(found?.[2] ?? ""));
    if (found !== null && zone !== undefined) return { zone, rest: found[1] ?? "" };
  }
  return { zone: null, rest: text };
}
