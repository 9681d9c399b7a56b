const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

/** So much of a long mail is made ready at once, octets. */
const PIECE = 64 * 1024;

/** RFC 5321 §4.1.1.4: what ends a mail, at the beginning of a line. */
export const FINAL_DOT: Uint8Array = Uint8Array.of(DOT, CR, LF);

/** Where the wire is between two pieces of a mail. */
interface Place {
  isLineStart: boolean;
  /** The LF of a line end that was written may be yet to come. */
  isAfterCr: boolean;
}

/**
 * A mail as it goes over the wire after DATA, without its final dot (RFC 5321 §4.1.1.4, §4.5.2), in pieces made of so many octets of it. Bare CR
 * and LF become CRLF: RFC 5321 §2.3.8 forbids them, and what a server takes for a line end, its neighbour must not take for another
 * (SMTP smuggling). Nothing else is changed: a line of more than 998 octets goes as it is (§4.5.3.1.6), since another would break its signatures.
 */
export function* dataPieces(mail: Uint8Array, octets = PIECE): Generator<Buffer> {
  const place: Place = { isLineStart: true, isAfterCr: false };
  for (let from = 0; from < mail.length; from += octets) yield stuffed(mail.subarray(from, from + octets), place);
  if (!place.isLineStart) yield Buffer.of(CR, LF);
}

/** As {@link dataPieces}, in one, with its final dot. */
export function dataBlock(mail: Uint8Array): Buffer {
  return Buffer.concat([...dataPieces(mail), FINAL_DOT]);
}

function stuffed(octets: Uint8Array, place: Place): Buffer {
  // Each octet becomes two at most: a bare line end, or a dot that begins a line.
  const block = Buffer.allocUnsafe(octets.length * 2);
  let { isLineStart, isAfterCr } = place;
  let at = 0;
  for (let index = 0; index < octets.length; index++) {
    const octet = octets[index] ?? 0;
    const endsLine = octet === CR || octet === LF;
    if (endsLine && !(octet === LF && isAfterCr)) {
      block[at++] = CR;
      block[at++] = LF;
      isLineStart = true;
    } else if (!endsLine) {
      if (isLineStart && octet === DOT) block[at++] = DOT;
      block[at++] = octet;
      isLineStart = false;
    }
    isAfterCr = octet === CR;
  }
  place.isLineStart = isLineStart;
  place.isAfterCr = isAfterCr;
  return block.subarray(0, at);
}

/** Whether the header of a mail, up to the first empty line, has octets above 127 (RFC 6532). */
export function hasEightBitHeader(mail: Uint8Array): boolean {
  const text = Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength);
  const end = text.indexOf("\r\n\r\n");
  return hasEightBit(end === -1 ? mail : mail.subarray(0, end));
}

/** Whether a mail has octets above 127 (RFC 6152). */
export function hasEightBit(mail: Uint8Array): boolean {
  for (let index = 0; index < mail.length; index++) if ((mail[index] ?? 0) > 127) return true;
  return false;
}
