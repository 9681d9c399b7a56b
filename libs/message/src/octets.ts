/** Small byte operations that the readers share. */

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const DASH = 0x2d;
export const COLON = 0x3a;
export const EQUALS = 0x3d;

/** The same memory seen as a Buffer, whose slicing into strings is fast. */
export function asBuffer(octets: Uint8Array): Buffer {
  return Buffer.isBuffer(octets) ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}

/** Value of a hexadecimal digit, -1 for any other octet. */
function hexValue(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Value of the two hexadecimal digits at `at`, -1 when they are none. */
export function hexPair(octets: Uint8Array, at: number): number {
  const high = hexValue(octets[at] ?? 0);
  const low = high < 0 ? -1 : hexValue(octets[at + 1] ?? 0);
  return low < 0 ? -1 : (high << 4) | low;
}

/** Index of the next LF in [from, end), or `end`. A loop: for lines it is faster than a native call. */
export function lineFeedBefore(octets: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && octets[at] !== LF) at++;
  return at;
}

/** True when the octets hold an 8-bit one. */
export function hasEightBit(octets: Uint8Array): boolean {
  const { head, words } = alignedWords(octets);
  for (let at = 0; at < words.length; at++) {
    if (((words[at] ?? 0) & 0x80808080) !== 0) return true;
  }
  for (let at = 0; at < octets.length; at = at === head - 1 ? head + words.length * 4 : at + 1) {
    if ((octets[at] ?? 0) >= 0x80) return true;
  }
  return false;
}

/** True when the octets hold one of 0x80 to 0x9F: controls in ISO 8859-1, letters and quotes in windows-1252. */
export function hasC1(octets: Uint8Array): boolean {
  const { head, words } = alignedWords(octets);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? 0;
    if ((word & ~((word << 1) | (word << 2)) & 0x80808080) !== 0) return true;
  }
  for (let at = 0; at < octets.length; at = at === head - 1 ? head + words.length * 4 : at + 1) {
    if (((octets[at] ?? 0) & 0xe0) === 0x80) return true;
  }
  return false;
}

/** The part of the octets that can be read four at once, and how many octets come before it. */
function alignedWords(octets: Uint8Array): { readonly head: number; readonly words: Uint32Array } {
  const head = Math.min(octets.length, (4 - (octets.byteOffset & 3)) & 3);
  return { head, words: new Uint32Array(octets.buffer, octets.byteOffset + head, (octets.length - head) >> 2) };
}
