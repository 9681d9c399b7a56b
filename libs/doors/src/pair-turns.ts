import { BoundedMap } from "./bounded-map.ts";

export interface TurnsOptions {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A pair's failures are forgotten when it has been quiet for so long. */
  readonly forgetMs: number;
  /** Attempts of one pair that may wait behind one another. */
  readonly waiting: number;
  readonly capacity: number;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

/** One attempt's turn. */
export interface Turn {
  /** Counts a failure; the answer to it is to be held back so long, ms. */
  failed(): number;
  succeeded(): void;
  /** Lets the next one in. */
  end(): void;
}

/**
 * The attempts of one account from one address, one after the other: a guess made beside a delayed one would make the
 * delay worth nothing. The same account from elsewhere has its own turns, so that nobody can lock anybody out.
 */
export class PairTurns {
  readonly #options: TurnsOptions;
  readonly #failures: BoundedMap<{ readonly count: number; readonly at: number }>;
  readonly #queues = new Map<string, { last: Promise<void>; length: number }>();

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#failures = new BoundedMap(options.capacity);
  }

  /** `null`: too many are waiting already. */
  async take(pair: string): Promise<Turn | null> {
    const queue = this.#queues.get(pair) ?? { last: Promise.resolve(), length: 0 };
    if (queue.length > this.#options.waiting) return null;
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = queue.last;
    queue.last = promise;
    queue.length++;
    this.#queues.set(pair, queue);
    await before;
    return {
      failed: () => this.#failed(pair),
      succeeded: () => this.#failures.delete(pair),
      end: () => {
        if (--queue.length === 0) this.#queues.delete(pair);
        resolve();
      },
    };
  }

  #failed(pair: string): number {
    const { firstDelayMs, longestDelayMs, forgetMs, clock } = this.#options;
    const before = this.#failures.get(pair);
    const count = before === undefined || clock() - before.at > forgetMs ? 1 : before.count + 1;
    this.#failures.set(pair, { count, at: clock() });
    return Math.min(longestDelayMs, firstDelayMs * 2 ** (count - 1));
  }
}
