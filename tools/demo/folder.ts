import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where one run keeps its configuration, its logs and the services' state. */
export type RunFolder = {
  readonly path: string;
  remove(): void;
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function ownerOf(path: string): number | null {
  try {
    return Number(readFileSync(join(path, "pid"), "utf8"));
  } catch {
    return null;
  }
}

/**
 * `<parent>/demo`, emptied; `<parent>/demo-<pid>` while another run uses that one. What a killed run left is swept away.
 */
export function runFolder(parent: string): RunFolder {
  const usual = join(parent, "demo");
  const owner = ownerOf(usual);
  const path = owner !== null && isAlive(owner) ? `${usual}-${process.pid}` : usual;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "pid"), `${process.pid}\n`);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
