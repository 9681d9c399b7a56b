import { createHmac, timingSafeEqual } from "node:crypto";

/** A secret, and the name that tokens made with it carry. */
interface TokenKey {
  /** Letters and digits, in lower case. */
  readonly id: string;
  /** 32 octets. */
  readonly secret: Uint8Array;
}

/** What tokens are made with, and what older ones were made with: keep those as long as mails may lie in a mailbox. */
export interface UnsubscribeKeys {
  readonly current: TokenKey;
  readonly old: readonly TokenKey[];
}

/** Whom a token takes off which list. */
export interface Subscription {
  /** The List-Id. */
  readonly list: string;
  /** The number of the recipient in the ledger. */
  readonly recipientId: string;
}

/** So that no other use of the secret gives the same digest. */
const PURPOSE = "tamis unsubscribe 1\n";

/** Octets of the digest: 96 bits. */
const MAC_OCTETS = 12;

const TOKEN = /^([a-z0-9]{1,16})-([0-9]{1,20})-([0-9a-f]{24})$/;

/**
 * What stands for `{token}` in List-Unsubscribe (RFC 8058 §3.1): who it is for, and an HMAC-SHA-256 of the list and the recipient, 96 bits of it.
 * At most 62 characters, in lower case.
 * @throws RangeError where the recipient or the key's name is none
 */
export function makeUnsubscribeToken(subscription: Subscription, { current }: UnsubscribeKeys): string {
  const token = `${current.id}-${subscription.recipientId}-${macOf(subscription, current).toString("hex")}`;
  if (!TOKEN.test(token)) throw new RangeError("a token is made of the number of a recipient");
  return token;
}

/** The recipient that a token is said to be for; null for what is no token. Nothing is proven yet: {@link isUnsubscribeToken}, with the recipient's list, does. */
export function claimedRecipient(token: string): string | null {
  return TOKEN.exec(token.toLowerCase())?.[2] ?? null;
}

/** Whether the token was made for that recipient of that list. In any case; the time taken tells nothing of the secret. */
export function isUnsubscribeToken(
  token: string,
  subscription: Subscription,
  { current, old }: UnsubscribeKeys,
): boolean {
  const [, keyId, recipientId, mac = ""] = TOKEN.exec(token.toLowerCase()) ?? [];
  const key = [current, ...old].find(({ id }) => id === keyId);
  if (key === undefined || recipientId !== subscription.recipientId) return false;
  return timingSafeEqual(Buffer.from(mac, "hex"), macOf(subscription, key));
}

function macOf({ list, recipientId }: Subscription, { id, secret }: TokenKey): Buffer {
  // Names of lists have no case (RFC 2919 §6), and no line ends.
  const signed = [PURPOSE, id, "\n", list.toLowerCase(), "\n", recipientId].join("");
  return createHmac("sha256", secret).update(signed, "utf8").digest().subarray(0, MAC_OCTETS);
}
