import type { HeaderField, Message } from "@tamis/message";

const CR = 0x0d;
const LF = 0x0a;

/**
 * The mail with whole line ends (RFC 5321 §2.3.8), as `dataBlock` sends it: a CR or LF that stands alone ends a line too. A field that would come
 * to light only then, a Bcc among them, is seen before. The same octets where there is none.
 */
export function withWholeLines(mail: Uint8Array): Uint8Array {
  const bare = bareEnds(mail);
  if (bare.length === 0) return mail;
  const whole = Buffer.allocUnsafe(mail.length + bare.length);
  let from = 0;
  for (const [before, at] of bare.entries()) {
    whole.set(mail.subarray(from, at), from + before);
    whole[at + before] = CR;
    whole[at + before + 1] = LF;
    from = at + 1;
  }
  whole.set(mail.subarray(from), from + bare.length);
  return whole;
}

/** Where a CR or LF stands alone. A plain loop: mails are long. */
function bareEnds(mail: Uint8Array): readonly number[] {
  const bare: number[] = [];
  for (let at = 0; at < mail.length; at++) {
    const octet = mail[at];
    if (octet === CR ? mail[at + 1] !== LF : octet === LF && mail[at - 1] !== CR) bare.push(at);
  }
  return bare;
}

/** The mail without these fields of its header, which stand in the order of the mail; nothing else is touched. */
export function without(raw: Uint8Array, fields: readonly HeaderField[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { start, end } of fields) {
    pieces.push(raw.subarray(at, start));
    at = end;
  }
  pieces.push(raw.subarray(at));
  return pieces.length === 1 ? raw : Buffer.concat(pieces);
}

const MAX_HEADER_OCTETS = 256 * 1024;
const MAX_HEADER_FIELDS = 2_000;

/**
 * Whether a header is longer than any mail program writes. What reads fields reads more than that, and not without end: beyond it a Bcc, or
 * another From, would not be seen.
 */
export const isHeaderLong = (message: Message): boolean =>
  message.bodyStart > MAX_HEADER_OCTETS || message.headerFields().length > MAX_HEADER_FIELDS;

/** RFC 8098 §2.1: whether its author wants to know that it was read. */
export const asksDisposition = (message: Message): boolean => message.headers("Disposition-Notification-To").length > 0;

/** RFC 5322 §3.3, as clocks show it that are so many minutes before UTC. */
export function dateAt(at: Date, offsetMinutes = 0): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  const wall = new Date(at.getTime() + offsetMinutes * 60_000).toUTCString().replace(/ GMT$/, "");
  const minutes = Math.abs(offsetMinutes);
  return `${wall} ${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
