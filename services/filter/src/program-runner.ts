import { createHash } from "node:crypto";
import { type Bus, RetryLater } from "@tamis/bus";
import {
  decodeProgramOutcome,
  encodeProgramCall,
  outgoingObjects,
  type ProgramHead,
  type ProgramOutcome,
  SUBMISSION_INLINE_BYTES,
  subjects,
  type WithOctets,
} from "@tamis/contracts";
import type { ProgramResult } from "@tamis/sieve";

/** One call of a program, its input aside. */
export type ProgramCall = Omit<ProgramHead, "v" | "input">;

/** What a call came to: the fact for the script, and why it failed where it did (a code for the log and the owner). */
export interface ProgramAnswer {
  readonly result: ProgramResult;
  readonly failure?: string;
}

/** Asks `programs`. Everything throws `RetryLater` while nobody answers there, or the program is still running. */
export interface ProgramRunner {
  run(call: ProgramCall, input: Uint8Array | null): Promise<ProgramAnswer>;
}

const BUSY_RETRY_MS = 2_000;

/** `timeoutMs`: how long a program may wait for its turn and run. */
export function programRunner(bus: Pick<Bus, "request" | "objects">, timeoutMs: number): ProgramRunner {
  return {
    async run(call, input) {
      const frame = await frameOf(bus, call, input);
      const reply = await bus.request(subjects.programsRun, frame, { timeoutMs });
      const { head, inline } = decoded(reply.payload);
      return await answerOf(bus, head, inline);
    },
  };
}

async function frameOf(bus: Pick<Bus, "objects">, call: ProgramCall, input: Uint8Array | null): Promise<Uint8Array> {
  if (input === null) return encodeProgramCall({ head: { v: 1, ...call }, inline: null });
  const about = { size: input.length, sha256: createHash("sha256").update(input).digest("hex") };
  if (input.length <= SUBMISSION_INLINE_BYTES)
    return encodeProgramCall({ head: { v: 1, ...call, input: about }, inline: input });
  await (await bus.objects(outgoingObjects)).put(about.sha256, input);
  return encodeProgramCall({ head: { v: 1, ...call, input: { ...about, object: about.sha256 } }, inline: null });
}

function decoded(payload: Uint8Array): WithOctets<ProgramOutcome> {
  try {
    return decodeProgramOutcome(payload);
  } catch (cause) {
    throw new RetryLater("programs gave an answer that is none", { code: "failed", cause });
  }
}

async function answerOf(
  bus: Pick<Bus, "objects">,
  outcome: ProgramOutcome,
  inline: Uint8Array | null,
): Promise<ProgramAnswer> {
  switch (outcome.kind) {
    case "busy":
      throw new RetryLater("the program is still running", { code: "busy", afterMs: BUSY_RETRY_MS });
    case "refused":
      throw new RetryLater(`programs refuses the call: ${outcome.reason}`, { code: "failed" });
    case "missing":
      return { result: { ok: false, missing: true } };
    case "failed":
      return { result: { ok: false }, failure: outcome.reason };
    case "ended": {
      const { ok, output } = outcome;
      if (output === undefined) return { result: { ok } };
      const bytes =
        output.object === undefined ? inline : await (await bus.objects(outgoingObjects)).get(output.object);
      // Its output is kept for a day, as the journal is: gone only where somebody emptied the bucket.
      return bytes === null ? { result: { ok: false }, failure: "lost" } : { result: { ok, output: bytes } };
    }
    default:
      return outcome satisfies never;
  }
}
