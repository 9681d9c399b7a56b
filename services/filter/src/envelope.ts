import type { Message } from "@tamis/message";
import type { Facts } from "@tamis/sieve";

/**
 * The envelope as delivery agents leave it in the header (RFC 5321 §4.4): IMAP has no other.
 * `to` is the recipient of the final delivery, else the account's own address.
 */
export function envelopeOf(message: Message, accountAddress: string): Facts["envelope"] {
  const to = recipientOf(message) ?? accountAddress;
  const returnPath = message.headers("return-path")[0];
  if (returnPath === undefined) return { to };
  // RFC 5321 §4.5.5: `<>` is the null reverse-path of reports.
  const from = returnPath.addresses()[0]?.address ?? "";
  return { from: from === "" ? null : from, to };
}

/** QUIRK: no standard names this field. Dovecot and Postfix write Delivered-To, Exim Envelope-To; agents add at the top, so the first counts. */
const RECIPIENT_FIELDS = ["delivered-to", "envelope-to", "x-original-to"] as const;

function recipientOf(message: Message): string | undefined {
  for (const name of RECIPIENT_FIELDS) {
    const address = message.headers(name)[0]?.addresses()[0]?.address;
    if (address !== undefined && address !== "") return address;
  }
  return undefined;
}
