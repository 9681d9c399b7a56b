// A process of its own that outlives the one that started it, however that ends: when its standard input
// closes it kills what it was told to guard, removes the folders, and goes. One line per order:
// `guard PID`, `release PID`, `folder PATH`, `forget PATH`.
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";

const groups = new Set<number>();
const folders = new Set<string>();

const orders: Readonly<Record<string, (argument: string) => void>> = {
  guard: (pid) => groups.add(Number(pid)),
  release: (pid) => groups.delete(Number(pid)),
  folder: (path) => folders.add(path),
  forget: (path) => folders.delete(path),
};

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const space = line.indexOf(" ");
  orders[line.slice(0, space)]?.(line.slice(space + 1));
}
for (const pid of groups) killGroup(pid);
// Dying servers may still write for a moment, hence the retries.
for (const path of folders) rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
