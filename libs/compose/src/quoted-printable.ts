/** Characters of a line, the "=" of a soft line break not counted (RFC 2045 §6.7). */
const LINE = 75;

const EQUALS = 0x3d;
const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const DOT = 0x2e;
const LETTER_F = 0x46;

const HEX = Buffer.from("0123456789ABCDEF", "latin1");

/** A soft line break: what follows goes on in the same line of the text. */
export const SOFT_BREAK = Buffer.from("=\r\n", "latin1");

/**
 * Quoted-printable (RFC 2045 §6.7) of a text whose lines end with CRLF, beginning at the start of a line. Blanks at line ends are encoded,
 * as are what relays change at the start of one: a dot, and the F of "From ".
 */
export function quotedPrintable(text: string): Buffer {
  const octets = Buffer.from(text, "utf8");
  const out = Buffer.allocUnsafe(Math.ceil(octets.length * 3 * (1 + 3 / (LINE - 2))) + 3);
  let to = 0;
  let column = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    if (octet === CR && octets[at + 1] === LF) {
      out[to++] = CR;
      out[to++] = LF;
      at++;
      column = 0;
      continue;
    }
    const isPlain = octet > SPACE ? octet < 0x7f && octet !== EQUALS : isInnerBlank(octets, at);
    const width = isPlain && !(column === 0 && isChangedAtStart(octets, at)) ? 1 : 3;
    if (column + width > LINE) {
      to += SOFT_BREAK.copy(out, to);
      column = 0;
      // The octet begins a line now.
      at--;
      continue;
    }
    if (width === 1) out[to++] = octet;
    else {
      out[to++] = EQUALS;
      out[to++] = HEX[octet >> 4] ?? 0;
      out[to++] = HEX[octet & 15] ?? 0;
    }
    column += width;
  }
  return out.subarray(0, to);
}

/** A blank with more of its line after it. */
function isInnerBlank(octets: Buffer, at: number): boolean {
  const octet = octets[at];
  if (octet !== SPACE && octet !== TAB) return false;
  const next = octets[at + 1];
  return next !== undefined && next !== CR;
}

function isChangedAtStart(octets: Buffer, at: number): boolean {
  const octet = octets[at];
  return octet === DOT || (octet === LETTER_F && octets.toString("latin1", at, at + 5) === "From ");
}
