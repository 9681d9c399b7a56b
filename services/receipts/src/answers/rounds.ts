export interface RoundsOptions {
  readonly work: () => Promise<void>;
  readonly everyMs: number;
  readonly onFailed: (error: unknown) => void;
}

/** Work that is done again and again, one round at a time: from time to time, and as soon as there is reason to. */
export class Rounds {
  readonly #options: RoundsOptions;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #isWanted = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.begin(), this.#options.everyMs);
    this.begin();
  }

  /** A round begins now, or another one after that under way. Nothing before {@link start} and after {@link stop}. */
  begin(): void {
    if (this.#timer === null) return;
    this.#isWanted = true;
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#isWanted = false;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      try {
        await this.#options.work();
      } catch (error) {
        this.#options.onFailed(error);
      }
    }
    this.#running = null;
  }
}
