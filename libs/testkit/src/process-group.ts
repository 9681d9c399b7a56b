import { existsSync, readdirSync, readFileSync } from "node:fs";
import { runProgram } from "./run-program.ts";

/** State letter of one thread or process as ps(1) has it, its parent and its process group. */
type Entry = { readonly state: string; readonly parent: number; readonly group: number };

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
    const [state = "", parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent), group: Number(group) };
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

const procPids = (): readonly string[] => readdirSync("/proc").filter((name) => /^\d+$/.test(name));

function fromProc(group: number): Entry[] {
  return procPids()
    .filter((pid) => readStat(`/proc/${pid}/stat`)?.group === group)
    .flatMap(threadsOf);
}

async function fromPs(): Promise<Entry[]> {
  const lines = (await runProgram("ps", ["-A", "-o", "ppid=,pgid=,state="])).trim().split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/))
    .map(([parent, group, state = ""]) => ({ parent: Number(parent), group: Number(group), state }));
}

const hasProc = (): boolean => existsSync("/proc/self/stat");

/** States of the living threads of a process group (`T` is stopped); a zombie is dead. */
export async function groupStates(group: number): Promise<string[]> {
  const entries = hasProc() ? fromProc(group) : (await fromPs()).filter((entry) => entry.group === group);
  return entries.map(({ state }) => state.charAt(0)).filter((state) => state !== "Z" && state !== "X");
}

/** The group of this process, and those of its children that lead one of their own, as every backend of PostgreSQL does. */
export async function groupsOf(pid: number): Promise<readonly number[]> {
  const entries = hasProc() ? procPids().map((name) => readStat(`/proc/${name}/stat`)) : await fromPs();
  const own = entries.flatMap((entry) => (entry?.parent === pid ? [entry.group] : []));
  return [...new Set([pid, ...own])];
}
