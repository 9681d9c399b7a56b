import { type FSWatcher, watch } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Account, type AccountsChange, compareAccounts } from "./account.ts";
import { type FolderMemory, isAccountFile } from "./account-sources.ts";
import { ConfigFault, formatFault } from "./fault.ts";
import { type AccountsReading, readAccounts } from "./load-accounts.ts";
import { type Logger, scrub } from "./log.ts";
import { errorCode } from "./secret.ts";
import type { AccountsSettings, AccountsSource } from "./settings.ts";

export interface WatchOptions {
  /** Told of each new version that differs, beginning soon after the start with what is there then, all of it `added`. */
  readonly onChange: (change: AccountsChange) => void;
  readonly log: Logger;
  /** What the caller has loaded already: then only differences from it are told. */
  readonly known?: readonly Account[];
  /** Quiet time after the last event before the files are read: half-written ones are not. Milliseconds, default 300. */
  readonly settleMs?: number;
  /** How often times and sizes are compared where no event comes (network file systems). Milliseconds, default 15,000. */
  readonly pollMs?: number;
}

export interface AccountsWatch {
  stop(): void;
}

/** How many faults of a faulty version go into the log. */
const LOGGED_FAULTS = 20;

/** Reads the accounts again whenever tamis.yaml, the CSV file or the folder changes. A faulty new version is logged and the old accounts stay. */
export function watchAccounts(settings: AccountsSource, options: WatchOptions): AccountsWatch {
  const watcher = new AccountsWatcher(settings, options);
  watcher.start();
  return { stop: () => watcher.stop() };
}

class AccountsWatcher implements AccountsWatch {
  readonly #settings: AccountsSource;
  readonly #options: WatchOptions;
  readonly #memory: FolderMemory = new Map();
  #accounts: readonly Account[];
  #section: AccountsSettings;
  #watched: readonly FSWatcher[] = [];
  #settle: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #version = "";
  #stopped = false;

  constructor(settings: AccountsSource, options: WatchOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#accounts = options.known ?? [];
    this.#section = settings.accounts;
  }

  start(): void {
    this.#watchFiles();
    void this.#pollOnce();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#settle);
    clearTimeout(this.#poll);
    for (const watcher of this.#watched) watcher.close();
  }

  /** Folders, not files: an editor puts a new file in the place of the old one. */
  #watchFiles(): void {
    for (const watcher of this.#watched) watcher.close();
    const { file, folder } = this.#section;
    const files = [this.#settings.file, ...(file === undefined ? [] : [file])];
    const interesting = new Map<string, (name: string) => boolean>();
    for (const path of files) {
      const others = interesting.get(dirname(path));
      interesting.set(dirname(path), (name) => name === basename(path) || others?.(name) === true);
    }
    if (folder !== undefined) interesting.set(folder, isAccountFile);
    this.#watched = [...interesting].flatMap(([path, concerns]) => this.#watchFolder(path, concerns));
  }

  #watchFolder(path: string, concerns: (name: string) => boolean): FSWatcher[] {
    try {
      const watcher = watch(path, { persistent: false }, (_event, name) => {
        if (name === null || concerns(name)) this.#soon();
      });
      // Its folder was removed, or the system has no more watches: the poll goes on.
      watcher.on("error", () => watcher.close());
      return [watcher];
    } catch (error) {
      this.#options.log.warn({ code: errorCode(error) }, "accounts-not-watched");
      return [];
    }
  }

  #soon(): void {
    if (this.#stopped) return;
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => this.#read(), this.#options.settleMs ?? 300);
  }

  async #pollOnce(): Promise<void> {
    const { version, files } = await versionOfAll(this.#settings.file, this.#section);
    if (this.#stopped) return;
    // The first reading comes after the first look: a change between the two is seen at the second look.
    if (this.#version === "") this.#read();
    else if (version !== this.#version) this.#soon();
    this.#version = version;
    // A folder of 25,000 files is looked through every 100 s: under 1 % of a core.
    this.#poll = setTimeout(() => void this.#pollOnce(), Math.max(this.#options.pollMs ?? 15_000, files * 4));
    this.#poll.unref();
  }

  #read(): void {
    const reading = this.#tryRead();
    if (reading === null) return;
    const moved = reading.section.file !== this.#section.file || reading.section.folder !== this.#section.folder;
    this.#section = reading.section;
    if (moved) this.#watchFiles();
    const change = compareAccounts(this.#accounts, reading.accounts);
    this.#accounts = reading.accounts;
    const { added, changed, removed } = change;
    if (added.length + changed.length + removed.length === 0) return;
    this.#options.log.info(
      { accounts: reading.accounts.length, added: added.length, changed: changed.length, removed: removed.length },
      "accounts-read",
    );
    this.#options.onChange(change);
  }

  #tryRead(): AccountsReading | null {
    try {
      const reading = readAccounts(this.#settings, this.#memory);
      if (reading.accounts.length > 0 || this.#accounts.length === 0) return reading;
      // A file is empty for a moment while it is written, and no one wants all accounts gone at a stroke.
      this.#options.log.error({ kept: this.#accounts.length }, "accounts-empty");
    } catch (error) {
      if (!(error instanceof ConfigFault)) throw error;
      const faults = error.faults.slice(0, LOGGED_FAULTS).map((fault) => scrub(formatFault(fault)));
      this.#options.log.error({ faults, count: error.faults.length, kept: this.#accounts.length }, "accounts-faulty");
    }
    return null;
  }
}

/** Changes whenever one of the files does. */
async function versionOfAll(
  settingsFile: string,
  { file, folder }: AccountsSettings,
): Promise<{ readonly version: string; readonly files: number }> {
  const paths = [settingsFile, ...(file === undefined ? [] : [file])];
  if (folder !== undefined) {
    const names = await readdir(folder).catch(() => []);
    paths.push(...names.filter(isAccountFile).map((name) => join(folder, name)));
  }
  let version = "";
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    version += `${path} ${found?.mtimeMs} ${found?.size} ${found?.ino}\n`;
  }
  return { version, files: paths.length };
}
