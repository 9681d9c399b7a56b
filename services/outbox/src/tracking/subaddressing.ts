import type { Message } from "@tamis/message";
import { MAX_TOKEN_LENGTH } from "@tamis/tokens";
import { isSameMailbox, toPath } from "../smtp/address.ts";
import { bounceAddress } from "./config.ts";

/** RFC 5233 §1: stands between an address and its detail, as the mail server has it. */
export type Separator = string;

/** Signatures over the header: RFC 6376, RFC 8617; whoever signed or encrypted a body may have put its header inside, too (RFC 9788). */
const SIGNATURES = ["DKIM-Signature", "ARC-Seal", "DomainKey-Signature"];
const SEALED_TYPE = /^\s*(?:multipart\/(?:signed|encrypted)|application\/(?:x-)?pkcs7-mime)\b/i;

/**
 * Whether receipts for a mail may be asked for at a subaddress of its author's: it asks for them at the very address that it is from, which
 * has room for a token, and nobody signed what it says.
 */
export function maySubaddress(message: Message, from: string | null, separator: Separator): boolean {
  const fields = message.headers("Disposition-Notification-To");
  const [asked, ...others] = fields.flatMap((field) => field.addresses());
  if (from === null || asked === undefined || fields.length + others.length !== 1) return false;
  if (!isSameMailbox(asked.address, from) || isSealed(message)) return false;
  const path = toPath(subaddressOf(from, separator, "a".repeat(MAX_TOKEN_LENGTH)));
  return path !== null && !path.needsUtf8;
}

/** `anna+token@example.org`. */
export const subaddressOf = (address: string, separator: Separator, token: string): string =>
  bounceAddress({ address, separator }, token);

const isSealed = (message: Message): boolean =>
  SIGNATURES.some((name) => message.headers(name).length > 0) ||
  SEALED_TYPE.test(message.headers("Content-Type")[0]?.raw() ?? "");
