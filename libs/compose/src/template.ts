import { decodeEntities } from "@tamis/message";
import type { Fault, FaultPlace } from "./fault.ts";
import { MAX_FAULTS, MAX_FIELD_NAME, MAX_SLOTS, MAX_TAG } from "./limits.ts";

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
 * Whatever stands in braces and is no field gives a fault; after {@link MAX_FAULTS} faults or {@link MAX_SLOTS} fields it reads no further.
 */
export function parseTemplate(source: string, place: FaultPlace): Template {
  const pieces: Piece[] = [];
  const faults: Fault[] = [];
  const places = new Places(source);
  let literal = "";
  let slots = 0;
  let from = 0;
  const flush = (): void => {
    if (literal !== "") pieces.push(literal);
    literal = "";
  };
  for (let at = source.indexOf("{{"); at !== -1 && faults.length < MAX_FAULTS; at = source.indexOf("{{", from)) {
    const isEscaped = at > from && source[at - 1] === "\\";
    literal += isEscaped ? `${source.slice(from, at - 1)}{{` : source.slice(from, at);
    from = at + 2;
    if (isEscaped) continue;
    const where = { place, ...places.of(at) };
    const { written, tag, length } = tagAt(source, at, place);
    from += length;
    if (tag === null) faults.push({ code: "bad-field", ...where, parameters: { written } });
    else if (++slots > MAX_SLOTS) {
      faults.push({ code: "too-many-fields", ...where, parameters: { limit: String(MAX_SLOTS) } });
      break;
    } else {
      flush();
      pieces.push({ ...tag, ...where });
    }
  }
  literal += source.slice(from);
  flush();
  return { pieces, faults };
}

interface Tag {
  /** What stands after the braces, cut. */
  readonly written: string;
  readonly tag: Pick<Slot, "name" | "fallback"> | null;
  /** Characters after the opening braces that belong to it. */
  readonly length: number;
}

function tagAt(source: string, at: number, place: FaultPlace): Tag {
  const inside = source.slice(at + 2, at + 2 + MAX_TAG + 2);
  const end = inside.indexOf("}}");
  if (end === -1) return { written: inside.slice(0, 60), tag: null, length: 0 };
  return {
    written: inside.slice(0, Math.min(end, 60)),
    tag: readTag(inside.slice(0, end), place === "html"),
    length: end + 2,
  };
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
