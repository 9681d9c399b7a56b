import type { Bus } from "@tamis/bus";
import { mailApplied, subjects } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";

/** Counts the mails of some accounts that `mailbox` has settled, from its facts: no other eye on the mail server is needed. */
export interface SettledCounter {
  readonly count: () => number;
  /** How many of each result. */
  readonly results: () => Readonly<Record<string, number>>;
  /** When the last of them was settled: epoch ms. */
  readonly lastAppliedAt: () => number;
  /** @throws Error with what was counted when the deadline passes first */
  readonly reached: (mails: number, timeoutMs: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Begins to count; call it before the first of the mails can be settled. */
export async function countSettled(bus: Bus, accountIds: ReadonlySet<string>): Promise<SettledCounter> {
  const settled = new Map<string, string>();
  let last = 0;
  const anyPartition = subjects.event(0, mailApplied.name).replace(".0.", ".*.");
  const tail = await bus.tailFacts(anyPartition, ({ payload }) => {
    const fact = mailApplied.schema.parse(JSON.parse(Buffer.from(payload).toString()));
    if (!accountIds.has(fact.accountId)) return;
    for (const { mailId, result, appliedAt } of fact.mails) {
      settled.set(mailId, result);
      last = Math.max(last, appliedAt);
    }
  });
  const results = (): Readonly<Record<string, number>> =>
    Object.fromEntries(
      [...Map.groupBy(settled.values(), (result) => result)].map(([result, mails]) => [result, mails.length]),
    );
  const reached = async (mails: number, timeoutMs: number): Promise<void> => {
    await waitFor(() => settled.size >= mails, { timeoutMs, intervalMs: 5, describe: `${mails} settled mails` }).catch(
      (cause: unknown) => {
        throw new Error(
          `only ${settled.size} of ${mails} mails were settled within ${timeoutMs} ms: ${JSON.stringify(results())}`,
          { cause },
        );
      },
    );
  };
  return { count: () => settled.size, results, lastAppliedAt: () => last, reached, stop: () => tail.stop() };
}
