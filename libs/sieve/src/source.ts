/** A stretch of script text. Offsets count UTF-16 units from 0, `end` is exclusive. */
export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A stretch of script text with the place of its start; line and column count from 1. */
export interface Span extends Extent {
  readonly line: number;
  readonly column: number;
}

/** Finds line ends in a text, in time that grows with the text alone when asked in order. CR, LF, or both are one. */
export class LineBreaks {
  readonly #text: string;
  #from = 0;
  #lf = -1;
  #cr = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The first CR or LF from that offset on; the text's length where there is none. */
  next(from: number): number {
    if (from < this.#from) this.#lf = this.#cr = -1;
    this.#from = from;
    if (this.#lf < from) this.#lf = this.#find("\n", from);
    if (this.#cr < from) this.#cr = this.#find("\r", from);
    return Math.min(this.#lf, this.#cr);
  }

  #find(mark: string, from: number): number {
    const at = this.#text.indexOf(mark, from);
    return at < 0 ? this.#text.length : at;
  }
}

/** The offset behind the line end that stands at `at`. */
export function afterBreak(text: string, at: number): number {
  return text.startsWith("\r\n", at) ? at + 2 : Math.min(at + 1, text.length);
}

/** The lines of a text, to tell an offset as line and column; they are counted when first asked for. */
export class LineMap {
  readonly #text: string;
  #starts: readonly number[] | null = null;
  #last = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The 1-based line of an offset. */
  line(offset: number): number {
    return this.#index(offset) + 1;
  }

  /** The stretch with its line and column (in UTF-16 units). */
  span({ start, end }: Extent): Span {
    const index = this.#index(start);
    return { start, end, line: index + 1, column: start - (this.#starts?.[index] ?? 0) + 1 };
  }

  #index(offset: number): number {
    if (offset === 0) return 0;
    this.#starts ??= lineStarts(this.#text);
    this.#last = lineOf(offset, this.#starts, this.#last);
    return this.#last;
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  const breaks = new LineBreaks(text);
  for (let at = breaks.next(0); at < text.length; ) {
    const start = afterBreak(text, at);
    starts.push(start);
    at = breaks.next(start);
  }
  return starts;
}

/** Most places are asked for in order: on the line of the one before, or soon after. */
const near = 4;

function lineOf(offset: number, starts: readonly number[], before: number): number {
  let low = (starts[before] ?? 0) <= offset ? before : 0;
  for (const end = Math.min(low + near, starts.length); low < end; low++) {
    if (offset < (starts[low + 1] ?? Number.POSITIVE_INFINITY)) return low;
  }
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The text of one 1-based line, without its line end. */
export function lineText(text: string, line: number): string {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = lineEnd(text, start);
    if (end >= text.length) return "";
    start = end + (text.startsWith("\r\n", end) ? 2 : 1);
  }
  return text.slice(start, lineEnd(text, start));
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return i;
  }
  return text.length;
}
