import { waitFor } from "@tamis/testkit";
import type { CheckOptions } from "./check-options.ts";

/** How long the slowest mail may take from its delivery, and no longer. */
export const SETTLE_SECONDS = 60;

/** Waits until facts have told the end of every mail that was handed over. */
export async function untilSettled({
  tracker,
  view,
  texts,
  signal,
}: Pick<CheckOptions, "tracker" | "texts" | "signal"> & {
  readonly view: Pick<CheckOptions["view"], "print">;
}): Promise<void> {
  const settled = (): boolean => signal.aborted || tracker.pending().length === 0;
  const late = await waitFor(settled, { timeoutMs: SETTLE_SECONDS * 1_000, intervalMs: 20 }).catch(() => null);
  signal.throwIfAborted();
  if (late === null) view.print(texts.late(tracker.pending().length, SETTLE_SECONDS));
}
