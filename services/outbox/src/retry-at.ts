export interface RetryPauses {
  /** ms. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/** When what was deferred for the `attempts`-th time is tried again: pauses double, and scatter by a fifth, so that what failed together does not come back together. */
export function retryAt(attempts: number, { firstMs, maxMs }: RetryPauses, now: Date, random = Math.random): Date {
  const pause = Math.min(maxMs, firstMs * 2 ** Math.min(Math.max(0, attempts - 1), 30));
  return new Date(now.getTime() + Math.round(pause * (0.8 + 0.4 * random())));
}
