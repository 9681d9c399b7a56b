import { decodeEntities } from "@tamis/message";
import type { Fault, FaultPlace } from "./fault.ts";
import { MAX_FIELD_NAME, MAX_TAG } from "./limits.ts";

/** A field in a text: a hole that each recipient's value fills. */
export interface Slot {
  /** NFC. */
  readonly name: string;
  /** What stands there where the recipient has no value; null where a value has to be. */
  readonly fallback: string | null;
  /** The text of the draft that it stands in. */
  readonly place: FaultPlace;
  readonly line: number;
  readonly column: number;
}

/** A text in pieces, in their order. */
export type Piece = string | Slot;

/** A text taken apart. */
export interface Template {
  readonly pieces: readonly Piece[];
  readonly faults: readonly Fault[];
}

/** `name`, or `name | "default"` with the quotes of one's keyboard, of French or of English typography. */
const TAG = /^\s*([^|"{}\s](?:[^|"{}]*[^|"{}\s])?)\s*(?:\|\s*(?:"((?:[^"\\]|\\.)*)"|“([^“”]*)”|«\s*([^«»]*)»)\s*)?$/su;

/**
 * Takes a text apart at its fields. In HTML, what editors make of the quotes of a default (`&quot;`) is understood.
 * Whatever stands in braces and is no field gives a fault.
 */
export function parseTemplate(source: string, place: FaultPlace): Template {
  const pieces: Piece[] = [];
  const faults: Fault[] = [];
  const places = new Places(source);
  let literal = "";
  let from = 0;
  for (let at = source.indexOf("{{"); at !== -1; at = source.indexOf("{{", from)) {
    if (source[at - 1] === "\\" && at > from) {
      literal += `${source.slice(from, at - 1)}{{`;
      from = at + 2;
      continue;
    }
    literal += source.slice(from, at);
    const end = source.indexOf("}}", at + 2);
    const length = end === -1 ? MAX_TAG + 1 : end - at - 2;
    const written = source.slice(at + 2, at + 2 + Math.min(length, 60));
    const tag = length > MAX_TAG ? null : readTag(source.slice(at + 2, end), place === "html");
    const where = places.of(at);
    if (tag === null) faults.push({ code: "bad-field", place, ...where, parameters: { written } });
    else {
      if (literal !== "") pieces.push(literal);
      literal = "";
      pieces.push({ ...tag, place, ...where });
    }
    from = length > MAX_TAG ? at + 2 : end + 2;
  }
  literal += source.slice(from);
  if (literal !== "") pieces.push(literal);
  return { pieces, faults };
}

function readTag(written: string, isHtml: boolean): Pick<Slot, "name" | "fallback"> | null {
  const found = TAG.exec(isHtml ? decodeEntities(written) : written);
  const name = found?.[1]?.normalize("NFC") ?? "";
  if (found === null || name.length > MAX_FIELD_NAME || /[<>\p{Cc}]/u.test(name)) return null;
  const quoted = found[2]?.replace(/\\(.)/gsu, "$1");
  return { name, fallback: quoted ?? found[3] ?? found[4]?.trimEnd() ?? null };
}

/** Lines and columns of ascending places, each line counted once. */
class Places {
  private readonly source: string;
  private line = 1;
  private start = 0;

  constructor(source: string) {
    this.source = source;
  }

  of(at: number): { readonly line: number; readonly column: number } {
    for (let next = this.source.indexOf("\n", this.start); next !== -1 && next < at; ) {
      this.line++;
      this.start = next + 1;
      next = this.source.indexOf("\n", this.start);
    }
    return { line: this.line, column: at - this.start + 1 };
  }
}

/** What fills a slot: the recipient's value, without the blanks around it, or the default. */
export function fieldValue(slot: Slot, fields: Readonly<Record<string, string>>): string | null {
  const value = Object.hasOwn(fields, slot.name) ? (fields[slot.name] ?? "").trim() : "";
  return value === "" ? slot.fallback : value.toWellFormed();
}
