import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { killGroup } from "./process-group.ts";

const groups = new Set<number>();
const folders = new Set<string>();
let orders: Writable | undefined;

/** Starts the guardian at first use. It must not keep this process alive, nor die with its terminal. */
function guardian(): Writable {
  if (orders) return orders;
  const script = fileURLToPath(new URL("./guardian.ts", import.meta.url));
  const child = spawn(process.execPath, [script], { detached: true, stdio: ["pipe", "ignore", "ignore"], cwd: "/" });
  child.unref();
  orders = child.stdin;
  // A Socket, though typed as Writable: without unref it would hold the event loop.
  if ("unref" in orders && typeof orders.unref === "function") orders.unref();
  orders.on("error", () => {});
  process.once("exit", removeEverything);
  return orders;
}

function removeEverything(): void {
  for (const pid of groups) killGroup(pid, "SIGKILL");
  for (const path of folders) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
    } catch {
      // The guardian tries again as soon as this process has ended.
    }
  }
}

/**
 * Ties a process group to this process: it is killed when this process ends in any way, `kill -9` included.
 * The process must lead its own group (`spawn` with `detached: true`).
 * @returns call it when the process has ended by itself, so that its pid, used again, is not killed
 */
export function guardProcess(pid: number): () => void {
  guardian().write(`guard ${pid}\n`);
  groups.add(pid);
  return () => {
    groups.delete(pid);
    guardian().write(`release ${pid}\n`);
  };
}

/** A folder that is removed at once by `remove`, else when this process ends in any way. */
export type TempDir = { readonly path: string; readonly remove: () => void };

/** Makes an empty temporary folder; `name` becomes part of its name. */
export function tempDir(name = "tamis"): TempDir {
  const path = mkdtempSync(join(tmpdir(), `${name}-`));
  guardian().write(`folder ${path}\n`);
  folders.add(path);
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    folders.delete(path);
    guardian().write(`forget ${path}\n`);
  };
  return { path, remove };
}
