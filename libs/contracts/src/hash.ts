/** FNV-1a over the UTF-8 bytes of `text`: 32 bits, unsigned. Not for secrets: it only spreads and names. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
