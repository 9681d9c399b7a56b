import type { Bus } from "@tamis/bus";
import { type AppliedMail, mailApplied, subjects } from "@tamis/contracts";

/** When each stage of one mail was done, epoch ms, as the services say in `mail-applied`. */
export type OwnTimes = Pick<AppliedMail, "seenAt" | "fetchedAt" | "receivedByFilterAt" | "decidedAt" | "appliedAt">;

/** Collects our own part of the latency: from the server's EXISTS to the acknowledged MOVE. */
export interface OwnTimesCollector {
  /** Of mails first seen in this window, epoch ms. */
  readonly between: (from: number, to: number) => readonly OwnTimes[];
  readonly stop: () => Promise<void>;
}

export async function collectOwnTimes(bus: Bus): Promise<OwnTimesCollector> {
  const all = new Map<string, OwnTimes>();
  const anyPartition = subjects.event(0, mailApplied.name).replace(".0.", ".*.");
  const tail = await bus.tailFacts(anyPartition, ({ payload }) => {
    for (const mail of mailApplied.schema.parse(JSON.parse(Buffer.from(payload).toString())).mails) {
      if (!all.has(mail.mailId)) all.set(mail.mailId, mail);
    }
  });
  return {
    between: (from, to) => [...all.values()].filter(({ seenAt }) => seenAt >= from && seenAt < to),
    stop: () => tail.stop(),
  };
}

/** The four stages of our own part and their sum, ms. */
export function ownStages({
  seenAt,
  fetchedAt,
  receivedByFilterAt,
  decidedAt,
  appliedAt,
}: OwnTimes): Readonly<Record<string, number>> {
  return {
    own: appliedAt - seenAt,
    fetch: fetchedAt - seenAt,
    publish: receivedByFilterAt - fetchedAt,
    decide: decidedAt - receivedByFilterAt,
    apply: appliedAt - decidedAt,
  };
}
