import { randomUUID } from "node:crypto";
import type { Bucket, Bus } from "./types.ts";

const PARTITION = /^p(\d{3,})$/;
const MEMBER = /^i\.(.+)$/;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface Taken {
  readonly revision: number;
  /** `performance.now()` before the write was sent. */
  readonly sentAt: number;
}

/** `gone`: the key is not there. `taken`: it is somebody else's. `unclear`: to be tried again. */
export type Renewal = (Taken & { readonly kind: "renewed" }) | { readonly kind: "gone" | "taken" | "unclear" };

export interface LeaseBucketOptions {
  readonly bus: Bus;
  readonly name: string;
  readonly ttlMs: number;
  readonly instance: string;
}

/** The keys of the bucket `leases`: `p<NNN>` per partition held, `i.<instance>` per member. */
export class LeaseBucket {
  /** This instance as one token of a KV key. */
  readonly me: string;
  readonly #options: LeaseBucketOptions;
  /** What our keys hold; a predecessor of the same name had another. */
  readonly #mark: Uint8Array;
  #bucket: Bucket | undefined;
  /** The last revision of our own member key, 0 = none yet. */
  #announced = 0;
  #announcedAt = Number.NEGATIVE_INFINITY;

  constructor(options: LeaseBucketOptions) {
    this.#options = options;
    this.me = tokenOf(options.instance);
    this.#mark = encoder.encode(`${this.me} ${randomUUID()}`);
  }

  /** The bucket may be gone: with the next use it is opened anew, and created where it is missing. */
  reopen(): void {
    this.#bucket = undefined;
  }

  async #open(): Promise<Bucket> {
    const { bus, name, ttlMs } = this.#options;
    this.#bucket ??= await bus.bucket({ name, ttlSeconds: ttlMs / 1000, history: 1 });
    return this.#bucket;
  }

  /** `lost`: our member key vanished before it could expire, so the bucket has lost its contents. */
  async announce(): Promise<"kept" | "lost"> {
    const bucket = await this.#open();
    const key = keyOfMember(this.me);
    const kept = this.#announced === 0 ? null : await bucket.update(key, this.#mark, this.#announced);
    const lost = kept === null && performance.now() - this.#announcedAt < this.#options.ttlMs / 2;
    this.#announced = kept ?? (await bucket.put(key, this.#mark));
    this.#announcedAt = performance.now();
    return lost ? "lost" : "kept";
  }

  async leave(): Promise<void> {
    await this.#bucket?.delete(keyOfMember(this.me));
  }

  async look(): Promise<LeaseKeys> {
    return readKeys(await (await this.#open()).keys());
  }

  /** `null`: somebody has it. */
  async take(p: number): Promise<Taken | null> {
    const bucket = await this.#open();
    const sentAt = performance.now();
    const revision = await bucket.create(keyOfPartition(p), this.#mark);
    return revision === null ? null : { revision, sentAt };
  }

  async renew(p: number, revision: number): Promise<Renewal> {
    const bucket = await this.#open();
    const sentAt = performance.now();
    const renewed = await bucket.update(keyOfPartition(p), this.#mark, revision);
    if (renewed !== null) return { kind: "renewed", revision: renewed, sentAt };
    const entry = await bucket.get(keyOfPartition(p));
    if (entry === null) return { kind: "gone" };
    if (!this.#isOurs(entry.value)) return { kind: "taken" };
    // An earlier renewal went through, only its answer did not.
    const again = await this.#overwrite(p, entry.revision);
    return again === null ? { kind: "unclear" } : { kind: "renewed", ...again };
  }

  /** The key may still be there as we left it: then nobody else had the partition in between. */
  async reclaim(p: number): Promise<Taken | "taken" | "unclear"> {
    const taken = await this.take(p);
    if (taken !== null) return taken;
    const entry = await (await this.#open()).get(keyOfPartition(p));
    if (entry === null) return "unclear";
    return this.#isOurs(entry.value) ? ((await this.#overwrite(p, entry.revision)) ?? "unclear") : "taken";
  }

  async remove(p: number, revision: number): Promise<void> {
    await this.#bucket?.delete(keyOfPartition(p), revision);
  }

  async #overwrite(p: number, revision: number): Promise<Taken | null> {
    const bucket = await this.#open();
    const sentAt = performance.now();
    const written = await bucket.update(keyOfPartition(p), this.#mark, revision);
    return written === null ? null : { revision: written, sentAt };
  }

  #isOurs(value: Uint8Array): boolean {
    return decoder.decode(value) === decoder.decode(this.#mark);
  }
}

export interface LeaseKeys {
  /** Partitions that have a holder. */
  readonly taken: ReadonlySet<number>;
  readonly members: readonly string[];
}

/** Other keys are none of ours. */
export function readKeys(keys: readonly string[]): LeaseKeys {
  const taken = new Set<number>();
  const members: string[] = [];
  for (const key of keys) {
    const [, p] = PARTITION.exec(key) ?? [];
    const [, member] = MEMBER.exec(key) ?? [];
    if (p !== undefined) taken.add(Number(p));
    if (member !== undefined) members.push(member);
  }
  return { taken, members };
}

export function keyOfPartition(p: number): string {
  return `p${String(p).padStart(3, "0")}`;
}

export function keyOfMember(token: string): string {
  return `i.${token}`;
}

export function tokenOf(instance: string): string {
  return instance.replaceAll(/[^A-Za-z0-9_-]/g, "_") || "_";
}
