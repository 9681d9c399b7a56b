import { readFile } from "node:fs/promises";
import { CommandFailure } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

/** The bytes of a file, or of standard input for `-`. */
export async function readInput(file: string, io: Surroundings): Promise<Uint8Array> {
  if (file === "-") return io.readStdin();
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CommandFailure(io.say("file.unreadable", { file, code }), undefined, { cause });
  }
}

/** A script as text (RFC 5228 §2.1: UTF-8). */
export async function readScript(file: string, io: Surroundings): Promise<string> {
  const bytes = await readInput(file, io);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CommandFailure(io.say("file.not-utf8", { file }), undefined, { cause });
  }
}
