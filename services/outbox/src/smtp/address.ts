import { domainToASCII } from "node:url";

/** RFC 5321 §4.5.3.1: octets of a path, of a local part. */
const MAX_PATH = 254;
const MAX_LOCAL = 64;
/** Atoms or one quoted string before the last @; without blanks or controls outside quotes, and never a bracket. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const LOCAL = /^(?:[^\s"(),:;<>@[\\\]\u0000-\u001f\u007f]+|"(?:[^"\\\u0000-\u001f\u007f]|\\[\u0020-\u007e])*")$/u;
const LABEL = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?";
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, "u");
const LITERAL = /^\[(?:IPv6:)?[0-9A-Fa-f:.]+\]$/;

/** An address as it stands in MAIL and RCPT. */
export interface Path {
  /** Without angle brackets, the domain in ASCII (RFC 5891). */
  readonly text: string;
  /** The local part is not ASCII: it can only go to a server with SMTPUTF8 (RFC 6531). */
  readonly needsUtf8: boolean;
}

/** The address as a path; null where it is none: it would be an injection, or refused by every server. */
export function toPath(address: string): Path | null {
  if (address.length > MAX_PATH) return null;
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at);
  const domain = asciiDomain(address.slice(at + 1));
  if (at < 1 || domain === null || !LOCAL.test(local) || Buffer.byteLength(local) > MAX_LOCAL) return null;
  const text = `${local}@${domain}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is looked for
  return Buffer.byteLength(text) > MAX_PATH ? null : { text, needsUtf8: !/^[\u0000-\u007f]*$/.test(local) };
}

function asciiDomain(domain: string): string | null {
  if (LITERAL.test(domain)) return domain;
  if (!DOMAIN.test(domain)) return null;
  return domainToASCII(domain) || null;
}

/** Whether two addresses are one mailbox, as far as one can tell from outside: domains, and in practice local parts, know no case. */
export function isSameMailbox(a: string, b: string): boolean {
  return canonicalMailbox(a) === canonicalMailbox(b);
}

/** What names a mailbox where mailboxes are counted or compared. */
export function canonicalMailbox(address: string): string {
  return (toPath(address)?.text ?? address).toLowerCase();
}
