import type { Account } from "./account.ts";
import type { AccountSettings } from "./settings.ts";

/** All accounts of `accounts.list`, `accounts.file` and `accounts.folder`. Throws one ConfigFault with every fault found. */
export declare function loadAccounts(settings: AccountSettings): Account[];
