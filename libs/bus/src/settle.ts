import { Reject, RetryLater } from "./errors.ts";

/** What becomes of a message. */
export type Settlement =
  | { readonly kind: "ack" }
  | { readonly kind: "retry"; readonly afterMs: number; readonly why: string }
  | { readonly kind: "park"; readonly reason: string };

/** Deliveries after which what fails by our own fault is parked. */
export const MAX_FAILURES = 8;
export const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 30_000;
const LONGEST_RETRY_MS = 3_600_000;
const REASON_CHARS = 1_000;

/**
 * The one table (design.md §Events):
 *
 * | `handle`             | the message                                                                    |
 * |----------------------|--------------------------------------------------------------------------------|
 * | returns              | acknowledged                                                                   |
 * | throws `RetryLater`  | comes back after `afterMs`, however often                                       |
 * | throws `Reject`      | parked at once                                                                 |
 * | throws anything else | comes back after 1 s, 2 s, 4 s … at most 30 s; parked at the 8th such delivery |
 *
 * `failures`: deliveries so far, this one included, without those that ended in `RetryLater`.
 */
export function settlementOf(error: unknown, failures: number, firstBackoffMs: number = FIRST_BACKOFF_MS): Settlement {
  if (error instanceof RetryLater)
    return { kind: "retry", afterMs: within(error.afterMs, LONGEST_RETRY_MS), why: error.code };
  if (error instanceof Reject) return { kind: "park", reason: reasonOf(error) };
  if (failures >= MAX_FAILURES)
    return { kind: "park", reason: `failed ${failures} times, at last with ${reasonOf(error)}` };
  return { kind: "retry", afterMs: Math.min(LONGEST_BACKOFF_MS, firstBackoffMs * 2 ** (failures - 1)), why: "error" };
}

function within(ms: number, most: number): number {
  return Number.isFinite(ms) ? Math.min(most, Math.max(0, Math.round(ms))) : 1_000;
}

/** One line for an operator; it travels in a header. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`;
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, REASON_CHARS);
}

/** Where it happened, without the message: that may quote mail. */
export function frames(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim())
    .join(" | ");
}
