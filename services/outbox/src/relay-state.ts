import type { RetryPauses } from "./retry-at.ts";
import type { RelayUnavailable } from "./smtp/route.ts";

/** Longest pause between two tries, ms: nobody waits longer than this once the relay is back. */
const LONGEST_PAUSE_MS = 30_000;
const FIRST_PAUSE_MS = 500;

/** Whether the relay can be used: while it cannot, one sending goes ahead from time to time and the others stay where they are. */
export class RelayState {
  readonly #pauses: RetryPauses;
  readonly #onChange: (state: string) => void;
  #failures = 0;
  #pausedUntil = 0;

  /** `onChange`: `ok`, or why not, without names. */
  constructor(pauses: RetryPauses, onChange: (state: string) => void) {
    this.#pauses = {
      firstMs: Math.min(FIRST_PAUSE_MS, pauses.firstMs),
      maxMs: Math.min(LONGEST_PAUSE_MS, pauses.maxMs),
    };
    this.#onChange = onChange;
  }

  get isDown(): boolean {
    return this.#failures > 0;
  }

  /** Until when nobody tries, epoch ms. */
  get pausedUntil(): number {
    return this.#pausedUntil;
  }

  /** It failed, for whatever mail. Failures of sendings that began side by side count once. */
  failed({ code }: RelayUnavailable, now: number): void {
    if (now < this.#pausedUntil) return;
    this.#failures++;
    const pause = this.#pauses.firstMs * 2 ** Math.min(this.#failures - 1, 20);
    this.#pausedUntil = now + Math.min(this.#pauses.maxMs, pause);
    this.#onChange(`the relay cannot be used (${code})`);
  }

  works(): void {
    if (this.#failures > 0) this.#onChange("ok");
    this.#failures = 0;
    this.#pausedUntil = 0;
  }
}
