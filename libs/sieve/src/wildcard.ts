import type { Original } from "./original.ts";

/** A run of a pattern between two `*`: literal pieces, and null for each `?`. */
type Chunk = readonly (string | null)[];

/** Counts work. */
type Spend = (steps: number) => void;

const free: Spend = () => {};

/**
 * A `:matches` pattern (RFC 5228 §2.7.1), already folded: `*` is any run of characters and takes as few
 * as it can (RFC 5229 §3.2), `?` is one character (a Unicode code point), a backslash makes the next
 * character literal. Matching never backtracks over a `*`: the leftmost place of each chunk is enough.
 */
export class Wildcard {
  readonly #chunks: readonly Chunk[];

  constructor(pattern: string) {
    this.#chunks = chunksOf(pattern);
  }

  /** Whether it has no wildcards, and so matches one text only. */
  get isLiteral(): boolean {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first !== undefined && first.every((piece) => piece !== null);
  }

  /** The longest text that stands in everything that matches; "" when there is none. */
  get required(): string {
    const pieces = this.#chunks.flat().filter((piece) => piece !== null);
    return pieces.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), "");
  }

  /** `spend` is told of the work while it is done, and may throw to end it. */
  test(text: string, spend: Spend = free): boolean {
    return this.#run(text, null, spend);
  }

  /** What matched, then what each wildcard matched, from the left; null when nothing did. */
  capture(text: string, original: Original, spend: Spend = free): readonly string[] | null {
    const starts: number[] = [];
    if (!this.#run(text, starts, spend)) return null;
    const captured = [original.slice(0, text.length)];
    let end = 0;
    this.#chunks.forEach((chunk, index) => {
      const start = starts[index] ?? 0;
      if (index > 0) captured.push(original.slice(end, start));
      end = start;
      for (const piece of chunk) {
        const next = end + (piece === null ? width(text, end) : piece.length);
        if (piece === null) captured.push(original.slice(end, next));
        end = next;
      }
    });
    return captured;
  }

  /** Matches the whole text; `starts` receives where each chunk begins. */
  #run(text: string, starts: number[] | null, spend: Spend): boolean {
    const chunks = this.#chunks;
    const last = chunks.length - 1;
    let at = matchAt(text, 0, chunks[0] ?? []);
    starts?.push(0);
    if (last === 0) return at === text.length;
    if (at < 0) return false;
    for (let index = 1; index < last; index++) {
      const chunk = chunks[index] ?? [];
      const found = find(text, at, chunk, spend);
      if (found < 0) return false;
      starts?.push(found);
      at = matchAt(text, found, chunk);
    }
    const tail = startOfTail(text, chunks[last] ?? []);
    starts?.push(tail);
    return tail >= at;
  }
}

function chunksOf(pattern: string): readonly Chunk[] {
  const chunks: (string | null)[][] = [[]];
  let literal = "";
  const flush = (): void => {
    if (literal !== "") chunks.at(-1)?.push(literal);
    literal = "";
  };
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] ?? "";
    if (character === "*") {
      flush();
      chunks.push([]);
    } else if (character === "?") {
      flush();
      chunks.at(-1)?.push(null);
    } else if (character === "\\" && i + 1 < pattern.length) literal += pattern[++i] ?? "";
    else literal += character;
  }
  flush();
  return chunks;
}

function width(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** The end of the chunk when it matches at that place, else -1. */
function matchAt(text: string, start: number, chunk: Chunk): number {
  let at = start;
  for (const piece of chunk) {
    if (piece === null) {
      if (at >= text.length) return -1;
      at += width(text, at);
    } else {
      if (!text.startsWith(piece, at)) return -1;
      at += piece.length;
    }
  }
  return at;
}

/** Places tried between two reports of work. */
const placesAtOnce = 64;

/** The leftmost place of a chunk; only a chunk with `?` in it can take more than one search. */
function find(text: string, from: number, chunk: Chunk, spend: Spend): number {
  const first = chunk[0];
  if (first === undefined) return from;
  let tried = 0;
  const work = chunk.reduce((sum, piece) => sum + 1 + ((piece?.length ?? 0) >> 2), 0);
  for (let at = nextPlace(text, from, first); at >= 0; at = nextPlace(text, at + 1, first)) {
    if (matchAt(text, at, chunk) >= 0) return at;
    if (++tried % placesAtOnce === 0) spend(work);
  }
  return -1;
}

function nextPlace(text: string, from: number, first: string | null): number {
  if (first !== null) return text.indexOf(first, from);
  if (from >= text.length) return -1;
  return from > 0 && isLowSurrogate(text, from) ? from + 1 : from;
}

/** Where the chunk begins when the text ends with it, else -1. */
function startOfTail(text: string, chunk: Chunk): number {
  let at = text.length;
  for (let index = chunk.length - 1; index >= 0; index--) {
    const piece = chunk[index];
    if (typeof piece === "string") {
      if (!text.endsWith(piece, at)) return -1;
      at -= piece.length;
    } else {
      if (at <= 0) return -1;
      at -= isLowSurrogate(text, at - 1) && at > 1 ? 2 : 1;
    }
  }
  return at;
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
