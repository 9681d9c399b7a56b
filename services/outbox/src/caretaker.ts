import type { SendingState } from "@tamis/contracts";
import { Alarm } from "@tamis/store";
import type { KeepFor, Lateness, Upkeep } from "./tables/upkeep.ts";

export interface CaretakerOptions {
  readonly upkeep: Upkeep;
  readonly now: () => Date;
  readonly sweepMs: number;
  readonly lateness: Lateness;
  readonly keep: KeepFor;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
  /** Something was returned to the queue, or came to its last word. */
  readonly onSwept: () => void;
  /** What is to be done in each round beside it. */
  readonly alsoDo: () => Promise<void>;
  readonly onCounts: (counts: Partial<Record<SendingState, number>>) => void;
  /** `ok`, or that the tables cannot be asked. */
  readonly onStore: (state: string) => void;
}

/** Old things are dropped so often, ms. */
const DROP_MS = 600_000;

/** Does what the clock demands of the ledger: ended leases, expiry, lateness, old mails; and looks whether it can be asked. */
export class Caretaker {
  readonly #options: CaretakerOptions;
  readonly #alarm = new Alarm();
  #stopping = false;
  #droppedAt = Number.NEGATIVE_INFINITY;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: CaretakerOptions) {
    this.#options = options;
  }

  /** The first round is done before this resolves: what was left behind is settled before anything is sent. */
  async start(): Promise<void> {
    await this.#round();
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#alarm.ring();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      await this.#alarm.wait(this.#options.sweepMs);
      if (this.#stopping) return;
      try {
        await this.#round();
        this.#options.onStore("ok");
      } catch (err) {
        this.#options.onStore("the database does not answer");
        this.#options.log.warn({ err }, "sweep-failed");
      }
    }
  }

  async #round(): Promise<void> {
    const { upkeep, now, lateness, log, onSwept, onCounts, alsoDo } = this.#options;
    const time = await upkeep.agreedNow(now());
    const swept = await upkeep.sweep(time, lateness);
    if (Object.values(swept).some((count) => count > 0)) {
      log.info({ ...swept }, "ledger-swept");
      onSwept();
    }
    await alsoDo();
    await this.#drop(time);
    onCounts(await upkeep.counts());
  }

  async #drop(now: Date): Promise<void> {
    const { upkeep, keep, log } = this.#options;
    if (performance.now() - this.#droppedAt < DROP_MS) return;
    const dropped = await upkeep.drop(now, keep);
    await upkeep.compact();
    this.#droppedAt = performance.now();
    if (dropped.bodies + dropped.sendings > 0) log.info({ ...dropped }, "ledger-dropped");
  }
}
