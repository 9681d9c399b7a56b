import type { Account } from "./account.ts";
import type { SharedSettings } from "./settings.ts";

/** All accounts of `accounts.list`, `accounts.file` and `accounts.folder`. Throws one ConfigFault with every fault found. */
export declare function loadAccounts(settings: SharedSettings): Account[];
