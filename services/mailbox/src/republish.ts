import type { Tracer } from "@opentelemetry/api";
import type { Bus } from "@tamis/bus";
import { APPLY, applyDurable, type BatchHead, FILTER_DURABLE, MAIL } from "@tamis/contracts";
import { type AccountRecord, freshOf } from "./account-record.ts";
import { cutBatches, publishBatch, type ReadMail } from "./publish-mail.ts";

/** Published so often, or put off so often, it is published again even where something still lies in the queues: under load they are never empty. */
const PATIENCE = { tries: 4, waits: 15 } as const;

/**
 * Whether a decision that does not come was lost: nothing waits before `filter` nor before this partition's holder.
 * While something waits, another copy would only lengthen the queue.
 */
export async function isLost(
  bus: Bus,
  p: number,
  { tries, waits }: { readonly tries: number; readonly waits: number },
): Promise<boolean> {
  if (tries >= PATIENCE.tries || waits >= PATIENCE.waits) return true;
  const mail = await bus.backlog(MAIL.name, FILTER_DURABLE);
  const apply = await bus.backlog(APPLY.name, applyDurable(p));
  return mail.pending + mail.ackPending + apply.pending + apply.ackPending === 0;
}

/** Publishes these mails once more, under a new message id. */
export async function publishAgain(
  deps: { readonly bus: Bus; readonly tracer: Tracer },
  mails: readonly ReadMail[],
  head: BatchHead,
  tries: number,
): Promise<void> {
  // Two holders may both be at their first repetition: the time keeps their ids apart.
  for (const batch of cutBatches(mails)) await publishBatch(deps, head, batch, `/r${tries}.${Date.now().toString(36)}`);
}

/**
 * Of mails that a holder before us handed over, or was about to: without those that their owner had put back, which it had no time to write
 * down. One of which copies were begun is known by its own copy, and has to come to its end.
 */
export function notPutBack(record: AccountRecord, mails: readonly ReadMail[]): readonly ReadMail[] {
  const isBegun = ({ uid }: ReadMail): boolean =>
    record.open.some(({ uids }) => uids.some(([from, to]) => from <= uid && uid <= to));
  return mails.filter((mail) => isBegun(mail) || freshOf(record, [mail]).length > 0);
}
