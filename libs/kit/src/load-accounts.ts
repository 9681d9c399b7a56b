import { type Account, accountIdOf } from "./account.ts";
import type { AccountEntry, AccountsRead, LocatedEntry } from "./account-entry.ts";
import { type FolderMemory, readCsv, readFolder, readList } from "./account-sources.ts";
import { ConfigFault, type Fault } from "./fault.ts";
import { readSections } from "./load-settings.ts";
import { accountSections } from "./sections.ts";
import type { AccountsSettings, AccountsSource } from "./settings.ts";

/** A reading of all accounts. */
export interface AccountsReading {
  readonly accounts: readonly Account[];
  readonly warnings: readonly Fault[];
  /** The section as it was read with them: it names the files to watch. */
  readonly section: AccountsSettings;
}

/** All accounts of `accounts.list`, `accounts.file` and `accounts.folder`. Throws one {@link ConfigFault} with every fault found. */
export function loadAccounts(settings: AccountsSource): readonly Account[] {
  return readAccounts(settings).accounts;
}

/** Reads the section `accounts` of tamis.yaml as it is now, and the accounts that it names. */
export function readAccounts(settings: AccountsSource, memory: FolderMemory = new Map()): AccountsReading {
  const { value, yaml } = readSections(settings.file, { accounts: accountSections.accounts });
  // Proof: parsed by this very schema.
  const section = value["accounts"] as AccountsSettings;
  const parts: AccountsRead[] = [];
  if (section.list !== undefined) parts.push(readList(section.list, settings.file, yaml));
  if (section.file !== undefined) parts.push(readCsv(section.file, settings.folder));
  if (section.folder !== undefined) parts.push(readFolder(section.folder, settings.folder, memory));
  const entries = parts.flatMap((part) => part.entries);
  const faults = [...parts.flatMap((part) => part.faults), ...faultsAmong(entries, settings.imap)];
  if (faults.length > 0) throw new ConfigFault(faults);
  return {
    accounts: entries.map((entry) => accountOf(entry, section)),
    warnings: parts.flatMap((part) => part.warnings),
    section,
  };
}

function accountOf({ entry }: LocatedEntry, section: AccountsSettings): Account {
  const { address, identities, user = address, password, id = accountIdOf(address), host, port } = entry;
  const { send_later: sendLater, language = section.language } = entry;
  return {
    id,
    address,
    ...(identities === undefined ? {} : { identities }),
    user,
    ...(password === undefined ? {} : { secret: password }),
    mode: entry.mode ?? section.mode,
    ...(sendLater === undefined ? {} : { sendLater }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...receiptsOf(entry, section),
    ...(language === undefined ? {} : { language }),
  };
}

function receiptsOf({ answers_receipts: answers, receipt_policy: policy }: AccountEntry, section: AccountsSettings) {
  if ((answers ?? section.answers_receipts) === "program") return {};
  return { receipts: policy === undefined ? {} : { policy } };
}

/** What only shows when all accounts are seen together. */
function faultsAmong(entries: readonly LocatedEntry[], imap: AccountsSource["imap"]): Fault[] {
  const faults: Fault[] = [];
  const addresses = new Map<string, LocatedEntry>();
  const ids = new Map<string, LocatedEntry>();
  for (const located of entries) {
    const { address, id = accountIdOf(address), password } = located.entry;
    const sameAddress = addresses.get(address.toLowerCase());
    if (sameAddress !== undefined)
      faults.push(
        located.fault("address", `the account is there twice, first at ${placeOf(sameAddress)}`, "take one away"),
      );
    const sameId = ids.get(id);
    if (sameAddress === undefined && sameId !== undefined)
      faults.push(located.fault("id", `the id is taken by the account at ${placeOf(sameId)}`, "give another id"));
    if (imap.sign_in.method === "password" && password === undefined)
      faults.push(
        located.fault("password", "missing", "imap.sign_in.method is `password`: each account needs its own"),
      );
    addresses.set(address.toLowerCase(), located);
    ids.set(id, located);
  }
  return faults;
}

function placeOf(located: LocatedEntry): string {
  const { file, line } = located.fault("address", "", "");
  return `${file}:${line}`;
}
