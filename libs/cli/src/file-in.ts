import { readFile } from "node:fs/promises";
import { CommandFailure, exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

/** The octets of a file that a circular is made of; a {@link CommandFailure} where it cannot be read. */
export async function fileIn(file: string, io: Surroundings): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const problem = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CommandFailure(io.say("circular.no-file", { file, problem }), exitCode.failed, { cause });
  }
}
