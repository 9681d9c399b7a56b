/** UTF-7 (RFC 2152), which no TextDecoder reads any more. */

const PLUS = 0x2b;
const MINUS = 0x2d;
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const sextets: Int8Array = (() => {
  const table = new Int8Array(256).fill(-1);
  for (let value = 0; value < BASE64.length; value++) table[BASE64.charCodeAt(value)] = value;
  return table;
})();

/** Decodes UTF-7; octets outside it are taken as ISO 8859-1. */
export function decodeUtf7(octets: Buffer): string {
  const pieces: string[] = [];
  let plain = 0;
  let at = octets.indexOf(PLUS);
  while (at !== -1) {
    pieces.push(octets.toString("latin1", plain, at));
    const end = shiftEnd(octets, at + 1);
    if (end === at + 1) pieces.push("+");
    else pieces.push(decodeShifted(octets, at + 1, end));
    // RFC 2152 rule 2: the minus that ends a shifted sequence is absorbed; "+-" is a plus.
    plain = octets[end] === MINUS ? end + 1 : end;
    at = octets.indexOf(PLUS, plain);
  }
  pieces.push(octets.toString("latin1", plain));
  return pieces.join("");
}

function shiftEnd(octets: Uint8Array, from: number): number {
  let at = from;
  while (at < octets.length && (sextets[octets[at] ?? 0] ?? -1) >= 0) at++;
  return at;
}

/** Modified base64 of UTF-16BE; left-over bits are dropped. */
function decodeShifted(octets: Uint8Array, start: number, end: number): string {
  const units = new Uint16Array(((end - start) * 6) >> 4);
  let count = 0;
  let bits = 0;
  let held = 0;
  for (let at = start; at < end; at++) {
    held = ((held << 6) | (sextets[octets[at] ?? 0] ?? 0)) & 0xffffff;
    bits += 6;
    if (bits >= 16) {
      bits -= 16;
      units[count++] = (held >> bits) & 0xffff;
    }
  }
  return Buffer.from(units.buffer, 0, count * 2).toString("utf16le");
}
