// biome-ignore lint/suspicious/noControlCharactersInRegex: Latin-1 is what is asked for
const beyondLatin1 = /[^\x00-\xff]/;

/**
 * ASCII letters to upper case in a long text that holds other characters too: over its octets, four at a time,
 * since a callback per word costs ten times as much, and `toUpperCase` would change accented letters.
 */
export function upperWide(text: string): string {
  const latin1 = !beyondLatin1.test(text);
  const octets = Buffer.from(text, latin1 ? "latin1" : "utf16le");
  const words = Math.floor(octets.length / 4);
  if (octets.byteOffset % 4 !== 0) upperOctets(octets, 0, latin1);
  else {
    upperWords(new Int32Array(octets.buffer, octets.byteOffset, words), latin1);
    upperOctets(octets, words * 4, latin1);
  }
  return octets.toString(latin1 ? "latin1" : "utf16le");
}

function upperOctets(octets: Uint8Array, from: number, latin1: boolean): void {
  const step = latin1 ? 1 : 2;
  for (let i = from; i < octets.length; i += step) {
    const octet = octets[i] ?? 0;
    if (octet >= 97 && octet <= 122 && (latin1 || octets[i + 1] === 0)) octets[i] = octet - 32;
  }
}

/** In each octet the top bit says "a letter from a to z": not above 127, at least 97, not above 122. */
function upperWords(words: Int32Array, latin1: boolean): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    const low = word & 0x7f7f7f7f;
    let letters = (low + 0x1f1f1f1f) & ~(low + 0x05050505) & ~word & 0x80808080;
    // In UTF-16 the octet above must be zero.
    if (!latin1) letters &= ~((((word >>> 8) & 0x00ff00ff) + 0x00ff00ff) >>> 1) & 0x00800080;
    words[i] = word - (letters >>> 2);
  }
}
