/** A stretch of script text. Offsets count UTF-16 units from 0, `end` is exclusive; line and column count from 1. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** The line starts of a text, so that an offset can be told as line and column. */
export interface LineMap {
  /** 1-based line and column (in UTF-16 units) of an offset. */
  locate(offset: number): { readonly line: number; readonly column: number };
}

/** Reads the line starts of `text`; CRLF, LF and a lone CR each end a line. */
export function lineMap(text: string): LineMap {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  let last = 0;
  return {
    locate(offset) {
      // Most places are asked for in order: on the line of the one before, or soon after.
      const isNear = (starts[last] ?? 0) <= offset;
      let low = isNear ? last : 0;
      let high = isNear && offset < (starts[last + 1] ?? Number.POSITIVE_INFINITY) ? last : starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      last = low;
      return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
    },
  };
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
