import { setTimeout as delay } from "node:timers/promises";
import { Rounds } from "./rounds.ts";

/** What waits in tables for something that takes a while, each to be done by one instance at a time. */
export interface HeldQueue<T> {
  /** So many that are due, these aside, for whoever asks until `until`: after that they are due again. */
  take(limit: number, now: Date, until: Date, except?: readonly number[]): Promise<readonly T[]>;
  /** Of these, what nobody has touched since it was held until `taken` is held until `until`. */
  keep(ids: readonly number[], taken: Date, until: Date): Promise<void>;
}

export interface HeldRoundsOptions<T> {
  readonly queue: HeldQueue<T>;
  readonly idOf: (one: T) => number;
  /** What is of one account is done one after the other: its mailbox does one thing at a time, and others ask it things too. */
  readonly accountOf: (one: T) => string;
  /** Done before anything is taken. */
  readonly prepare?: (() => Promise<void>) | undefined;
  /**
   * Does what is to be done with one, and says in the tables how it ended. Before that it calls `release`, which tells until when the row was held: with
   * any other time there, somebody has touched it meanwhile.
   */
  readonly carryOut: (one: T, release: () => Promise<Date>) => Promise<void>;
  /** The event of a log line when the tables failed. */
  readonly failed: string;
  /** Between two looks that nobody wakes, ms; 1,000 by default, and no longer than what was taken is held. */
  readonly lookMs?: number | undefined;
  readonly now: () => Date;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

export const AT_ONCE = 20;
/** After this another instance takes over what was taken by one that is gone, ms. */
export const HELD_MS = 10_000;
const STOP_MS = 2_000;

/**
 * Takes what is due and carries it out side by side: who waits long, for an account whose mailbox is away, has one place of many.
 * What is under way is held for as long as this process lives, and little longer: nobody is to wait for one that was killed.
 */
export class HeldRounds<T> {
  readonly #options: HeldRoundsOptions<T>;
  readonly #rounds: Rounds;
  readonly #running = new Map<number, Promise<void>>();
  /** Of those that run, until when they are held. */
  readonly #held = new Map<number, Date>();
  /** By account, the end of the last that was begun of it. */
  readonly #turns = new Map<string, Promise<void>>();
  #holding: NodeJS.Timeout | undefined;
  #keeping: Promise<void> | undefined;
  #isStopping = false;

  constructor(options: HeldRoundsOptions<T>) {
    this.#options = options;
    this.#rounds = new Rounds({
      round: () => this.#round(),
      onFailed: (err) => this.#failed(err),
      lookMs: options.lookMs === undefined ? undefined : Math.min(options.lookMs, HELD_MS),
    });
  }

  start(): void {
    this.#rounds.start();
    this.#holding = setInterval(() => this.#keep(), HELD_MS / 3);
  }

  /** There may be something to do. */
  wake(): void {
    this.#rounds.wake();
  }

  /** What is under way is not waited for long: it is done again by whoever comes next. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const done = Promise.all([this.#rounds.stop(), ...this.#running.values()]);
    await Promise.race([done, delay(STOP_MS, undefined, { ref: false })]);
    clearInterval(this.#holding);
  }

  async #round(): Promise<boolean> {
    const { queue, idOf, prepare, now } = this.#options;
    await prepare?.();
    const room = AT_ONCE - this.#running.size;
    if (room <= 0) return false;
    const until = new Date(now().getTime() + HELD_MS);
    const taken = await queue.take(room, now(), until, [...this.#running.keys()]);
    if (this.#isStopping) return false;
    for (const one of taken) this.#begin(idOf(one), one, until);
    return taken.length === room && this.#running.size < AT_ONCE;
  }

  #begin(id: number, one: T, until: Date): void {
    const { accountOf, carryOut } = this.#options;
    const account = accountOf(one);
    this.#held.set(id, until);
    let released: Promise<Date> | undefined;
    const release = (): Promise<Date> => (released ??= this.#release(id, until));
    const turn = this.#turns.get(account) ?? Promise.resolve();
    const done = turn
      .then(() => (this.#isStopping ? undefined : carryOut(one, release)))
      .catch((err: unknown) => this.#failed(err))
      .finally(() => {
        this.#held.delete(id);
        this.#running.delete(id);
        if (this.#turns.get(account) === done) this.#turns.delete(account);
        // It, too, may be due again.
        this.wake();
      });
    this.#running.set(id, done);
    this.#turns.set(account, done);
  }

  async #release(id: number, taken: Date): Promise<Date> {
    await this.#keeping;
    const until = this.#held.get(id) ?? taken;
    this.#held.delete(id);
    return until;
  }

  #failed(err: unknown): void {
    this.#options.log.warn({ err }, this.#options.failed);
  }

  #keep(): void {
    this.#keeping ??= this.#keepAll().finally(() => {
      this.#keeping = undefined;
    });
  }

  async #keepAll(): Promise<void> {
    const { queue, now } = this.#options;
    const until = new Date(now().getTime() + HELD_MS);
    const together = Map.groupBy(this.#held, ([, held]) => held.getTime());
    for (const [held, group] of together) {
      const ids = group.map(([id]) => id);
      try {
        await queue.keep(ids, new Date(held), until);
        for (const id of ids) if (this.#held.get(id)?.getTime() === held) this.#held.set(id, until);
      } catch (err) {
        this.#failed(err);
      }
    }
  }
}
