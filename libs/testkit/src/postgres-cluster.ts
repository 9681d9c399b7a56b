import { createHash } from "node:crypto";
import { chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { type RunAs, runProgram } from "./run-program.ts";

/** How a cluster is made, and where. */
export type ClusterPlan = {
  /** Path of the program. */
  readonly initdb: string;
  readonly options: readonly string[];
  /** Folder of the cluster, which does not exist yet. */
  readonly data: string;
  /** Its owner; default: who runs this process. */
  readonly runAs: RunAs | undefined;
};

const CACHE = join(import.meta.dirname, "../../../node_modules/.cache");

/** Where the first cluster of this program, these options and this owner is kept. */
async function patternOf({ initdb, options, runAs }: ClusterPlan): Promise<string> {
  const version = await runProgram(initdb, ["--version"]);
  const name = JSON.stringify([initdb, version, options, runAs?.uid ?? process.getuid?.()]);
  return join(CACHE, `postgres-${createHash("sha256").update(name).digest("hex").slice(0, 16)}`);
}

/** Whole or not at all: processes that make the pattern at the same time take the first one. */
async function keep(data: string, pattern: string): Promise<void> {
  mkdirSync(dirname(pattern), { recursive: true });
  const unfinished = mkdtempSync(`${pattern}-`);
  try {
    await runProgram("cp", ["-a", `${data}/.`, unfinished]);
    renameSync(unfinished, pattern);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(pattern)) throw error;
  }
}

/**
 * Makes a cluster of empty databases: a copy of the first that was made in this checkout, since initdb costs a second of a processor.
 * @throws Error with the program's output when it fails
 */
export async function newCluster(plan: ClusterPlan): Promise<void> {
  const { initdb, options, data, runAs } = plan;
  const pattern = await patternOf(plan);
  if (existsSync(pattern)) {
    await runProgram("cp", ["-a", pattern, data]);
    return;
  }
  mkdirSync(data, { mode: 0o700 });
  if (runAs !== undefined) chownSync(data, runAs.uid, runAs.gid);
  await runProgram(initdb, ["-D", data, ...options], runAs);
  await keep(data, pattern);
}
