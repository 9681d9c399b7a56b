import { existsSync, readdirSync, readFileSync } from "node:fs";
import { runProgram } from "./run-program.ts";

/** State letter of one thread or process as ps(1) has it, and its process group. */
type Entry = { readonly state: string; readonly group: number };

/** Signals a whole process group; false when there is none any more. */
export function killGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

function readStat(file: string): Entry | undefined {
  try {
    const stat = readFileSync(file, "utf8");
    // The command name stands in parentheses and may contain anything.
    const [state = "", , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, group: Number(group) };
  } catch {
    return undefined;
  }
}

function threadsOf(pid: string): Entry[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) => readStat(`/proc/${pid}/task/${thread}/stat`));
    return threads.filter((entry) => entry !== undefined);
  } catch {
    return [];
  }
}

function fromProc(group: number): Entry[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => readStat(`/proc/${pid}/stat`)?.group === group).flatMap(threadsOf);
}

async function fromPs(group: number): Promise<Entry[]> {
  const lines = (await runProgram("ps", ["-A", "-o", "pgid=,state="])).trim().split("\n");
  const entries = lines
    .map((line) => line.trim().split(/\s+/))
    .map(([id, state = ""]) => ({ group: Number(id), state }));
  return entries.filter((entry) => entry.group === group);
}

/** States of the living threads of a process group (`T` is stopped); a zombie is dead. */
export async function groupStates(group: number): Promise<string[]> {
  const entries = existsSync("/proc/self/stat") ? fromProc(group) : await fromPs(group);
  return entries.map(({ state }) => state.charAt(0)).filter((state) => state !== "Z" && state !== "X");
}
