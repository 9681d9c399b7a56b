import { type KeptKeys, keptKey, tokenKeysOf } from "./kept-keys.ts";
import type { TokenKeys } from "./token.ts";

/** The keys of tokens as `outbox` tells them. */
export interface KeyWatch {
  /** null: `outbox` has told of none yet. */
  current(): TokenKeys | null;
  stop(): void;
}

/** What of the bucket `token-keys` it takes to follow it; `value` is null where an entry is gone. */
interface KeyBucket {
  watch(
    onEntry: (entry: { readonly key: string; readonly value: Uint8Array | null }) => void,
  ): Promise<{ readonly ready: Promise<void>; stop(): void }>;
}

export interface KeyWatchOptions {
  readonly bucket: KeyBucket;
  /** An entry that is no key: something that only an operator can mend. */
  readonly onUnusable: (fields: { readonly key: string }) => void;
}

/** Follows KV `token-keys`; resolves when all keys that are there are known. */
export async function watchKeys({ bucket, onUnusable }: KeyWatchOptions): Promise<KeyWatch> {
  const keys = new Map<string, KeptKeys["keys"][number]>();
  let current: TokenKeys | null = null;
  const watch = await bucket.watch(({ key, value }) => {
    const read = value === null ? null : readKey(value);
    if (value !== null && read === null) onUnusable({ key });
    if (read === null) keys.delete(key);
    else keys.set(key, read);
    const newest = [...keys.values()].toSorted((one, other) => other.madeAt - one.madeAt);
    current = newest.length === 0 ? null : tokenKeysOf({ v: 1, keys: newest });
  });
  await watch.ready;
  return { current: () => current, stop: () => watch.stop() };
}

function readKey(value: Uint8Array): KeptKeys["keys"][number] | null {
  try {
    return keptKey.parse(JSON.parse(Buffer.from(value).toString()));
  } catch {
    return null;
  }
}
