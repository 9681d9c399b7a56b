// One setup at a time: a lock file that names its owner, taken over when that owner is gone.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;

/** Pid and start time of a process, so that a pid used again is not taken for the old owner; undefined when it is gone. */
function identity(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name stands in parentheses and may contain anything; field 22 is the start time.
    return `${pid} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
  } catch {
    if (existsSync("/proc/self/stat")) return undefined;
  }
  try {
    process.kill(pid, 0);
    return `${pid} -`;
  } catch (error) {
    return error.code === "EPERM" ? `${pid} -` : undefined;
  }
}

function tryTake(file) {
  mkdirSync(dirname(file), { recursive: true });
  try {
    const fd = openSync(file, "wx", 0o644);
    writeSync(fd, identity(process.pid) ?? `${process.pid} -`);
    closeSync(fd);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function owner(file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** True when the lock's owner has died. An empty file is a lock just being written, unless it stays empty. */
function isStale(file, emptySince) {
  const held = owner(file);
  if (held === undefined) return false;
  if (held === "") return Date.now() - emptySince > 5_000;
  return identity(Number.parseInt(held, 10)) !== held;
}

/**
 * Runs `work` while holding `file`; waits for another living owner, takes over from a dead one.
 * @param {string} file
 * @param {() => Promise<unknown>} work
 * @param {(pid: string) => void} onWait told once when it has to wait
 */
export async function exclusively(file, work, onWait = () => {}) {
  const since = Date.now();
  let told = false;
  while (!tryTake(file)) {
    if (isStale(file, since)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) onWait(owner(file)?.split(" ")[0] ?? "?");
    told = true;
    await delay(POLL_MS);
  }
  const letGo = () => rmSync(file, { force: true });
  process.on("exit", letGo);
  try {
    return await work();
  } finally {
    process.off("exit", letGo);
    letGo();
  }
}
