import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Another process works in the folder. */
export class FolderInUse extends Error {
  override readonly name = "FolderInUse";
}

export interface FolderLock {
  release(): void;
}

const LOCK = "lock.sqlite";
const OWNER = "lock.owner";

/**
 * Takes a folder for this process alone. The lock is the kernel's own (SQLite's on a file of its own, as Node knows no
 * flock): it ends with the process in whatever way that ends, and holds between containers that share the folder.
 * Throws {@link FolderInUse}.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, LOCK), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw cause;
    throw new FolderInUse(
      `the folder ${folder} is in use by ${ownerOf(folder)}: only one process may work in it; stop that one, or use PostgreSQL (store.kind: postgres)`,
      { cause },
    );
  }
  writeFileSync(join(folder, OWNER), `process ${process.pid} on ${hostname()}\n`);
  return { release: () => lock.close() };
}

/** https://sqlite.org/rescode.html: SQLITE_BUSY. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}

function ownerOf(folder: string): string {
  try {
    return readFileSync(join(folder, OWNER), "utf8").trim();
  } catch {
    return "another process";
  }
}
