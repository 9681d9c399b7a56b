import { createHash } from "node:crypto";
import type { Bus } from "@tamis/bus";
import { partitionOf, type RecipientsTracked, recipientsTracked, TRACKED_PER_FACT } from "@tamis/contracts";
import { Rounds } from "@tamis/store";
import type { TrackingQueue, Untracked } from "../tables/tracking.ts";

export interface TrackingTellerOptions {
  readonly queue: TrackingQueue;
  readonly bus: Pick<Bus, "publishFact">;
  readonly now: () => Date;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

const AT_ONCE = 5 * TRACKED_PER_FACT;
/** After this another instance may tell: a repetition costs little, ms. */
const TAKEN_MS = 10_000;
/** What could not be published is tried again after this, ms. */
const PAUSE_MS = 5_000;

/** Tells `receipts` of the tracked recipients that left, from the tables, each until it is published; a repetition changes nothing there. */
export class TrackingTeller extends Rounds {
  readonly #options: TrackingTellerOptions;

  constructor(options: TrackingTellerOptions) {
    super({
      round: () => this.#round(),
      onFailed: (err) => options.log.warn({ err }, "tracking-failed"),
    });
    this.#options = options;
  }

  async #round(): Promise<boolean> {
    const { queue, now } = this.#options;
    const { due, untracked } = await queue.take(AT_ONCE, now(), new Date(now().getTime() + TAKEN_MS));
    for (const some of together(untracked)) await this.#tell(some);
    return due === AT_ONCE;
  }

  async #tell(some: readonly Untracked[]): Promise<void> {
    const { queue, bus, now, log } = this.#options;
    const ids = some.map(({ id }) => id);
    const fact = factOf(some);
    try {
      // Another group of recipients is another message, or it would be taken for a repetition.
      const name = createHash("sha256").update(JSON.stringify(fact)).digest("hex").slice(0, 32);
      await bus.publishFact(recipientsTracked, partitionOf(fact.accountId), fact, `tracked/${name}`);
    } catch (err) {
      log.warn({ err, accountId: fact.accountId, recipients: ids.length }, "tracking-not-told");
      await queue.later(ids, new Date(now().getTime() + PAUSE_MS));
      return;
    }
    await queue.told(ids);
  }
}

/** Those that one fact may tell of: of one account and one circular, not too many. */
function together(untracked: readonly Untracked[]): readonly (readonly Untracked[])[] {
  const groups = Map.groupBy(untracked, ({ accountId, circularId }) => `${circularId ?? ""}/${accountId}`);
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / TRACKED_PER_FACT) }, (_, index) =>
      group.slice(index * TRACKED_PER_FACT, (index + 1) * TRACKED_PER_FACT),
    ),
  );
}

/** Throws `RangeError` on none. */
function factOf(some: readonly Untracked[]): RecipientsTracked {
  const [first] = some;
  if (first === undefined) throw new RangeError("a fact about no recipient");
  const { accountId, circularId } = first;
  return {
    v: 1,
    accountId,
    ...(circularId === null ? {} : { circularId: String(circularId) }),
    recipients: some.map(({ id, address, messageId, envelopeId, asksDisposition, sentAt }) => ({
      id: String(id),
      address,
      messageId,
      ...(envelopeId === null ? {} : { envelopeId }),
      asksDisposition,
      sentAt: sentAt.getTime(),
    })),
  };
}
