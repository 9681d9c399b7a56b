import { type Bucket, RetryLater } from "@tamis/bus";
import { decodeScriptMemory, encodeScriptMemory, withoutMarksOf } from "@tamis/contracts";

const ATTEMPTS = 10;

/**
 * docs/decisions/0021: the plans of these mails (fingerprints) failed, so what their scripts remembered is forgotten, by
 * compare-and-set beside whoever else writes. Throws {@link RetryLater} when NATS is away or others write all the time,
 * and what `decodeScriptMemory` throws on a damaged record.
 */
export async function forgetMarks(bucket: Bucket, accountId: string, mails: readonly string[]): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const entry = await bucket.get(accountId);
    if (entry === null) return;
    const before = decodeScriptMemory(entry.value);
    const after = mails.reduce(withoutMarksOf, before);
    if (after.marks.length === before.marks.length) return;
    if ((await bucket.update(accountId, encodeScriptMemory(after, Date.now()), entry.revision)) !== null) return;
  }
  throw new RetryLater("what the account's scripts remember keeps changing", { code: "memory-contended" });
}
