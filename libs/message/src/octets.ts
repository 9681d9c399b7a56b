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

/** Values of the hexadecimal digits by octet, -1 for all others: a table is faster than to tell them apart. */
const HEX_VALUES = Int8Array.from({ length: 256 }, (_, octet) => {
  const digit = String.fromCharCode(octet);
  return /[\da-f]/i.test(digit) ? Number.parseInt(digit, 16) : -1;
});

/** Value of the two hexadecimal digits at `at`, -1 when they are none. */
export function hexPair(octets: Uint8Array, at: number): number {
  if (at + 1 >= octets.length) return -1;
  const high = HEX_VALUES[octets[at] as number] as number;
  const low = HEX_VALUES[octets[at + 1] as number] as number;
  return (high | low) < 0 ? -1 : (high << 4) | low;
}

/** Index of the next LF in [from, end), or `end`. A loop: for lines it is faster than a native call. */
export function lineFeedBefore(octets: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && octets[at] !== LF) at++;
  return at;
}

/** True when the octets hold an 8-bit one. */
export function hasEightBit(octets: Uint8Array): boolean {
  const { head, words, tail } = inWords(octets);
  for (let at = 0; at < words.length; at++) {
    if (((words[at] ?? 0) & 0x80808080) !== 0) return true;
  }
  const isEightBit = (octet: number): boolean => octet >= 0x80;
  return head.some(isEightBit) || tail.some(isEightBit);
}

/** True when the octets hold one of 0x80 to 0x9F: controls in ISO 8859-1, letters and quotes in windows-1252. */
export function hasC1(octets: Uint8Array): boolean {
  const { head, words, tail } = inWords(octets);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? 0;
    if ((word & ~((word << 1) | (word << 2)) & 0x80808080) !== 0) return true;
  }
  const isC1 = (octet: number): boolean => (octet & 0xe0) === 0x80;
  return head.some(isC1) || tail.some(isC1);
}

/** The octets as aligned words of four, with the few before and after them. */
function inWords(octets: Uint8Array): {
  readonly head: Uint8Array;
  readonly words: Uint32Array;
  readonly tail: Uint8Array;
} {
  const headLength = Math.min(octets.length, (4 - (octets.byteOffset & 3)) & 3);
  const count = (octets.length - headLength) >> 2;
  const words = count === 0 ? NO_WORDS : new Uint32Array(octets.buffer, octets.byteOffset + headLength, count);
  return { head: octets.subarray(0, headLength), words, tail: octets.subarray(headLength + count * 4) };
}

const NO_WORDS = new Uint32Array(0);
