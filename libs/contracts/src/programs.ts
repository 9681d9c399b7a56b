import { z } from "zod";
import { encodeFrame, splitFrame } from "./frame.ts";

/** Octets that travel beside a request or an answer: in the frame, or under this name in the object bucket `outgoing`. */
const octets = z.object({
  size: z.number().int().nonnegative(),
  /** SHA-256, hex. */
  sha256: z.string().length(64),
  object: z.string().optional(),
});

const programHead = z.object({
  v: z.literal(1),
  accountId: z.string().min(1),
  /** The owner's address: programs are allowed by address. */
  address: z.string(),
  mailId: z.string(),
  fingerprint: z.string(),
  /** Stands for the call within its mail: command, program, arguments, and what was done to the mail before. */
  key: z.string(),
  command: z.enum(["filter", "execute", "pipe"]),
  program: z.string().max(128),
  arguments: z.array(z.string().max(1024)).max(16).readonly(),
  /** Absent: its standard input is empty. */
  input: octets.optional(),
});
export type ProgramHead = Readonly<z.infer<typeof programHead>>;

const programOutcome = z.discriminatedUnion("kind", [
  /** It ran, once. `ok`: its exit status was 0. `output` only of `filter` and `execute`. */
  z.object({ kind: z.literal("ended"), ok: z.boolean(), output: octets.optional() }),
  z.object({ kind: z.literal("missing") }),
  /**
   * It did not end well and is not run again for this mail: too slow, too talkative, ended by a signal, not startable, or
   * nobody knows how it ended (`lost`). `not-allowed`: this account may run none.
   */
  z.object({
    kind: z.literal("failed"),
    reason: z.enum(["timeout", "output-too-large", "signal", "not-startable", "lost", "not-allowed"]),
  }),
  /** It is still running; ask again. */
  z.object({ kind: z.literal("busy") }),
  /** Not a request that this version knows; `reason` is for the log. */
  z.object({ kind: z.literal("refused"), reason: z.string() }),
]);
export type ProgramOutcome = Readonly<z.infer<typeof programOutcome>>;

/** A head, and the octets it describes unless they are in the object bucket. */
export interface WithOctets<T> {
  readonly head: T;
  readonly inline: Uint8Array | null;
}

const MAGIC = 0x544d5031; // "TMP1"
const decoder = new TextDecoder("utf-8", { fatal: true });

function encode<T>({ head, inline }: WithOctets<T>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(head));
  return encodeFrame(MAGIC, inline === null ? [json] : [json, inline]);
}

function decode<T>(frame: Uint8Array, schema: z.ZodType<T>): WithOctets<T> {
  const [head, inline = null, ...more] = splitFrame(frame, MAGIC, "program");
  if (head === undefined || more.length > 0) throw new RangeError("program: not one head and its octets");
  return { head: schema.parse(JSON.parse(decoder.decode(head))), inline };
}

/** `programs.run`: run this once for this mail. */
export const encodeProgramCall = (call: WithOctets<ProgramHead>): Uint8Array => encode(call);
/** Throws `RangeError`, `TypeError`, `SyntaxError` or `ZodError` on a frame that is none. */
export const decodeProgramCall = (frame: Uint8Array): WithOctets<ProgramHead> => decode(frame, programHead);
export const encodeProgramOutcome = (outcome: WithOctets<ProgramOutcome>): Uint8Array => encode(outcome);
/** Throws as {@link decodeProgramCall}. */
export const decodeProgramOutcome = (frame: Uint8Array): WithOctets<ProgramOutcome> => decode(frame, programOutcome);
