/** Three rare encodings that TextDecoder refuses, each brought back to one that it knows. */

const ESCAPE = 0x1b;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
const TILDE = 0x7e;

/** ISO-2022-KR (RFC 1557): between SO and SI two 7-bit octets are one KS X 1001 character. */
export function decodeIso2022Kr(octets: Buffer): string {
  const out = Buffer.allocUnsafe(octets.length);
  let length = 0;
  let shifted = false;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    if (octet === SHIFT_OUT || octet === SHIFT_IN) shifted = octet === SHIFT_OUT;
    else if (octet === ESCAPE && octets[at + 1] === 0x24 && octets[at + 2] === 0x29) at += 3;
    else out[length++] = shifted && octet > 0x20 ? octet | 0x80 : octet;
  }
  return new TextDecoder("euc-kr").decode(out.subarray(0, length));
}

/** HZ (RFC 1843): between "~{" and "~}" two 7-bit octets are one GB 2312 character. */
export function decodeHz(octets: Buffer): string {
  const out = Buffer.allocUnsafe(octets.length);
  let length = 0;
  let shifted = false;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    const next = octets[at + 1];
    if (octet !== TILDE) out[length++] = shifted && octet > 0x20 ? octet | 0x80 : octet;
    else if (next === 0x7b || next === 0x7d) {
      shifted = next === 0x7b;
      at++;
    } else if (next === TILDE) {
      out[length++] = TILDE;
      at++;
    } else if (next !== 0x0a) out[length++] = octet;
  }
  return new TextDecoder("gbk").decode(out.subarray(0, length));
}

/** UTF-32; a byte order mark overrides the order asked for, and little-endian shows by a zero fourth octet. */
export function decodeUtf32(octets: Buffer, bigEndian: boolean): string {
  const pieces: string[] = [];
  const mark = octets.length >= 4 ? octets.readUInt32BE(0) : 0;
  const big = mark === 0xfeff || (mark !== 0xfffe0000 && (bigEndian || mark < 0x110000));
  for (let at = 0; at + 4 <= octets.length; at += 4) {
    const point = big ? octets.readUInt32BE(at) : octets.readUInt32LE(at);
    if (at === 0 && point === 0xfeff) continue;
    pieces.push(point < 0x110000 ? String.fromCodePoint(point) : "\uFFFD");
  }
  return pieces.join("");
}
