import { MAX_ADDRESS } from "./limits.ts";

/** RFC 5322 §3.2.3, and RFC 6532 §3.2 beyond ASCII. */
const DOT_ATOM = /^[\w!#$%&'*+\-/=?^`{|}~\u0080-\u{10FFFF}]+(?:\.[\w!#$%&'*+\-/=?^`{|}~\u0080-\u{10FFFF}]+)*$/u;

const QUOTED = /^"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"$/u;

/** Labels of letters, digits and inner hyphens, after IDNA; or an address literal (RFC 5321 §4.1.3). */
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const LITERAL = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9a-fA-F:.]{2,45})\]$/;

/** An address as it goes into a header and into the envelope. */
export interface WrittenAddress {
  /** The domain in A-labels (RFC 5890 §2.3.2.1), the local part as it came. */
  readonly address: string;
  /** The local part is not ASCII: the relay has to offer SMTPUTF8 (RFC 6531 §3.2). */
  readonly smtpUtf8: boolean;
}

/** Reads an address with nothing around it; null for anything else. */
export function readAddress(text: string): WrittenAddress | null {
  const at = text.lastIndexOf("@");
  if (at < 1 || !text.isWellFormed()) return null;
  const local = text.slice(0, at);
  if (!DOT_ATOM.test(local) && !QUOTED.test(local)) return null;
  if (/[\p{Cc}\p{Z}\p{Cf}]/u.test(local.replaceAll(" ", ""))) return null;
  const domain = asciiDomain(text.slice(at + 1));
  if (domain === null) return null;
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(address, "utf8") > MAX_ADDRESS || Buffer.byteLength(local, "utf8") > 64) return null;
  return { address, smtpUtf8: /\P{ASCII}/u.test(local) };
}

function asciiDomain(domain: string): string | null {
  if (LITERAL.test(domain) || DOMAIN.test(domain)) return domain;
  // Only what lies beyond ASCII is converted: URL would also take "%61", "0x7f.1" and the like for hosts.
  if (!/\P{ASCII}/u.test(domain) || /[\0-\x2c/:-@[-`{-\x7f]/.test(domain)) return null;
  const host = URL.canParse(`http://${domain}/`) ? new URL(`http://${domain}/`).hostname : "";
  return DOMAIN.test(host) ? host : null;
}
