import type { AccountsChange } from "./account.ts";
import type { Logger } from "./log.ts";
import type { AccountSettings } from "./settings.ts";

export interface WatchOptions {
  /** Told of each new version that differs. */
  readonly onChange: (change: AccountsChange) => void;
  readonly log: Logger;
}

export interface AccountsWatch {
  stop(): void;
}

/** Reads the accounts again whenever their files change. A faulty new version is logged and the old accounts stay. */
export declare function watchAccounts(settings: AccountSettings, options: WatchOptions): AccountsWatch;
