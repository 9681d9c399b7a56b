import { spawn } from "node:child_process";

/** Whom a program runs as. */
export type RunAs = { readonly uid: number; readonly gid: number };

/** Runs a program to its end. @throws Error with its output when it fails */
export function runProgram(path: string, args: readonly string[], as?: RunAs): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], cwd: as && "/", ...as });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${path} ${args.join(" ")} ended with ${code}: ${output.trim()}`));
    });
  });
}
