import { BoundedMap } from "./bounded-map.ts";

export interface AllowanceOptions {
  /** So many in `windowMs`, all at once if need be. */
  readonly count: number;
  readonly windowMs: number;
  /** Keys remembered. */
  readonly capacity: number;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

/** One use, taken before its outcome is known, so that a thousand attempts at once are no way around the limit. */
export interface Taken {
  giveBack(): void;
}

interface Level {
  readonly used: number;
  readonly at: number;
}

/** How many times something may be done by each key; what was used comes back evenly over the window. */
export class Allowance {
  readonly #options: AllowanceOptions;
  readonly #levels: BoundedMap<Level>;

  constructor(options: AllowanceOptions) {
    this.#options = options;
    this.#levels = new BoundedMap(options.capacity);
  }

  /** `null`: nothing left. */
  take(key: string): Taken | null {
    const used = this.#used(key);
    if (used + 1 > this.#options.count) return null;
    this.#set(key, used + 1);
    return { giveBack: () => this.#set(key, Math.max(0, this.#used(key) - 1)) };
  }

  /** How long until one is left, ms. */
  waitMs(key: string): number {
    const { count, windowMs } = this.#options;
    return Math.max(0, Math.ceil(((this.#used(key) + 1 - count) * windowMs) / count));
  }

  #used(key: string): number {
    const level = this.#levels.get(key);
    if (level === undefined) return 0;
    const { count, windowMs, clock } = this.#options;
    return Math.max(0, level.used - ((clock() - level.at) * count) / windowMs);
  }

  #set(key: string, used: number): void {
    this.#levels.set(key, { used, at: this.#options.clock() });
  }
}
