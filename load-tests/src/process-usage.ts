import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** Its own time and that of children it has waited for, clock ticks. */
  readonly ticks: number;
  /** Of these, the children's. */
  readonly reapedTicks: number;
}

/** proc(5): the command name stands in parentheses and may hold anything; the fields after it are fixed. */
function parseStat(pid: number, text: string): Stat {
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const field = (number: number): number => fields[number - 3] ?? 0;
  const reapedTicks = field(16) + field(17);
  return { pid, parent: field(4), ticks: field(14) + field(15) + reapedTicks, reapedTicks };
}

function stats(): readonly Stat[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(Number(name), readFileSync(`/proc/${name}/stat`, "latin1"))];
      } catch {
        return []; // It ended between the listing and the reading.
      }
    });
}

let ticksPerSecond: number | undefined;
function clockTicks(): number {
  ticksPerSecond ??= Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  return ticksPerSecond;
}

function tree(root: number, all: readonly Stat[]): readonly Stat[] {
  const self = all.filter((stat) => stat.pid === root);
  return [...self, ...all.filter((stat) => stat.parent === root).flatMap((child) => tree(child.pid, all))];
}

/** User and system CPU time of a process, its living descendants and those they waited for, seconds (in steps of 10 ms). */
export function cpuSeconds(root: number): number {
  return tree(root, stats()).reduce((sum, stat) => sum + stat.ticks, 0) / clockTicks();
}

/** CPU seconds of several processes by name, for a difference of two moments. */
export function cpuByName(pids: Readonly<Record<string, readonly number[]>>): Readonly<Record<string, number>> {
  const all = stats();
  const seconds = (pid: number): number => tree(pid, all).reduce((sum, stat) => sum + stat.ticks, 0) / clockTicks();
  return Object.fromEntries(
    Object.entries(pids).map(([name, list]) => [name, list.reduce((sum, pid) => sum + seconds(pid), 0)]),
  );
}

/** What each spent between two moments, `<name>_cpu_s`. */
export function cpuSpent(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [`${name}_cpu_s`, Number((value - (before[name] ?? 0)).toFixed(2))]),
  );
}

/** CPU seconds of the children of this process that have ended, theirs included. */
export function reapedCpuSeconds(): number {
  return parseStat(process.pid, readFileSync("/proc/self/stat", "latin1")).reapedTicks / clockTicks();
}

/** Resident memory of one process, KiB; 0 when it is gone. */
export function residentKib(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
