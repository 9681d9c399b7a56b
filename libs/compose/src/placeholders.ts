import { createHash } from "node:crypto";
import type { Piece, Slot } from "./template.ts";

/** A text with a mark in the place of each field, for programs that know nothing of fields. */
export interface Marked {
  readonly text: string;
  /** The text, whatever became of it since, as pieces again. The fields are those marked, by their number. */
  restore(text: string): readonly (string | number)[];
}

/**
 * Marks are of lower-case letters and digits, which Markdown, HTML and URLs leave as they are, and stand nowhere in the text: they are
 * made of its digest, so that no text can hold many of them.
 */
export function mark(pieces: readonly Piece[]): Marked {
  const all = pieces.map((piece) => (typeof piece === "string" ? piece.toLowerCase() : "")).join(" ");
  let stem = "";
  for (let salt = 0; stem === "" || all.includes(stem); salt++) {
    stem = `q${createHash("sha256").update(`${salt} ${all}`).digest("hex").slice(0, 20)}q`;
  }
  let slots = 0;
  const text = pieces.map((piece) => (typeof piece === "string" ? piece : `${stem}${slots++}z`)).join("");
  const pattern = new RegExp(`${stem}(\\d+)z`);
  return {
    text,
    restore: (changed) =>
      changed
        .split(pattern)
        .map((piece, index) => (index % 2 === 0 ? piece : Number(piece)))
        .filter((piece) => piece !== ""),
  };
}

/** The fields of a text, in their order. */
export function slotsOf(pieces: readonly Piece[]): readonly Slot[] {
  return pieces.filter((piece) => typeof piece !== "string");
}
