import { setTimeout as delay } from "node:timers/promises";
import { Alarm } from "./alarm.ts";

export interface RoundsOptions {
  /** Does what is due; whether there may be more. */
  readonly round: () => Promise<boolean>;
  readonly onFailed: (err: unknown) => void;
  /** Between two rounds that nobody wakes, ms; 1,000 by default. */
  readonly lookMs?: number | undefined;
}

const LOOK_MS = 1_000;
const STOP_MS = 2_000;

/** Round after round while there is something to do; else one now and then, and whenever it is woken. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #alarm = new Alarm();
  #stopping = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** There may be something to do. */
  wake(): void {
    this.#alarm.ring();
  }

  /** What is under way is not waited for long: it is done again by whoever comes next. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#alarm.ring();
    await Promise.race([this.#loop, delay(STOP_MS, undefined, { ref: false })]);
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      let isMore = false;
      try {
        isMore = await this.#options.round();
      } catch (err) {
        this.#options.onFailed(err);
      }
      if (!isMore) await this.#alarm.wait(this.#options.lookMs ?? LOOK_MS);
    }
  }
}
