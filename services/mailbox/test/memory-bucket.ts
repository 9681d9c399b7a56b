import type { Bucket, BucketEntry } from "@tamis/bus";

/** A KV bucket in memory, with revisions as NATS gives them. */
export function memoryBucket(name: string): Bucket {
  const entries = new Map<string, BucketEntry>();
  let revision = 0;
  const write = (key: string, value: Uint8Array): number => {
    revision += 1;
    entries.set(key, { key, value, revision });
    return revision;
  };
  return {
    name,
    get: async (key) => entries.get(key) ?? null,
    create: async (key, value) => (entries.has(key) ? null : write(key, value)),
    update: async (key, value, expected) => (entries.get(key)?.revision === expected ? write(key, value) : null),
    put: async (key, value) => write(key, value),
    delete: async (key, expected) =>
      (expected === undefined || entries.get(key)?.revision === expected) && entries.delete(key),
    keys: async (prefix = "") => [...entries.keys()].filter((key) => key.startsWith(prefix)),
    watch: async () => ({ ready: Promise.resolve(), stop: () => undefined }),
  };
}
