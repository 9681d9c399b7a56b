import { ConfigFault, type Fault } from "./fault.ts";
import { readAccounts } from "./load-accounts.ts";
import { loadSettings } from "./load-settings.ts";
import type { AccountsSource, Sections, Settings, SharedSettings } from "./settings.ts";

/** The configuration as one service reads it. */
export type ConfigCheck<S extends Sections> =
  | {
      readonly ok: true;
      readonly settings: Settings<S>;
      readonly warnings: readonly Fault[] /** `null` where the service has no accounts. */;
      readonly accounts: number | null;
    }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Reads tamis.yaml and, where the service asks for them, all accounts. */
export function checkConfig<S extends Sections>(path: string, sections: S): ConfigCheck<S> {
  try {
    const settings = loadSettings(path, sections);
    if (!hasAccounts(settings)) return { ok: true, settings, warnings: settings.warnings, accounts: null };
    const { accounts, warnings } = readAccounts(settings);
    return { ok: true, settings, warnings: [...settings.warnings, ...warnings], accounts: accounts.length };
  } catch (error) {
    if (error instanceof ConfigFault) return { ok: false, faults: error.faults };
    throw error;
  }
}

function hasAccounts(settings: SharedSettings): settings is AccountsSource {
  return "imap" in settings && "accounts" in settings;
}
