import type { BatchHead } from "@tamis/contracts";
import { frameBatch, type ReadMail } from "./publish-mail.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/**
 * Hands mails to `filter`: by the short way where it answers, else through MAIL. Resolves when they, or what was decided of them, are in
 * JetStream. Rejects as `Bus.publish`.
 */
export async function handOver(
  { bus, tracer, filterLine, metrics }: Pick<WorkerDeps, "bus" | "tracer" | "filterLine" | "metrics">,
  head: BatchHead,
  mails: readonly ReadMail[],
  again: string,
): Promise<void> {
  if (mails.length === 0) return;
  const batch = frameBatch(tracer, head, mails, again);
  const isDecided = await filterLine.decides(batch.payload);
  if (!isDecided) await bus.publish(batch);
  metrics.handedOver.add(1, { way: isDecided ? "asked" : "stream" });
}
