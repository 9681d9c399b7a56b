import { setTimeout as delay } from "node:timers/promises";
import type { Bucket, BucketChange, BucketEntry, Watch } from "@tamis/bus";
import { accountOf, recordsOf, scriptsIn } from "./kv-record.ts";
import type { CopySource } from "./tables/copy-source.ts";

/** The copy of the tables in the KV bucket `scripts`, which `filter` reads. */
export interface KvCopy {
  /** Brings an account's copy up to date; waits a moment at most and never throws: what fails is done again. */
  refresh(accountId: string): Promise<void>;
  stop(): Promise<void>;
}

export interface KvCopyOptions {
  readonly bucket: Pick<Bucket, "get" | "create" | "update" | "delete" | "keys" | "watch">;
  readonly source: CopySource;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
  /** How often what failed is tried again, ms. */
  readonly retryMs: number;
}

const PATIENCE_MS = 2_000;
const PAGE = 500;
/** Accounts looked at side by side at the start. */
const AT_ONCE = 8;

/** Takes over what only KV has, makes every copy right, and keeps it so. Resolves when all of that is done once. */
export async function openKvCopy(options: KvCopyOptions): Promise<KvCopy> {
  const copy = new Copy(options);
  await copy.start();
  return copy;
}

class Copy implements KvCopy {
  readonly #options: KvCopyOptions;
  /** Accounts being copied; `again`: changed meanwhile. */
  readonly #running = new Map<string, { again: boolean; readonly done: Promise<void> }>();
  /** Foreign changes: accounts to look at. */
  readonly #seen = new Set<string>();
  readonly #stopping = new AbortController();
  #watch: Watch | null = null;
  #repairs: Promise<void> = Promise.resolve();

  constructor(options: KvCopyOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { bucket } = this.#options;
    // Only which accounts have entries is kept: 25,000 scripts at once would be hundreds of megabytes.
    this.#watch = await bucket.watch((change: BucketChange) => this.#seen.add(accountOf(change.key)));
    await this.#watch.ready;
    const known = new Set<string>();
    for (let after = ""; ; ) {
      const page = await this.#options.source.accounts(after, PAGE);
      for (const accountId of page) known.add(accountId);
      after = page.at(-1) ?? "";
      if (page.length < PAGE) break;
    }
    const accounts = [...known, ...[...this.#seen].filter((accountId) => !known.has(accountId))];
    this.#seen.clear();
    const work = async (): Promise<void> => {
      for (let accountId = accounts.pop(); accountId !== undefined; accountId = accounts.pop())
        await this.#copy(accountId);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    this.#repairs = this.#repairFromTimeToTime();
  }

  async refresh(accountId: string): Promise<void> {
    const done = this.#copyInTurn(accountId).catch((error: unknown) =>
      this.#options.log.warn({ accountId, err: error }, "scripts-copy-failed"),
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, PATIENCE_MS);
    await Promise.race([done, promise]);
    clearTimeout(timer);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#watch?.stop();
    await this.#repairs;
    await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
  }

  /** One copy at a time per account; a change during one makes another follow. */
  #copyInTurn(accountId: string): Promise<void> {
    const running = this.#running.get(accountId);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    const state = { again: false, done: Promise.resolve() };
    state.done = (async () => {
      try {
        do {
          state.again = false;
          await this.#copy(accountId);
        } while (state.again);
      } finally {
        this.#running.delete(accountId);
      }
    })();
    this.#running.set(accountId, state);
    return state.done;
  }

  /**
   * KV is read first, the tables after it, and each write is bound to the revision read: whoever writes later has read the
   * tables later, so that no instance puts an old script over a new one.
   */
  async #copy(accountId: string): Promise<void> {
    const { source, log } = this.#options;
    for (;;) {
      const before = await this.#entriesOf(accountId);
      const account = await source.read(accountId);
      if (account === null) {
        if (before.length === 0) return;
        const adopted = await source.adopt(accountId, scriptsIn(accountId, before));
        if (adopted) log.info({ accountId, entries: before.length }, "scripts-adopted");
        continue;
      }
      const written = await this.#write(recordsOf(accountId, account), before);
      if (written === null) continue;
      if (written > 0) log.info({ accountId, written }, "scripts-copied");
      await source.copied(accountId, account.changes);
      return;
    }
  }

  async #entriesOf(accountId: string): Promise<readonly BucketEntry[]> {
    const { bucket } = this.#options;
    const keys = [accountId, ...(await bucket.keys(`${accountId}.s.`))];
    const entries = await Promise.all(keys.map((key) => bucket.get(key)));
    return entries.filter((entry) => entry !== null);
  }

  /** How many entries were written; `null`: somebody else wrote meanwhile. */
  async #write(wanted: ReadonlyMap<string, Uint8Array>, before: readonly BucketEntry[]): Promise<number | null> {
    const { bucket } = this.#options;
    const old = new Map(before.map((entry) => [entry.key, entry]));
    let written = 0;
    // Map order: what is stored comes before what is active.
    for (const [key, value] of wanted) {
      const entry = old.get(key);
      old.delete(key);
      if (entry !== undefined && Buffer.from(entry.value).equals(value)) continue;
      const revision = await (entry === undefined
        ? bucket.create(key, value)
        : bucket.update(key, value, entry.revision));
      if (revision === null) return null;
      written++;
    }
    for (const { key, revision } of old.values()) {
      if (!(await bucket.delete(key, revision))) return null;
      written++;
    }
    return written;
  }

  /** What could not be copied when it changed, and what somebody else wrote into the bucket. */
  async #repairFromTimeToTime(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await delay(this.#options.retryMs, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await this.#repair();
    }
  }

  async #repair(): Promise<void> {
    const { source, log } = this.#options;
    try {
      const accounts = new Set([...(await source.behind(PAGE)), ...this.#seen]);
      for (const accountId of accounts) {
        if (this.#stopping.signal.aborted) return;
        // Before the copy: a change that comes during it is looked at again.
        this.#seen.delete(accountId);
        try {
          await this.#copyInTurn(accountId);
        } catch (error) {
          this.#seen.add(accountId);
          throw error;
        }
      }
    } catch (error) {
      log.warn({ err: error }, "scripts-repair-failed");
    }
  }
}
