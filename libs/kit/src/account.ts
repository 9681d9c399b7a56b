import { createHash } from "node:crypto";
import type { ReceiptPolicy } from "@tamis/contracts";
import type { Secret } from "./secret.ts";
import type { Language } from "./text.ts";

/** `observe` decides, traces and publishes, and moves nothing. */
export type Mode = "observe" | "act";

/** One mailbox that Tamis works on. */
export interface Account {
  /** Opaque, `[A-Za-z0-9_-]{1,64}`: as given, else {@link accountIdOf}. The only name that may stand in logs, subjects and metrics. */
  readonly id: string;
  readonly address: string;
  /** Other addresses that it may write as. */
  readonly identities?: readonly string[];
  /** The name the IMAP server knows the account by; the address where none is given. */
  readonly user: string;
  /** The account's own password; absent with a master user, authzid or OAuth2. */
  readonly secret?: Secret;
  readonly mode: Mode;
  /** Who sends drafts with the fields of Thunderbird's Send Later; absent: as `drafts.send_later` says. */
  readonly sendLater?: "off" | "handed-over";
  /** Where the account's server is another one than `imap.host`. */
  readonly host?: string;
  readonly port?: number;
  /** Tamis answers receipts that others ask for, as no mail program of its owner does; with the account's own policy, where it has one. */
  readonly receipts?: { readonly policy?: ReceiptPolicy };
  /** In which Tamis writes to its owner; absent: as the installation. */
  readonly language?: Language;
}

/** First 16 hex digits of the SHA-256 of the address in lower case. */
export function accountIdOf(address: string): string {
  return createHash("sha256").update(address.toLowerCase()).digest("hex").slice(0, 16);
}

/** What a new reading of the accounts changed. */
export interface AccountsChange {
  /** All accounts as they are now. */
  readonly accounts: readonly Account[];
  readonly added: readonly Account[];
  /** Same id, something else differs (the new form). */
  readonly changed: readonly Account[];
  readonly removed: readonly Account[];
}

/** What differs between two readings, by account id. */
export function compareAccounts(before: readonly Account[], after: readonly Account[]): AccountsChange {
  const old = new Map(before.map((account) => [account.id, account]));
  const added: Account[] = [];
  const changed: Account[] = [];
  for (const account of after) {
    const previous = old.get(account.id);
    old.delete(account.id);
    if (previous === undefined) added.push(account);
    else if (!isSameAccount(previous, account)) changed.push(account);
  }
  return { accounts: after, added, changed, removed: [...old.values()] };
}

function isSameAccount(a: Account, b: Account): boolean {
  const sameSecret =
    a.secret === undefined ? b.secret === undefined : b.secret !== undefined && a.secret.equals(b.secret);
  return (
    sameSecret &&
    a.address === b.address &&
    a.identities?.join() === b.identities?.join() &&
    a.user === b.user &&
    a.mode === b.mode &&
    a.sendLater === b.sendLater &&
    a.host === b.host &&
    a.port === b.port &&
    (a.receipts === undefined) === (b.receipts === undefined) &&
    a.receipts?.policy === b.receipts?.policy &&
    a.language === b.language
  );
}
