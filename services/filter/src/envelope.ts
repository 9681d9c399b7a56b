import type { Message } from "@tamis/message";
import type { EnvelopeFacts } from "@tamis/sieve";

/** Where the operator says that the envelope can be read: anybody can write a header field, only a server that always does makes it true. */
export interface EnvelopeSettings {
  /** The final delivery writes Return-Path (RFC 5321 §4.4). Absent: nobody knows who sent a mail. */
  readonly from?: "return-path" | undefined;
  /** The field in which it writes the recipient; no standard names one. Absent: the account's address. */
  readonly to?: RecipientField | undefined;
}

/** Dovecot and Postfix write Delivered-To, Postfix X-Original-To too, Exim Envelope-To. */
export const recipientFields = ["delivered-to", "x-original-to", "envelope-to"] as const;
export type RecipientField = (typeof recipientFields)[number];

/** The envelope, of which IMAP itself tells nothing: what is not known is absent, and tests on it are false. */
export function envelopeOf(message: Message, accountAddress: string, settings: EnvelopeSettings): EnvelopeFacts {
  const to = recipientOf(message, settings) ?? accountAddress;
  // Agents add at the top: what stands below came with the mail.
  const returnPath = settings.from === undefined ? undefined : message.headers("return-path")[0];
  if (returnPath === undefined) return { to };
  // RFC 5321 §4.5.5: `<>` is the null reverse-path of reports.
  const from = returnPath.addresses()[0]?.address ?? "";
  return { from: from === "" ? null : from, to };
}

function recipientOf(message: Message, { to }: EnvelopeSettings): string | undefined {
  const address = to === undefined ? undefined : message.headers(to)[0]?.addresses()[0]?.address;
  return address === "" ? undefined : address;
}
