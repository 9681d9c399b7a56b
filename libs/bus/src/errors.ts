/**
 * It will work later: a consumer's message comes back after `afterMs`, however often, and is never parked by count.
 * Codes of the bus itself: `full`, `unreachable`, `failed`.
 */
export class RetryLater extends Error {
  override readonly name = "RetryLater";
  /** Milliseconds; 0 = at once. */
  readonly afterMs: number;
  readonly code: string;

  constructor(message: string, options: { afterMs?: number; code?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.afterMs = options.afterMs ?? 1_000;
    this.code = options.code ?? "later";
  }
}

/** It will never work: a consumer's message is parked at once. The message is the reason that an operator reads. */
export class Reject extends Error {
  override readonly name = "Reject";
  readonly code: string;

  constructor(message: string, options: { code?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = options.code ?? "rejected";
  }
}

/** This server, or what is set up in it, cannot serve Tamis. The message says what to do. */
export class BusUnusable extends Error {
  override readonly name = "BusUnusable";
}
