import { doorsSections } from "@tamis/doors";
import { ConfigFault, loadAccounts, loadSettings } from "@tamis/kit";
import { isSameMailbox } from "../smtp/address.ts";
import type { JournalSettings } from "./config.ts";
import type { Journal } from "./search-mailbox.ts";

/** The folder that is searched, of the account as it is configured now; null: there is none, or the accounts cannot be read. */
export function journalOf({ address, folder }: JournalSettings, file: string): Journal | null {
  try {
    const accounts = loadAccounts(loadSettings(file, doorsSections));
    const account = accounts.find((one) => isSameMailbox(one.address, address));
    return account === undefined ? null : { accountId: account.id, folder };
  } catch (error) {
    if (error instanceof ConfigFault) return null;
    throw error;
  }
}
