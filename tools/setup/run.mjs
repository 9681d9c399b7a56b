// Child processes for setup: quiet while they work, in full when they fail.
import { spawn, spawnSync } from "node:child_process";

/** Runs a command to its end. Returns {ok, code, output} with stdout and stderr together; never throws. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const chunks = [];
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", (error) => resolve({ ok: false, code: -1, output: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, code, output: Buffer.concat(chunks).toString("utf8") }));
  });
}

/** First line that a command prints (a version), or undefined when it cannot be run. */
export function firstLine(command, args) {
  const done = spawnSync(command, args, { encoding: "utf8", timeout: 10_000 });
  if (done.error || done.status !== 0) return undefined;
  return `${done.stdout}${done.stderr}`.trim().split("\n")[0];
}

/** The last lines of a long output, indented, for an error message. */
export function tail(output, lines = 25) {
  return output
    .trimEnd()
    .split("\n")
    .slice(-lines)
    .map((line) => `    ${line}`)
    .join("\n");
}

/** An error meant for a person: printed without a stack. */
export class SetupError extends Error {}
