import { type Bus, RetryLater } from "@tamis/bus";
import { decideAnswers, headerNames, subjects } from "@tamis/contracts";
import { ByteGate } from "./byte-gate.ts";

/** Batches that wait for an answer at once, of all accounts. */
const AT_ONCE = 16;
/** So long nobody is asked after `filter` had too much to do, was not there, or did not answer. */
const PAUSE_MS = { busy: 50, away: 1_000, silent: 10_000 } as const;

export interface FilterLineOptions {
  /** An answer is waited for so long, ms; 0: `filter` is never asked. */
  readonly patienceMs: number;
  /** Milliseconds, ascending. */
  readonly clock?: () => number;
}

/**
 * The short way to `filter`: it is asked for its decisions, while the mail is still in INBOX and nowhere else. Where there is no answer, for
 * whatever reason, the batch has to go the long way, through the stream; for a while nobody is asked then.
 */
export class FilterLine {
  readonly #bus: Pick<Bus, "request">;
  readonly #patienceMs: number;
  readonly #clock: () => number;
  /** Each batch counts as one. */
  readonly #gate = new ByteGate(AT_ONCE);
  #openAt = Number.NEGATIVE_INFINITY;

  constructor(bus: Pick<Bus, "request">, { patienceMs, clock = () => performance.now() }: FilterLineOptions) {
    this.#bus = bus;
    this.#patienceMs = patienceMs;
    this.#clock = clock;
  }

  /**
   * True when everything that comes of this batch (`encodeMailBatch`) is durable but for the commands (JSON) given to `onCommand`; false: it
   * is not known to be. What `onCommand` throws is taken for an answer that nobody can read. Rejects with our own bugs alone.
   */
  async decides(batch: Uint8Array, onCommand: (command: Uint8Array) => void): Promise<boolean> {
    if (!this.#isOpen) return false;
    return await this.#gate.hold(1, async () => this.#isOpen && (await this.#ask(batch, onCommand)));
  }

  get #isOpen(): boolean {
    return this.#patienceMs > 0 && this.#clock() >= this.#openAt;
  }

  async #ask(batch: Uint8Array, onPart: (command: Uint8Array) => void): Promise<boolean> {
    const askedAt = this.#clock();
    try {
      const options = { timeoutMs: this.#patienceMs, compress: true, onPart };
      const reply = await this.#bus.request(subjects.mailDecide, batch, options);
      const status = reply.header(headerNames.status);
      if (status === decideAnswers.decided) return true;
      if (status === decideAnswers.busy) this.#pause(PAUSE_MS.busy);
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      this.#pause(this.#clock() - askedAt < this.#patienceMs ? PAUSE_MS.away : PAUSE_MS.silent);
    }
    return false;
  }

  #pause(ms: number): void {
    this.#openAt = Math.max(this.#openAt, this.#clock() + ms);
  }
}
