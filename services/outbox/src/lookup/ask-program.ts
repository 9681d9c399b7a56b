import { spawn } from "node:child_process";
import { MESSAGE_ID_MARK } from "./config.ts";

/**
 * Whether a mail arrived. `absent`: a program is sure that it did not. `not-found`: no copy of it was found for so long that none is
 * looked for any more. `unclear`: nobody can say, now.
 */
export type Arrival = "arrived" | "absent" | "not-found" | "unclear";

/** A program that is run for a Message-ID. */
export interface Program {
  readonly command: readonly string[];
  readonly timeoutMs: number;
}

/** RFC 5322 §3.6.4, as far as it is handed to a program: nothing but visible ASCII, and never an option. */
const MESSAGE_ID = /^<[\x21-\x3b\x3d\x3f-\x7e]+>$/;
const LONGEST = 998;

/** Whether it can be asked for this Message-ID, with its angle brackets. */
export const canBeAsked = (messageId: string): boolean => messageId.length <= LONGEST && MESSAGE_ID.test(messageId);

/** The command for one Message-ID: one argument more, or in the place of its mark. */
export function commandFor(command: readonly string[], messageId: string): readonly string[] {
  const isMarked = command.some((word) => word.includes(MESSAGE_ID_MARK));
  return isMarked ? command.map((word) => word.replaceAll(MESSAGE_ID_MARK, () => messageId)) : [...command, messageId];
}

/**
 * Runs the program: exit code 0 is `arrived`, 1 `absent`, whatever else happens `unclear`, `signal` among it. Nothing of it outlives the
 * answer. Never throws.
 */
export function askProgram({ command, timeoutMs }: Program, messageId: string, signal?: AbortSignal): Promise<Arrival> {
  const [program = "", ...args] = commandFor(command, messageId);
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: "/",
      env: { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C" },
      detached: true,
      stdio: "ignore",
    });
    const end = (arrival: Arrival): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      if (child.pid !== undefined) killGroup(child.pid);
      resolve(arrival);
    };
    const stop = (): void => end("unclear");
    const timer = setTimeout(stop, timeoutMs);
    signal?.addEventListener("abort", stop);
    child.on("error", stop);
    child.on("exit", (code) => end(code === 0 ? "arrived" : code === 1 ? "absent" : "unclear"));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
