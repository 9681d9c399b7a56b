import type { Message } from "@tamis/message";

const SEALS: ReadonlySet<string> = new Set([
  "multipart/signed",
  "multipart/encrypted",
  "application/pkcs7-mime",
  "application/x-pkcs7-mime",
]);

/** Whether the mail is signed or encrypted as a whole (RFC 1847, RFC 8551 §3): a change would break what its receiver relies on. */
export function isSealed(message: Message): boolean {
  return SEALS.has(message.root.type);
}
