import type { RawResponse } from "./response-splitter.ts";

/** A value in a response: atom or number or quoted string (text), literal (bytes), NIL (null), or a list. */
export type Value = string | Buffer | null | readonly Value[];

/** Reads the values of a response from `position` on. Tolerant: what does not parse ends the reading, nothing throws. */
export class ValueReader {
  readonly #text: string;
  readonly #literals: readonly Buffer[];
  #position: number;
  #nextLiteral = 0;
  #depth = 0;

  constructor(response: RawResponse, position: number) {
    this.#text = response.text;
    this.#literals = response.literals;
    this.#position = position;
  }

  /** Whether something but blanks is left. */
  more(): boolean {
    while (this.#text.charCodeAt(this.#position) === 32) this.#position += 1;
    return this.#position < this.#text.length;
  }

  next(): Value {
    if (!this.more()) return null;
    const char = this.#text.charAt(this.#position);
    if (char === "(") return this.#list();
    if (char === '"') return this.#quoted();
    if (char === "\0") {
      this.#position += 1;
      const literal = this.#literals[this.#nextLiteral];
      this.#nextLiteral += 1;
      return literal ?? null;
    }
    return this.#atom();
  }

  #list(): Value {
    const values: Value[] = [];
    this.#position += 1;
    this.#depth += 1;
    while (this.#depth < 64 && this.more() && this.#text.charAt(this.#position) !== ")") values.push(this.next());
    this.#position += 1;
    this.#depth -= 1;
    return values;
  }

  #quoted(): string {
    let value = "";
    let start = this.#position + 1;
    for (let i = start; i < this.#text.length; i++) {
      const char = this.#text.charCodeAt(i);
      if (char === 92) {
        value += this.#text.slice(start, i);
        start = i + 1;
        i += 1;
      } else if (char === 34) {
        this.#position = i + 1;
        return value + this.#text.slice(start, i);
      }
    }
    this.#position = this.#text.length;
    return value + this.#text.slice(start);
  }

  /** An atom, a number or a FETCH item name; `BODY[HEADER.FIELDS (A B)]<0>` is one. */
  #atom(): string | null {
    const start = this.#position;
    let brackets = 0;
    for (; this.#position < this.#text.length; this.#position++) {
      const char = this.#text.charCodeAt(this.#position);
      if (char === 91) brackets += 1;
      else if (char === 93) brackets -= 1;
      else if (brackets <= 0 && (char === 32 || char === 40 || char === 41)) break;
    }
    // A stray ")" would be read for ever otherwise.
    if (this.#position === start) this.#position += 1;
    const atom = this.#text.slice(start, this.#position);
    return atom === "NIL" ? null : atom;
  }
}

/** The items of one FETCH response, by upper-case name. */
export type FetchItems = ReadonlyMap<string, Value>;

/** Reads the items of `* n FETCH (…)`. */
export function readFetchItems(response: RawResponse, position: number): FetchItems {
  const items = new Map<string, Value>();
  const list = new ValueReader(response, position).next();
  if (!Array.isArray(list)) return items;
  for (let i = 0; i + 1 < list.length; i += 2) {
    const name: Value = list[i] ?? null;
    if (typeof name === "string") items.set(name.toUpperCase(), list[i + 1] ?? null);
  }
  return items;
}

/** A value as text, whatever form the server chose. */
export function asText(value: Value | undefined): string {
  if (typeof value === "string") return value;
  return Buffer.isBuffer(value) ? value.toString("latin1") : "";
}

/** A value as octets; null where there is none. */
export function asOctets(value: Value | undefined): Buffer | null {
  if (typeof value === "string") return Buffer.from(value, "latin1");
  return Buffer.isBuffer(value) ? value : null;
}

export function asNumber(value: Value | undefined): number {
  const number = Number(asText(value));
  return Number.isFinite(number) ? number : 0;
}

/** A list of names and values, by upper-case name, as STATUS has it. */
export function readPairs(list: Value): Map<string, Value> {
  const items = new Map<string, Value>();
  if (Array.isArray(list))
    for (let i = 0; i + 1 < list.length; i += 2) items.set(asText(list[i]).toUpperCase(), list[i + 1] ?? null);
  return items;
}
