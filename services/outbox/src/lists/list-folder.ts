import { constants } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { ListFault } from "./list-fault.ts";
import { type ListEntry, listEntries } from "./list-file.ts";
import { type ListRead, type ListReader, type Member, type NamedList, sourceParts } from "./list-reader.ts";

/** What lists of a folder are called: `list:NAME`. */
export const FOLDER_KIND = "list";

/** A longer file is no list. */
const MAX_OCTETS = 32 * 1024 * 1024;

interface ListFile {
  /** As the folder spells it, without `.csv` or `.txt`. */
  readonly name: string;
  readonly file: string;
  readonly form: "lines" | "csv";
}

/** By name, in small letters: of two files of one name none is the list. */
type Files = ReadonlyMap<string, readonly ListFile[]>;

const keyOf = (name: string): string => name.normalize("NFC").toLowerCase();

/**
 * The lists of a folder: a file each, named after the list, with `.txt`, `.csv` or nothing behind it. A list is found among the names
 * of the folder, so that no name leads out of it; case does not count.
 */
export class ListFolder implements ListReader {
  readonly #path: string;
  #files: Files | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  async read(source: string): Promise<ListRead> {
    const files = await this.#all();
    const [found, ...more] = files.get(keyOf(sourceParts(source)?.name ?? source)) ?? [];
    if (found === undefined) throw new ListFault("unknown", source);
    if (more.length > 0)
      throw new ListFault("ambiguous", source, { detail: [found, ...more].map(({ file }) => file).join("; ") });
    const entries = listEntries(source, await octetsOf(source, join(this.#path, found.file)), found.form);
    const members: Member[] = [];
    const nested: string[] = [];
    for (const entry of entries) {
      const inner = nameIn(entry, files);
      if (inner !== null) nested.push(inner);
      else if (entry.kind === "member") members.push(entry.member);
    }
    return { members, nested, alias: null, gone: 0, noAddress: 0 };
  }

  async names(limit: number): Promise<readonly NamedList[]> {
    const names = [...(await this.#all()).values()].map(([file]) => file?.name ?? "");
    return names
      .toSorted((a, b) => a.localeCompare(b))
      .slice(0, limit)
      .map((name) => ({ name: `${FOLDER_KIND}:${name}`, about: null }));
  }

  async close(): Promise<void> {}

  async #all(): Promise<Files> {
    this.#files ??= Map.groupBy(await this.#listed(), ({ name }) => keyOf(name));
    return this.#files;
  }

  async #listed(): Promise<readonly ListFile[]> {
    try {
      const entries = await readdir(this.#path, { withFileTypes: true });
      return entries
        .filter((entry) => !entry.isDirectory() && !entry.name.startsWith(".") && !entry.name.endsWith("~"))
        .map(({ name: file }) => ({
          name: file.normalize("NFC").replace(/\.(?:csv|txt)$/i, ""),
          file,
          form: /\.csv$/i.test(file) ? "csv" : "lines",
        }));
    } catch (cause) {
      throw new ListFault("unreadable", FOLDER_KIND, { detail: codeOf(cause), cause });
    }
  }
}

/** The list that an entry stands for: included by name, or an address that is one of the lists. */
function nameIn(entry: ListEntry, files: Files): string | null {
  if (entry.kind === "include") {
    const isOther = sourceParts(entry.name) !== null && !files.has(keyOf(entry.name));
    return isOther ? entry.name : `${FOLDER_KIND}:${entry.name}`;
  }
  const { address } = entry.member;
  return files.has(keyOf(address)) ? `${FOLDER_KIND}:${address}` : null;
}

async function octetsOf(list: string, path: string): Promise<Uint8Array> {
  const file = await opened(list, path);
  try {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw new ListFault("unreadable", list, { detail: "no file" });
    if (before.size > MAX_OCTETS) throw new ListFault("too-large", list);
    const octets = await file.readFile();
    const after = await file.stat({ bigint: true });
    // Written to while it was read: half a list is none.
    if (before.mtimeNs !== after.mtimeNs || before.size !== after.size || BigInt(octets.length) !== after.size)
      throw new ListFault("changing", list);
    return octets;
  } finally {
    await file.close();
  }
}

async function opened(list: string, path: string): Promise<FileHandle> {
  try {
    // What is no file must not make us wait for its other end.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const code = codeOf(cause);
    throw new ListFault(code === "ENOENT" ? "unknown" : "unreadable", list, { detail: code, cause });
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "?";
