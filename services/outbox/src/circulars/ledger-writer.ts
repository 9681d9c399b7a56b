import { setTimeout as delay } from "node:timers/promises";
import type { Beginning } from "../tables/circular-commit.ts";
import type { CircularResult, CircularWork } from "../tables/circular-work.ts";

export interface LedgerWriterDeps {
  readonly work: Pick<CircularWork, "commit">;
  readonly now: () => Date;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

interface Asked extends Beginning {
  readonly answer: (holds: boolean) => void;
}

const PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** In a group, so that no transaction is long. */
const MOST_RESULTS = 500;

/**
 * Writes what the connections of this process need written, in groups: while one commit is under way the next gathers. What a relay said of
 * a mail is in the group before, or the same, as the beginning of the next mail on that connection, so that no more mails are ever begun
 * without a word than there are connections.
 */
export class LedgerWriter {
  readonly #deps: LedgerWriterDeps;
  #begins: Asked[] = [];
  #results: CircularResult[] = [];
  #pause = 0;
  #isStopping = false;
  #writing: Promise<void> | null = null;

  constructor(deps: LedgerWriterDeps) {
    this.#deps = deps;
  }

  /** Resolves true when it is committed that these are begun; false where they are not ours to send now, or the ledger cannot be written. */
  begin(beginning: Beginning): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#begins.push({ ...beginning, answer: resolve });
    this.#write();
    return promise;
  }

  /** Kept until it is written, however long the database is away. */
  tell(results: readonly CircularResult[]): void {
    this.#results.push(...results);
    this.#write();
  }

  /** Resolves when everything is written, or cannot be: then the leases settle it. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#writing;
  }

  #write(): void {
    this.#writing ??= this.#run().finally(() => {
      this.#writing = null;
    });
  }

  async #run(): Promise<void> {
    // What asks in the same turn of the loop goes together.
    await Promise.resolve();
    while (this.#begins.length + this.#results.length > 0) {
      const begins = this.#begins.splice(0);
      const results = this.#results.splice(0, MOST_RESULTS);
      const isWritten = await this.#commit(begins, results);
      if (isWritten) continue;
      if (this.#isStopping && this.#pause > PAUSE_MS * 4) return;
      await delay(this.#pause);
    }
  }

  async #commit(begins: readonly Asked[], results: readonly CircularResult[]): Promise<boolean> {
    const { work, now, log } = this.#deps;
    try {
      const holds = await work.commit({ begins, results }, now());
      begins.forEach(({ answer }, index) => {
        answer(holds[index] === true);
      });
      this.#pause = 0;
      return true;
    } catch (err) {
      log.warn({ err, begins: begins.length, results: results.length }, "circulars-not-written");
      this.#results.unshift(...results);
      for (const { answer } of begins) answer(false);
      this.#pause = Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, this.#pause * 2));
      return false;
    }
  }
}
