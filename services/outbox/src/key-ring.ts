import type { Bucket } from "@tamis/bus";
import { type KeptKeys, keptKey, type TokenKeys, tokenKeysOf } from "@tamis/tokens";

export interface KeyRingOptions {
  /** The keys as the tables have them, renewed where it is time. */
  readonly renew: (now: Date) => Promise<KeptKeys>;
  /** KV `token-keys`, from which `receipts` has them. */
  readonly bucket: Pick<Bucket, "get" | "put" | "keys" | "delete">;
  readonly now: () => Date;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

/** How often it is looked whether it is time for another key, ms. */
const LOOK_MS = 3_600_000;

/** The keys of receipt tokens. A key is used once those who read tokens can have it, never before. */
export class KeyRing {
  readonly #options: KeyRingOptions;
  #keys: TokenKeys | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** What tokens are made with now. */
  get keys(): TokenKeys {
    if (this.#keys === null) throw new Error("the ring was not started");
    return this.#keys;
  }

  async start(): Promise<void> {
    await this.#renew();
    this.#timer = setInterval(() => {
      this.#renew().catch((err: unknown) => this.#options.log.warn({ err }, "token-keys-not-renewed"));
    }, LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  async #renew(): Promise<void> {
    const { renew, bucket, now } = this.#options;
    const kept = await renew(now());
    // One entry a key: an instance that comes late with fewer keys takes none away from another.
    for (const key of kept.keys) {
      const value = Buffer.from(JSON.stringify(key));
      const there = await bucket.get(key.id);
      if (there === null || !value.equals(there.value)) await bucket.put(key.id, value);
    }
    this.#keys = tokenKeysOf(kept);
    await this.#dropOlderThan(Math.min(...kept.keys.map(({ madeAt }) => madeAt)));
  }

  /** Keys whose tokens are no longer accepted. One that is unknown here and younger is another instance's new one. */
  async #dropOlderThan(oldest: number): Promise<void> {
    const { bucket } = this.#options;
    for (const id of await bucket.keys()) {
      const entry = await bucket.get(id);
      const key = entry === null ? null : keptKey.parse(JSON.parse(Buffer.from(entry.value).toString()));
      if (entry !== null && key !== null && key.madeAt < oldest) await bucket.delete(id, entry.revision);
    }
  }
}
