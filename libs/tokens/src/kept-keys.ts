import { randomBytes } from "node:crypto";
import { z } from "zod";
import { toBase32 } from "./base32.ts";
import type { TokenKeys } from "./token.ts";

/** One key, as it is kept and told. */
export const keptKey = z.object({
  id: z.string().regex(/^[a-z2-7]{2}$/),
  /** Hex. */
  secret: z.string().regex(/^[0-9a-f]{64}$/),
  /** Epoch ms. */
  madeAt: z.number(),
});

/** The keys as whoever makes tokens keeps them, and tells those who read tokens: the newest first. JSON-safe, secret. */
export const keptKeys = z.object({ v: z.literal(1), keys: z.array(keptKey).min(1).max(200).readonly() });
export type KeptKeys = Readonly<z.infer<typeof keptKeys>>;

/** How long a key is used, and how long what was made with it is still accepted, ms. */
export interface KeyAges {
  readonly useMs: number;
  readonly acceptMs: number;
}

/**
 * The keys as they should be at `now`: a new one where there is none or the newest is old enough, without those whose last tokens
 * are no longer accepted. The same object where nothing is to change.
 */
export function renewKeys(kept: KeptKeys | null, now: Date, { useMs, acceptMs }: KeyAges): KeptKeys {
  const at = now.getTime();
  const keys = kept?.keys ?? [];
  const isCurrent = keys[0] !== undefined && at < keys[0].madeAt + useMs;
  const renewed = isCurrent ? keys : [newKey(keys, at), ...keys];
  // A key made tokens until the next one was made.
  const accepted = renewed.filter((_, index) => at < (renewed[index - 1]?.madeAt ?? at) + acceptMs);
  return kept !== null && accepted.length === keys.length && isCurrent ? kept : { v: 1, keys: accepted };
}

/** What {@link makeToken} and {@link readToken} take. */
export function tokenKeysOf({ keys }: KeptKeys): TokenKeys {
  const [current, ...old] = keys.map(({ id, secret }) => ({ id, secret: Buffer.from(secret, "hex") }));
  if (current === undefined) throw new RangeError("no keys");
  return { current, old };
}

function newKey(others: readonly { readonly id: string }[], madeAt: number): KeptKeys["keys"][number] {
  for (;;) {
    const id = toBase32(randomBytes(2)).slice(0, 2);
    if (!others.some((other) => other.id === id)) return { id, secret: randomBytes(32).toString("hex"), madeAt };
  }
}
