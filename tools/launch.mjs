// Runs a TypeScript file under the project's own Node 24 and ends as it ends.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { projectNode } from "./setup/npm-packages.mjs";
import { root } from "./setup.mjs";

/** Signals passed on. A terminal sends Ctrl-C to the whole group itself; a second one would mean "at once". */
const atTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
const SIGNALS = ["SIGTERM", "SIGHUP", ...(atTerminal ? [] : ["SIGINT"])];

/** Environment of everything that is launched: no telemetry of tools, compiled sources kept between runs. */
export const environment = {
  ...process.env,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules/.cache/node"),
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
};

/**
 * Runs `script` (relative to the checkout) in the current folder, with this process's terminal.
 * Resolves with its exit code; one ended by a signal counts as 128 + its number, as in a shell.
 */
export function launch(script, args) {
  const child = spawn(projectNode(root), [join(root, script), ...args], { stdio: "inherit", env: environment });
  const pass = SIGNALS.map((signal) => [signal, () => child.kill(signal)]);
  for (const [signal, send] of pass) process.on(signal, send);
  // Only so that Ctrl-C does not end this process before its child.
  if (atTerminal) process.on("SIGINT", () => {});
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
