import { createHmac, randomBytes } from "node:crypto";
import type { NameAndPassword } from "./basic.ts";

/** Passwords that were right a moment ago, so that a script that asks a hundred times in a minute is one log-in for the IMAP server. */
export interface KnownPasswords {
  /** The id of the account they belong to; null: ask at the door. */
  find(typed: NameAndPassword, peer: string): string | null;
  add(typed: NameAndPassword, peer: string, accountId: string): void;
}

const KEPT_MS = 60_000;
const MOST = 1_000;

/** Of one process; hashed with a key that only it has. `clock`: monotonic, ms. */
export function knownPasswords(clock: () => number): KnownPasswords {
  const key = randomBytes(32);
  const known = new Map<string, { readonly accountId: string; readonly until: number }>();
  const nameOf = ({ name, password }: NameAndPassword, peer: string): string =>
    createHmac("sha256", key)
      .update(JSON.stringify([name, password, peer]))
      .digest("base64");
  return {
    find(typed, peer) {
      const hash = nameOf(typed, peer);
      const found = known.get(hash);
      if (found === undefined) return null;
      if (found.until > clock()) return found.accountId;
      known.delete(hash);
      return null;
    },
    add(typed, peer, accountId) {
      const hash = nameOf(typed, peer);
      known.delete(hash);
      known.set(hash, { accountId, until: clock() + KEPT_MS });
      for (const oldest of known.keys()) {
        if (known.size <= MOST) break;
        known.delete(oldest);
      }
    },
  };
}
