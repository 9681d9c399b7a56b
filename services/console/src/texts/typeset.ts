import type { Text } from "@tamis/kit";

/** What stays of texts when they are printed: all that is no text. */
type Typeset<T extends Readonly<Record<string, Text>>> = { readonly [K in keyof T]: Omit<T[K], keyof Text> & Text };

/** No-break spaces: before a colon and inside quotes, and narrow before the other signs that stand apart. */
const WIDE = "\u00a0";
const NARROW = "\u202f";

/** An apostrophe as it is printed. */
const apostrophes = (text: string): string => text.replace(/(?<=\p{L})'(?=\p{L})/gu, "’");

/** French as it is printed: no sign begins a line. */
export const printedFrench = (text: string): string =>
  apostrophes(text)
    .replace(/ (?=[;!?])/g, NARROW)
    .replace(/ (?=[:»])/g, WIDE)
    .replace(/« /g, `«${WIDE}`);

/** Texts for pages, which are written as keyboards have them. */
export function typeset<const T extends Readonly<Record<string, Text>>>(texts: T): Typeset<T> {
  const printed = Object.entries(texts).map(
    ([key, text]) => [key, { ...text, en: apostrophes(text.en), fr: printedFrench(text.fr) }] as const,
  );
  // Proof: the same keys, and all that is no text as it was.
  return Object.fromEntries(printed) as Typeset<T>;
}
