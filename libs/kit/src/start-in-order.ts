import type { Running } from "./service.ts";

/** Ends what was started last but not ended yet, when the service stops, or when its start fails further on. */
export type OnStop = (stop: () => Promise<unknown> | unknown) => void;

/** How long the stop of one part may take, ms: below the time that a process has for all of its stop. */
const PART_MS = 15_000;

/**
 * Starts the parts of a service one after the other; `start` names the stop of each as soon as the part runs. They are
 * stopped in reverse, each when the one before it has ended, failed, or taken longer than `partMs`: so a part may count on
 * those that were started before it for as long as it lives, and none is left running because another failed.
 *
 * Throws what `start` threw, after what ran is stopped. The stop throws what a part's stop threw, an AggregateError where
 * several did, after all are stopped; called again it gives the same end.
 */
export async function startInOrder(
  start: (onStop: OnStop) => Promise<void>,
  { partMs = PART_MS }: { readonly partMs?: number } = {},
): Promise<Running> {
  const stops: (() => unknown)[] = [];
  const stopAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let stop = stops.pop(); stop !== undefined; stop = stops.pop())
      await within(partMs, stop).catch((error: unknown) => failures.push(error));
    throwAll(failures);
  };
  try {
    await start((stop) => stops.push(stop));
  } catch (error) {
    // What failed first is the reason that is told.
    await stopAll().catch(() => {});
    throw error;
  }
  let stopped: Promise<void> | undefined;
  return { stop: () => (stopped ??= stopAll()) };
}

async function within(ms: number, stop: () => unknown): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`a part did not stop within ${ms} ms`)), ms);
  try {
    await Promise.race([stop(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function throwAll(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, "several parts did not stop as they should");
}
