import { type Bucket, type Lease, RetryLater } from "@tamis/bus";
import { type AccountRecord, decodeRecord, encodeRecord } from "./account-record.ts";

/** The partition went to another instance, or its lease ran out: nothing more may be done for this account here. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
  readonly code = "lease-lost";
}

/** How long a confirmed write stands for the fence: half a lease, which a newer holder must wait out before it writes. */
const FENCE_MS = 5_000;

/** One account's record in KV `accounts`, written by compare-and-set under the lease of its partition. Holds the revision. */
export class RecordStore {
  readonly #bucket: Bucket;
  readonly #key: string;
  #lease: Lease;
  /** Under which the record was read: what is known from then says nothing once another holder may have been. */
  #readUnder: Lease;
  #revision = 0;
  /** `performance.now()` of the last write that was confirmed. */
  #savedAt = Number.NEGATIVE_INFINITY;
  /** Highest UID handed over, as it was written then. */
  #writtenThrough = 0;
  /** The write that was begun last; null when it has ended. Each waits for the one before it. */
  #saving: Promise<void> | null = null;

  constructor(bucket: Bucket, accountId: string, lease: Lease) {
    this.#bucket = bucket;
    this.#key = accountId;
    this.#lease = lease;
    this.#readUnder = lease;
  }

  /** The same partition, held anew: the record must be loaded again before anything is done. */
  renew(lease: Lease): void {
    this.#lease = lease;
  }

  /** Whether the lease holds now. */
  get isHeld(): boolean {
    return this.#lease.isValid();
  }

  /** Throws {@link LeaseLost} where the lease ended: asked before each step that changes anything. */
  assertLease(): void {
    if (!this.#lease.isValid() || this.#readUnder !== this.#lease)
      throw new LeaseLost(`lease of partition ${this.#lease.p} ended`);
  }

  /** `null` where there is none. Throws what `decodeRecord` throws on a damaged one. */
  async load(): Promise<AccountRecord | null> {
    const lease = this.#lease;
    const entry = await this.#bucket.get(this.#key);
    this.#readUnder = lease;
    this.#revision = entry?.revision ?? 0;
    this.#writtenThrough = 0;
    return entry === null ? null : decodeRecord(entry.value).record;
  }

  /**
   * Whether our token was in the record a moment ago, so that no newer holder can have begun to act since, and with it every mail that was
   * handed over: who comes after us knows what we may have moved.
   */
  isFenced(record: AccountRecord): boolean {
    return performance.now() - this.#savedAt < FENCE_MS && this.#writtenThrough >= record.handed;
  }

  /** Resolves when {@link isFenced}, perhaps by the write that is under way; rejects as {@link save}. */
  async fence(record: AccountRecord): Promise<void> {
    await this.#saving?.catch(noMatter);
    if (!this.isFenced(record)) await this.save(record);
  }

  /**
   * Writes the record as it is in its turn, with our token, so that an older holder's next write fails. Throws {@link LeaseLost} when a
   * newer holder wrote; {@link RetryLater} when NATS is away.
   */
  async save(record: AccountRecord): Promise<void> {
    const before = this.#saving;
    const saving =
      before === null ? this.#write(record) : before.then(noMatter, noMatter).then(() => this.#write(record));
    this.#saving = saving;
    try {
      await saving;
    } finally {
      if (this.#saving === saving) this.#saving = null;
    }
  }

  async #write(record: AccountRecord): Promise<void> {
    const value = encodeRecord(record, this.#lease.token);
    const through = Math.max(record.handed, record.published);
    for (let attempt = 0; attempt < 3; attempt++) {
      this.assertLease();
      const written =
        this.#revision === 0
          ? await this.#bucket.create(this.#key, value)
          : await this.#bucket.update(this.#key, value, this.#revision);
      if (written !== null) {
        this.#revision = written;
        this.#savedAt = performance.now();
        this.#writtenThrough = through;
        return;
      }
      await this.#adoptRevision();
    }
    throw new RetryLater("the account record keeps changing under its holder", { code: "record-contended" });
  }

  /** After a lost compare-and-set: our own write whose answer was lost, an older holder's last one, or the bucket was emptied. A newer holder ends us. */
  async #adoptRevision(): Promise<void> {
    const entry = await this.#bucket.get(this.#key);
    if (entry !== null && decodeRecord(entry.value).token > this.#lease.token) {
      throw new LeaseLost(`a newer holder wrote the record of partition ${this.#lease.p}`);
    }
    this.#revision = entry?.revision ?? 0;
  }
}

/** Whether the write before it succeeded says nothing of this one. */
const noMatter = (): void => undefined;
