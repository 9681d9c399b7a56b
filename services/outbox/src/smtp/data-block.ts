const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

/**
 * A mail as it goes over the wire after DATA, final dot included (RFC 5321 §4.1.1.4, §4.5.2). Bare CR and LF become CRLF:
 * RFC 5321 §2.3.8 forbids them, and what a server takes for a line end, its neighbour must not take for another
 * (SMTP smuggling). Nothing else is changed.
 */
export function dataBlock(mail: Uint8Array): Buffer {
  // Each octet becomes two at most: a bare line end, or a dot that begins a line.
  const block = Buffer.allocUnsafe(mail.length * 2 + 5);
  let at = 0;
  let isLineStart = true;
  const endLine = (): void => {
    block[at++] = CR;
    block[at++] = LF;
    isLineStart = true;
  };
  for (let index = 0; index < mail.length; index++) {
    const octet = mail[index] ?? 0;
    if (octet === CR) {
      if (mail[index + 1] === LF) index++;
      endLine();
    } else if (octet === LF) endLine();
    else {
      if (isLineStart && octet === DOT) block[at++] = DOT;
      block[at++] = octet;
      isLineStart = false;
    }
  }
  if (!isLineStart) endLine();
  block[at++] = DOT;
  endLine();
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
