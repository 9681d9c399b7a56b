import { fnv1a32 } from "./hash.ts";

/** How many partitions the accounts are divided into. Subjects and durables carry it: it never changes in a running installation. */
export const PARTITIONS = 128;

/** The partition of an account, 0 … 127: the one place where it is computed. */
export function partitionOf(accountId: string): number {
  // FNV-1a's low bits alone are weak on short strings of one alphabet: fold the high half in.
  const hash = fnv1a32(accountId);
  return (((hash >>> 16) ^ hash) >>> 0) % PARTITIONS;
}
