/** Where the parts of a multipart body lie (RFC 2046 §5.1). */

import { CR, DASH, LF, SPACE, TAB } from "./octets.ts";

/** A part, header and body together: octets [start, end). */
export interface PartRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The parts between the delimiters of a multipart body in [start, end). The line end before a delimiter belongs to it.
 * Without a closing delimiter the last part goes to the end; beyond `most` parts the last one keeps the rest.
 */
export function findParts(octets: Buffer, body: PartRange, boundary: string, most: number): PartRange[] {
  const parts: PartRange[] = [];
  const area = octets.subarray(0, body.end);
  const delimiter = Buffer.from(`--${boundary}`);
  let partStart = -1;
  let found = area.indexOf(delimiter, body.start);
  while (found !== -1) {
    const line = found === body.start || area[found - 1] === LF ? delimiterEnd(area, found + delimiter.length) : null;
    if (line !== null) {
      if (partStart !== -1) parts.push({ start: partStart, end: withoutLineEnd(area, partStart, found) });
      if (line.closes && partStart !== -1) return parts;
      partStart = line.closes ? -1 : line.end;
      if (parts.length >= most - 1) break;
    }
    found = area.indexOf(delimiter, found + delimiter.length);
  }
  if (partStart !== -1) parts.push({ start: partStart, end: body.end });
  return parts;
}

/** The end of a delimiter line whose boundary ends at `from`; null when more than "--" and blanks follows. */
function delimiterEnd(area: Buffer, from: number): { readonly end: number; readonly closes: boolean } | null {
  const closes = area[from] === DASH && area[from + 1] === DASH;
  let at = closes ? from + 2 : from;
  while (area[at] === SPACE || area[at] === TAB || area[at] === CR) at++;
  if (at >= area.length) return { end: area.length, closes };
  if (area[at] === LF) return { end: at + 1, closes };
  // QUIRK: after the closing delimiter some programs write on in the same line.
  return closes ? { end: at, closes } : null;
}

function withoutLineEnd(area: Buffer, start: number, end: number): number {
  if (end <= start || area[end - 1] !== LF) return end;
  return end - 2 >= start && area[end - 2] === CR ? end - 2 : end - 1;
}

/** The boundary that the body seems to use, for a multipart that does not name its own: its first line that starts with "--". */
export function guessBoundary(octets: Buffer, body: PartRange): string | null {
  const area = octets.subarray(body.start, body.end);
  const found = area[0] === DASH && area[1] === DASH ? 0 : area.indexOf("\n--") + 1;
  if (found === 0 && area[0] !== DASH) return null;
  const line = area.toString("latin1", found + 2, Math.min(found + 200, area.length));
  const boundary = /^[\w'()+,./:=?-]{1,100}(?=\s*\n)/.exec(line)?.[0] ?? "";
  return boundary.length > 3 ? boundary : null;
}
