import {
  type Account,
  type AccountSettings,
  accountSections,
  ConfigFault,
  loadAccounts,
  loadSettings,
  type SharedSettings,
} from "@tamis/kit";
import { CommandFailure } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

export interface ConfigOption {
  readonly config?: string;
}

/** `--config`, else TAMIS_CONFIG, else ./tamis.yaml. */
export function configPath(options: ConfigOption, io: Surroundings): string {
  return options.config ?? (io.env["TAMIS_CONFIG"] || "tamis.yaml");
}

/** The sections that every command needs. */
export function readSettings(options: ConfigOption, io: Surroundings): SharedSettings {
  return orExplain(io, () => loadSettings(configPath(options, io), {}));
}

/** With `imap` and `accounts`. */
export function readAccountSettings(options: ConfigOption, io: Surroundings): AccountSettings {
  return orExplain(io, () => loadSettings(configPath(options, io), accountSections));
}

/** The account that an address (without regard to case) or an id names. */
export function findAccount(settings: AccountSettings, named: string, io: Surroundings): Account {
  const accounts = orExplain(io, () => loadAccounts(settings));
  const wanted = named.toLowerCase();
  const found = accounts.find((account) => account.id === named || account.address.toLowerCase() === wanted);
  if (found === undefined)
    throw new CommandFailure(io.say("account.unknown", { account: named, count: accounts.length }));
  return found;
}

export function allAccounts(settings: AccountSettings, io: Surroundings): readonly Account[] {
  return orExplain(io, () => loadAccounts(settings));
}

function orExplain<T>(io: Surroundings, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ConfigFault)) throw cause;
    throw new CommandFailure(`${io.say("config.faults")}\n${cause.message}`, undefined, { cause });
  }
}
