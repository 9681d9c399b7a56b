import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { nodeFlags } from "@tamis/kit";
import type { ServiceProgram } from "./services.ts";

/** How a run with captured output ended. */
export interface CapturedRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line of a service. */
export function serviceArguments(
  service: ServiceProgram,
  config: string,
  ...flags: readonly string[]
): readonly string[] {
  return [...nodeFlags(service.name), service.file, "--config", config, ...flags];
}

/** Runs a service with flags that make it answer and end: `--check-config`, `--doctor`. Killed when `timeoutMs` have passed. */
export async function captureService(args: readonly string[], timeoutMs: number): Promise<CapturedRun> {
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [exitCode, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exitCode, stdout, stderr };
}
