import type { Message } from "@tamis/message";
import type { Facts, Outcome } from "./facts.ts";
import type { Limits } from "./limits.ts";
import type { Program } from "./program.ts";

/** Runs a program on a mail: synchronous, no I/O, never throws on any mail. */
export function run(_program: Program, _message: Message, _facts: Facts, _limits: Partial<Limits> = {}): Outcome {
  throw new Error("run is being built");
}
