import type { Account } from "./account.ts";
import { ConfigFault } from "./fault.ts";
import { loadAccounts } from "./load-accounts.ts";
import { loadSettings, sectionNames } from "./load-settings.ts";
import type { Logger } from "./log.ts";
import { doorSections } from "./sections.ts";
import type { AccountsSource } from "./settings.ts";
import type { Language } from "./text.ts";
import { watchAccounts } from "./watch-accounts.ts";

/** In which languages owners are written to, as it is configured now. */
export interface AccountLanguages {
  of(accountId: string): Language;
  stop(): void;
}

export interface LanguagesOptions {
  /** Of accounts of which nothing is said. */
  readonly otherwise: Language;
  readonly log: Logger;
}

/**
 * The languages of all accounts, for services that write to owners and know of them nothing but their ids. Accounts that cannot be read keep
 * nobody from writing: what is wrong with them is logged, and the language is `otherwise`.
 */
export function watchLanguages(file: string, { otherwise, log }: LanguagesOptions): AccountLanguages {
  const source = sourceIn(file, log);
  if (source === null) return { of: () => otherwise, stop: () => {} };
  const known = accountsIn(source);
  let languages = languagesOf(known);
  const watch = watchAccounts(source, {
    log,
    known,
    onChange: ({ accounts }) => {
      languages = languagesOf(accounts);
    },
  });
  return { of: (accountId) => languages.get(accountId) ?? otherwise, stop: () => watch.stop() };
}

const languagesOf = (accounts: readonly Account[]): ReadonlyMap<string, Language> =>
  new Map(accounts.flatMap(({ id, language }) => (language === undefined ? [] : [[id, language] as const])));

/** null: this file names no accounts, or not so that they can be found. */
function sourceIn(file: string, log: Logger): AccountsSource | null {
  if (!sectionNames(file).includes("accounts")) return null;
  try {
    return loadSettings(file, doorSections);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    log.warn({ count: error.faults.length }, "languages-unknown");
    return null;
  }
}

/** None where they are faulty: the watch says so, and waits for better ones. */
function accountsIn(source: AccountsSource): readonly Account[] {
  try {
    return loadAccounts(source);
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return [];
  }
}
