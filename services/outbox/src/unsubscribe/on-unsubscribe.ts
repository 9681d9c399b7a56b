import { claimedRecipient, isUnsubscribeToken, type UnsubscribeKeys } from "@tamis/compose";
import { numberOf } from "../tables/circulars.ts";
import type { Subscriptions } from "../tables/subscriptions.ts";

export interface UnsubscribeDeps {
  readonly subscriptions: Subscriptions;
  readonly keys: UnsubscribeKeys;
  readonly now: () => Date;
}

/**
 * Takes whom a token was made for off the list it was made for (RFC 8058 §3.2); resolves after commit. A token that proves nothing changes nothing,
 * and whoever brought it is not told. Throws while the database is away, whatever the token.
 */
export async function onUnsubscribe(token: string, { subscriptions, keys, now }: UnsubscribeDeps): Promise<void> {
  const claimed = claimedRecipient(token) ?? "0";
  // Looked up, and compared, whatever it is: what takes longer would tell.
  const subscriber = await subscriptions.find(numberOf(claimed));
  const isProven = isUnsubscribeToken(token, { list: subscriber?.list ?? "", recipientId: claimed }, keys);
  if (subscriber !== null && isProven) await subscriptions.leave(subscriber, now());
}
