import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { join } from "node:path";
import { RetryLater } from "@tamis/bus";
import { type ListEntries, listEntries, NoList } from "./list-entries.ts";
import type { ListSetting, ListSource } from "./list-settings.ts";

/** A list as one account sees it. `unusable`: nobody but the operator can mend it. */
export type ListRead = { readonly kind: "entries"; readonly entries: ListEntries } | { readonly kind: "unusable" };

/** The external lists of the installation (RFC 6134). */
export interface Lists {
  /** In the order of tamis.yaml. */
  readonly names: readonly string[];
  /** `null`: there is no such list. Throws `RetryLater` while it cannot be read. */
  of(name: string, address: string): Promise<ListRead | null>;
}

export interface ListsOptions {
  readonly lists: readonly ListSetting[];
  /** Octets that lists may take in memory in all. */
  readonly memoryBytes: number;
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** A list that cannot be read or used, once until it changes: never an address. */
  readonly onUnusable: (fields: { readonly list: string; readonly code: string }) => void;
}

/** A file is looked at again when it is asked for after so long. */
const RECHECK_MS = 2_000;
/** A longer file is no list. */
const MAX_OCTETS = 32 * 1024 * 1024;
const RETRY_MS = 5_000;

/** Nobody wrote a file for this account: its list is empty. */
const NOTHING = listEntries(new Uint8Array());

/** A list of one account. */
interface Place {
  readonly name: string;
  readonly source: ListSource;
  readonly path: string;
  /** Of a file, one for each column. */
  readonly key: string;
}

/** `entries` is null where the file is no list. */
interface Version {
  readonly version: string;
  readonly entries: ListEntries | null;
}

interface Kept {
  readonly version: string;
  readonly read: ListRead;
  readonly weight: number;
  checkedAt: number;
}

/** Opens the lists of the settings. Files are read when a script first asks, again when they changed, and forgotten for want of memory. */
export function openLists(options: ListsOptions): Lists {
  return new FileLists(options);
}

class FileLists implements Lists {
  readonly names: readonly string[];
  readonly #options: ListsOptions;
  readonly #sources: ReadonlyMap<string, ListSource>;
  /** By place; the one used longest ago first. */
  readonly #kept = new Map<string, Kept>();
  readonly #reading = new Map<string, Promise<ListRead>>();
  /** What was told of, by place. */
  readonly #told = new Map<string, string>();
  #weight = 0;

  constructor(options: ListsOptions) {
    this.#options = options;
    this.#sources = new Map(options.lists.map(({ name, source }) => [name, source]));
    this.names = [...this.#sources.keys()];
  }

  async of(name: string, address: string): Promise<ListRead | null> {
    const source = this.#sources.get(name);
    if (source === undefined) return null;
    const path = pathOf(source, address);
    if (path === null) return { kind: "entries", entries: NOTHING };
    const place: Place = { name, source, path, key: `${source.column ?? ""}\n${path}` };
    const kept = this.#kept.get(place.key);
    if (kept !== undefined && this.#options.clock() - kept.checkedAt < RECHECK_MS) return this.#use(place, kept);
    return await (this.#reading.get(place.key) ?? this.#begin(place));
  }

  /** Mails that ask at the same moment wait for one reading. */
  #begin(place: Place): Promise<ListRead> {
    const reading = this.#read(place).finally(() => this.#reading.delete(place.key));
    this.#reading.set(place.key, reading);
    return reading;
  }

  async #read(place: Place): Promise<ListRead> {
    try {
      const file = await openFile(place);
      if (file === null) return this.#keep(place, { version: "", entries: NOTHING });
      try {
        return await this.#readFile(place, file);
      } finally {
        await file.close();
      }
    } catch (cause) {
      this.#tell(place, codeOf(cause));
      throw new RetryLater("a list cannot be read now", { code: "list-unreadable", afterMs: RETRY_MS, cause });
    }
  }

  async #readFile(place: Place, file: FileHandle): Promise<ListRead> {
    const version = await versionOf(file);
    const kept = this.#kept.get(place.key);
    if (kept?.version === version) {
      kept.checkedAt = this.#options.clock();
      return this.#use(place, kept);
    }
    try {
      const entries = await entriesOf(file, place.source.column);
      // Written to while it was read: half a list is none.
      if ((await versionOf(file)) !== version) throw new RetryLater("a list is being written", { code: "changing" });
      return this.#keep(place, { version, entries });
    } catch (error) {
      if (!(error instanceof NoList)) throw error;
      this.#tell(place, error.code);
      return this.#keep(place, { version, entries: null });
    }
  }

  #use({ key }: Place, kept: Kept): ListRead {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept.read;
  }

  #keep({ key }: Place, { version, entries }: Version): ListRead {
    const read: ListRead = entries === null ? { kind: "unusable" } : { kind: "entries", entries };
    if (entries !== null) this.#told.delete(key);
    // The record of an empty list counts too: there is one of each account.
    const weight = (entries?.weight ?? 0) + 2 * key.length + 200;
    this.#drop(key);
    this.#kept.set(key, { version, read, weight, checkedAt: this.#options.clock() });
    this.#weight += weight;
    for (const other of this.#kept.keys()) {
      if (this.#weight <= this.#options.memoryBytes) break;
      this.#drop(other);
    }
    return read;
  }

  #drop(key: string): void {
    this.#weight -= this.#kept.get(key)?.weight ?? 0;
    this.#kept.delete(key);
  }

  #tell({ name, key }: Place, code: string): void {
    if (this.#told.get(key) === code) return;
    this.#told.set(key, code);
    this.#options.onUnusable({ list: name, code });
  }
}

/** `null`: no file can be this account's. */
function pathOf(source: ListSource, address: string): string | null {
  if (source.kind === "file") return source.path;
  // A bare name: no way out of the folder.
  if (!/^[^./\0][^/\0]{0,254}$/.test(address)) return null;
  return join(source.path, address.toLowerCase());
}

/** `null`: nobody wrote a list for this account; in a folder that is there, or none would have one. */
async function openFile({ source, path }: Place): Promise<FileHandle | null> {
  try {
    // What is no file must not make us wait for its other end.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (source.kind !== "folder" || codeOf(error) !== "ENOENT") throw error;
    await stat(source.path);
    return null;
  }
}

async function versionOf(file: FileHandle): Promise<string> {
  const { mtimeNs, size, ino } = await file.stat({ bigint: true });
  return `${mtimeNs} ${size} ${ino}`;
}

async function entriesOf(file: FileHandle, column: string | undefined): Promise<ListEntries> {
  const found = await file.stat();
  if (!found.isFile()) throw new NoList("no-file");
  if (found.size > MAX_OCTETS) throw new NoList("too-large");
  return listEntries(await file.readFile(), column);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unreadable";
