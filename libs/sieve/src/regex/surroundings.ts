import type { Place } from "./syntax.ts";

/** What stands beside a place between two characters. */
export type Neighbour = "edge" | "word" | "other";

/** Whether a place of that kind lies between these neighbours. */
export function holds(place: Place, before: Neighbour, after: Neighbour): boolean {
  const wordBefore = before === "word";
  const wordAfter = after === "word";
  switch (place) {
    case "start":
      return before === "edge";
    case "end":
      return after === "edge";
    case "word-edge":
      return wordBefore !== wordAfter;
    case "no-word-edge":
      return wordBefore === wordAfter;
    case "word-start":
      return !wordBefore && wordAfter;
    case "word-end":
      return wordBefore && !wordAfter;
  }
}
