import { createHash } from "node:crypto";
import type { ObjectBucket } from "@tamis/bus";
import {
  decodeProgramCall,
  encodeProgramOutcome,
  type ProgramHead,
  type ProgramOutcome,
  type WithOctets,
} from "@tamis/contracts";
import { callName, type EndedEntry, type Journal } from "./journal.ts";
import type { ProgramFile } from "./program-file.ts";
import type { ProgramEnd } from "./run-program.ts";

export interface ProgramsDeps {
  readonly journal: Journal;
  readonly objects: Pick<ObjectBucket, "put" | "get">;
  readonly instance: string;
  readonly isAllowed: (address: string) => boolean;
  readonly find: (name: string) => Promise<ProgramFile>;
  /** Never throws. */
  readonly run: (path: string, args: readonly string[], input: Uint8Array) => Promise<ProgramEnd>;
  /** So many programs at once: waits for a turn. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** How long a call may be under way before nobody is at work on it any more, ms. */
  readonly lostAfterMs: number;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: {
    readonly info: (fields: Readonly<Record<string, unknown>>, event: string) => void;
    readonly warn: (fields: Readonly<Record<string, unknown>>, event: string) => void;
  };
  readonly onEnd: (command: ProgramHead["command"], how: string, seconds: number) => void;
}

/** Outputs up to this are kept in the journal itself. */
const SMALL_BYTES = 64 * 1024;
const NOTHING = new Uint8Array();

type Call = WithOctets<ProgramHead>;
type Answered = WithOctets<ProgramOutcome>;
const plain = (head: ProgramOutcome): Answered => ({ head, inline: null });

/** `programs.run`: the outcome of a call, whether it runs now or ran before. Throws `RetryLater` where NATS is away. */
export async function onProgramsRun(frame: Uint8Array, deps: ProgramsDeps): Promise<Uint8Array> {
  let call: Call;
  try {
    call = decodeProgramCall(frame);
  } catch (error) {
    return encodeProgramOutcome(plain({ kind: "refused", reason: error instanceof Error ? error.name : "unreadable" }));
  }
  return encodeProgramOutcome(await outcomeOf(call, deps));
}

async function outcomeOf(call: Call, deps: ProgramsDeps): Promise<Answered> {
  const { head } = call;
  if (!deps.isAllowed(head.address)) return plain({ kind: "failed", reason: "not-allowed" });
  const name = callName(head);
  const known = await deps.journal.find(name);
  if (known?.entry.state === "ended") return answerFrom(known.entry);
  if (known !== null) {
    const age = deps.now() - known.entry.at;
    if (age < deps.lostAfterMs) return plain({ kind: "busy" });
    deps.log.warn({ mailId: head.mailId, program: head.program, ms: age }, "program-lost");
    const lost: EndedEntry = { state: "ended", outcome: { kind: "failed", reason: "lost" } };
    return (await deps.journal.end(name, lost, known.revision)) ? answerFrom(lost) : plain({ kind: "busy" });
  }
  const file = await deps.find(head.program);
  if (file.kind === "unsafe") deps.log.warn({ program: head.program, why: file.why.en }, "program-unsafe");
  if (file.kind !== "found") return plain({ kind: "missing" });
  const input = await inputOf(call, deps);
  if (input === null) return plain({ kind: "refused", reason: "the input is not what the head says" });
  return await deps.inTurn(() => runOnce(call, { name, path: file.path, input }, deps));
}

interface Begun {
  readonly name: string;
  readonly path: string;
  readonly input: Uint8Array;
}

async function runOnce({ head }: Call, begun: Begun, deps: ProgramsDeps): Promise<Answered> {
  const startedAt = deps.now();
  const revision = await deps.journal.begin(begun.name, deps.instance, startedAt);
  if (revision === null) return plain({ kind: "busy" });
  const end = await deps.run(begun.path, head.arguments, begun.input);
  const ms = deps.now() - startedAt;
  const how = end.kind === "failed" ? end.reason : end.ok ? "ok" : "not-ok";
  deps.onEnd(head.command, how, ms / 1000);
  deps.log.info({ mailId: head.mailId, program: head.program, how, ms }, "program-ended");
  const entry = await entryOf(end, head.command, deps);
  if (!(await deps.journal.end(begun.name, entry, revision))) return plain({ kind: "busy" });
  return answerFrom(entry);
}

async function entryOf(end: ProgramEnd, command: ProgramHead["command"], deps: ProgramsDeps): Promise<EndedEntry> {
  if (end.kind === "failed") return { state: "ended", outcome: end };
  const outcome = { kind: "ended", ok: end.ok } as const;
  if (command === "pipe") return { state: "ended", outcome };
  const about = { size: end.output.length, sha256: sha256(end.output) };
  if (end.output.length > SMALL_BYTES) {
    await deps.objects.put(about.sha256, end.output);
    return { state: "ended", outcome, output: about };
  }
  return { state: "ended", outcome, output: { ...about, base64: Buffer.from(end.output).toString("base64") } };
}

function answerFrom({ outcome, output }: EndedEntry): Answered {
  if (outcome.kind === "failed" || output === undefined) return plain(outcome);
  const { size, sha256: hash, base64 } = output;
  if (base64 === undefined) return plain({ ...outcome, output: { size, sha256: hash, object: hash } });
  return { head: { ...outcome, output: { size, sha256: hash } }, inline: Buffer.from(base64, "base64") };
}

/** `null` where the octets are not those that the head describes, or are gone. */
async function inputOf({ head, inline }: Call, deps: ProgramsDeps): Promise<Uint8Array | null> {
  if (head.input === undefined) return NOTHING;
  const { object, size, sha256: hash } = head.input;
  const bytes = object === undefined ? inline : await deps.objects.get(object);
  return bytes !== null && bytes.length === size && sha256(bytes) === hash ? bytes : null;
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
