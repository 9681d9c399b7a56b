/** The alphabet of RFC 4648 §6, in lower case: local parts are compared with and without case. */
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

/** Octets as lower-case base32 (RFC 4648 §6) without padding. */
export function toBase32(octets: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const octet of octets) {
    held = (held << 8) | octet;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}

/** The octets of lower-case base32 without padding; null where {@link toBase32} writes none so. */
export function fromBase32(text: string): Uint8Array | null {
  const octets = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    octets[at++] = held >>> bits;
    held &= (1 << bits) - 1;
  }
  // What is left over must be nothing: one value has one text.
  return bits < 5 && held === 0 ? octets : null;
}
