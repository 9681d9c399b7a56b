import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DovecotSieve, SieveDecision } from "@tamis/testkit";
import { reapedCpuSeconds } from "../process-usage.ts";

/** One process that decided on the whole Maildir. */
export interface SieveTurn {
  readonly decisions: readonly SieveDecision[];
  /** User and system time of the process from its start to its end. */
  readonly cpuSeconds: number;
}

const decideMaildir = fileURLToPath(new URL("decide-maildir.ts", import.meta.url));

/**
 * V8 for a process that lives half a second: its helper threads and its best compiler cost more than they save, and a
 * small nursery stays in the processor's cache.
 */
const SHORT_LIVED = ["--single-threaded", "--no-turbofan", "--max-semi-space-size=8"];

/** What our side needs. */
export interface OurSide {
  /** Folder for the script and the output. */
  readonly dir: string;
  /** More flags of Node, to profile it for instance. */
  readonly flags: readonly string[];
}

/** `decide-maildir.ts` in a process of its own. @throws Error when it fails */
export async function runOurs(side: OurSide, script: string, maildir: string): Promise<SieveTurn> {
  const files = { script: join(side.dir, "script.sieve"), out: join(side.dir, "decisions") };
  writeFileSync(files.script, script);
  const before = reapedCpuSeconds();
  const out = openSync(files.out, "w");
  const child = spawn(process.execPath, [...SHORT_LIVED, ...side.flags, decideMaildir, files.script, maildir], {
    stdio: ["ignore", out, "inherit"],
  });
  closeSync(out);
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const cpuSeconds = reapedCpuSeconds() - before;
  if (code !== 0) throw new Error(`decide-maildir.ts ended with ${String(code)}`);
  return { decisions: readDecisions(readFileSync(files.out, "utf8")), cpuSeconds };
}

function readDecisions(text: string): readonly SieveDecision[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [messageId = "", ...actions] = line.split("\t");
    return { messageId, actions };
  });
}

/** `sieve-filter` as a dry run, its index empty. @throws Error when it fails */
export async function runTheirs(engine: DovecotSieve, script: string, maildir: string): Promise<SieveTurn> {
  const before = reapedCpuSeconds();
  const ran = await engine.filter(script, maildir);
  const cpuSeconds = reapedCpuSeconds() - before;
  if (!ran.ok) throw new Error(`sieve-filter failed: ${ran.said}`);
  return { decisions: ran.decisions, cpuSeconds };
}
