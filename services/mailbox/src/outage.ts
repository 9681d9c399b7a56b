const FIRST_PAUSE_MS = 250;
/** A connection that came to rest and lasted so long was no failed one, whatever ended it. */
const WELL_AT_REST_MS = 1_000;
/** The same of one that never came to rest: what ends each connection anew must not be tried ever again without a pause. */
const WELL_AT_WORK_MS = 30_000;

/** Failures of one account's connections, one after the other: since when, and how long to wait after each. */
export class Outage {
  #failures = 0;
  #since: number | null = null;
  #openedAt: number | null = null;

  /** INBOX is open. */
  opened(): void {
    this.#openedAt = performance.now();
  }

  /**
   * A connection failed, or none came about; a good one ends the outage so far. Milliseconds to wait: doubled each time up
   * to `longestMs`, with jitter.
   */
  failed({ hasRested, longestMs }: { readonly hasRested: boolean; readonly longestMs: number }): number {
    const lastedMs = this.#openedAt === null ? 0 : performance.now() - this.#openedAt;
    if (lastedMs > (hasRested ? WELL_AT_REST_MS : WELL_AT_WORK_MS)) {
      this.#failures = 0;
      this.#since = null;
    }
    this.#openedAt = null;
    this.#since ??= performance.now();
    const pauseMs = Math.min(longestMs, FIRST_PAUSE_MS * 2 ** Math.min(20, this.#failures));
    this.#failures += 1;
    return pauseMs * (0.5 + Math.random() / 2);
  }

  /** How long it has lasted, milliseconds; 0 where there was none yet. */
  get lastedMs(): number {
    return this.#since === null ? 0 : performance.now() - this.#since;
  }
}
