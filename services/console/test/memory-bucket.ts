import type { Bucket, BucketEntry, Watch } from "@tamis/bus";

/** A bucket of this process, for what needs no NATS. */
export class MemoryBucket implements Bucket {
  readonly name = "memory";
  readonly entries = new Map<string, Uint8Array>();

  async get(key: string): Promise<BucketEntry | null> {
    const value = this.entries.get(key);
    return value === undefined ? null : { key, value, revision: 1 };
  }

  async create(key: string, value: Uint8Array): Promise<number | null> {
    return this.entries.has(key) ? null : this.put(key, value);
  }

  update(key: string, value: Uint8Array): Promise<number> {
    return this.put(key, value);
  }

  async put(key: string, value: Uint8Array): Promise<number> {
    this.entries.set(key, value);
    return 1;
  }

  async delete(key: string): Promise<boolean> {
    this.entries.delete(key);
    return true;
  }

  async keys(prefix = ""): Promise<readonly string[]> {
    return [...this.entries.keys()].filter((key) => key.startsWith(prefix));
  }

  watch(): Promise<Watch> {
    throw new Error("not watched in these tests");
  }
}
