import type { Comparator } from "./comparator.ts";

/** A text that was compared folded: its stretches, asked for by their places in the folded text. */
export interface Original {
  slice(start: number, end: number): string;
}

/** A letter with the marks on it: what a comparator folds does not reach beyond (RFC 5051 §2). */
const letters = /\P{M}\p{M}*|\p{M}+/gu;

/**
 * The original of a folded text, so that match variables hold what the mail says (RFC 5229 §3.2) where folding changes
 * lengths. A letter of which a stretch has only the end belongs to the stretch before it.
 */
export function originalOf(source: string, folded: string, comparator: Comparator): Original {
  if (source.length === folded.length) return source;
  let places: readonly number[] | null = null;
  return {
    slice(start, end) {
      places ??= placesIn(source, comparator);
      return source.slice(places[start], places[end]);
    },
  };
}

/** For each place in the folded text, its end included, the place in the text itself. */
function placesIn(source: string, comparator: Comparator): readonly number[] {
  const places: number[] = [];
  let at = 0;
  for (const [letter] of source.matchAll(letters)) {
    const { length } = comparator.fold(letter);
    if (length > 0) places.push(at);
    at += letter.length;
    for (let inside = 1; inside < length; inside++) places.push(at);
  }
  places.push(at);
  return places;
}
