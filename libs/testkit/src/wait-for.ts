import { setTimeout as delay } from "node:timers/promises";
import { inspect } from "node:util";

/** How `waitFor` waits. */
export type WaitOptions = {
  /** Deadline in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  /** Pause between two looks in milliseconds; default 10. It grows to a twentieth of what was waited, 250 ms at most. */
  readonly intervalMs?: number;
  /** What is awaited, for the message on failure. */
  readonly describe?: string;
};

type Look<T> = { readonly value?: T; readonly error?: unknown };

async function look<T>(condition: () => T | Promise<T>): Promise<Look<T>> {
  try {
    return { value: await condition() };
  } catch (error) {
    return { error };
  }
}

const show = (last: Look<unknown>): string =>
  "error" in last ? `it threw ${inspect(last.error)}` : `the last value was ${inspect(last.value, { depth: 4 })}`;

/** What takes long is looked at less often: looking costs the servers that are waited for their processor. */
const LONGEST_PAUSE_MS = 250;

/**
 * Looks at a condition until it is truthy and returns its value. An exception counts as "not yet".
 * @throws Error with the last value or exception when the deadline has passed
 */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions = {}): Promise<NonNullable<T>> {
  const { timeoutMs = 30_000, intervalMs = 10, describe = "condition" } = options;
  const began = performance.now();
  for (;;) {
    const last = await look(condition);
    if (last.value) return last.value;
    const waitedMs = performance.now() - began;
    if (waitedMs > timeoutMs) {
      throw new Error(`waited ${timeoutMs} ms for ${describe}: ${show(last)}`, { cause: last.error });
    }
    await delay(Math.max(intervalMs, Math.min(LONGEST_PAUSE_MS, waitedMs / 20)));
  }
}
