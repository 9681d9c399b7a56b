import { createHmac, randomBytes } from "node:crypto";
import { BoundedMap } from "./bounded-map.ts";

export interface WrongPasswords {
  has(accountId: string, password: string): boolean;
  add(accountId: string, password: string): void;
}

const KEPT_MS = 60_000;
const CAPACITY = 20_000;

/**
 * Passwords that the IMAP server refused within the last minute, so that a client that repeats one forever does not
 * reach it. Kept as hashes under a key of this process alone; no right password is ever in it.
 */
export function wrongPasswords(clock: () => number, keptMs = KEPT_MS): WrongPasswords {
  const key = randomBytes(32);
  const refused = new BoundedMap<number>(CAPACITY);
  const hash = (accountId: string, password: string): string =>
    createHmac("sha256", key).update(`${accountId}\0${password}`).digest("base64");
  return {
    has(accountId, password) {
      const at = refused.get(hash(accountId, password));
      return at !== undefined && clock() - at < keptMs;
    },
    add: (accountId, password) => refused.set(hash(accountId, password), clock()),
  };
}
