import type { Language } from "@tamis/kit";

const MOST = 50;

/** Whether a text names a language of ours. */
export const isLanguage = (text: string | undefined): text is Language => text === "en" || text === "fr";

/** The one that Accept-Language (RFC 9110 §12.5.4) likes best; `otherwise` where it names neither. */
export function languageOf<T>(header: string | undefined, otherwise: T): Language | T {
  const ranges = (header ?? "").slice(0, 1000).split(",").slice(0, MOST);
  const weight = { en: 0, fr: 0 };
  for (const range of ranges) {
    const [tag = "", ...parameters] = range
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const [primary] = tag.split("-");
    if (!isLanguage(primary)) continue;
    weight[primary] = Math.max(weight[primary], weightOf(parameters));
  }
  if (weight.en === weight.fr) return weight.en === 0 ? otherwise : firstOf(ranges);
  return weight.en > weight.fr ? "en" : "fr";
}

function weightOf(parameters: readonly string[]): number {
  const written = parameters.find((one) => one.startsWith("q="))?.slice(2) ?? "1";
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(written) ? Number(written) : 0;
}

const firstOf = (ranges: readonly string[]): Language =>
  ranges
    .find((range) => /^\s*(?:en|fr)\b/i.test(range))
    ?.trim()
    .toLowerCase()
    .startsWith("fr")
    ? "fr"
    : "en";
