import { domainToASCII } from "node:url";
import type { Account } from "@tamis/kit";

/** The accounts, to be found by what people type. */
export interface AccountBook {
  /** The one account that `name` means; `null`: none; `ambiguous`: it could be several. */
  find(name: string): Account | "ambiguous" | null;
  /** The account of this id. */
  byId(id: string): Account | null;
}

/**
 * Finds an account by its address or by its name at the IMAP server, whatever the case and the form of the domain. A
 * name without a domain is also looked up in `defaultDomain`.
 */
export function accountBook(accounts: readonly Account[], defaultDomain?: string): AccountBook {
  const byName = new Map<string, Account | "ambiguous">();
  const enter = (name: string, account: Account): void => {
    const key = canonical(name);
    const before = byName.get(key);
    byName.set(key, before === undefined || before === account ? account : "ambiguous");
  };
  for (const account of accounts) {
    enter(account.address, account);
    enter(account.user, account);
  }
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return {
    byId: (id) => byId.get(id) ?? null,
    find(name) {
      const found = byName.get(canonical(name));
      if (found !== undefined) return found;
      const isBare = !name.includes("@") && defaultDomain !== undefined;
      return (isBare ? byName.get(canonical(`${name}@${defaultDomain}`)) : undefined) ?? null;
    },
  };
}

/** RFC 5321 §2.4 lets local parts differ by case; no mail server in use does. The domain is compared as RFC 5890 encodes it. */
function canonical(name: string): string {
  const folded = name.normalize("NFC").toLowerCase();
  const at = folded.lastIndexOf("@");
  if (at === -1) return folded;
  const domain = folded.slice(at + 1);
  return `${folded.slice(0, at)}@${domainToASCII(domain) || domain}`;
}
