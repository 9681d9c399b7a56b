import { createHash } from "node:crypto";
import type { Plan, ProgramOutputEdit, Target } from "@tamis/contracts";
import type { ProgramOutputs } from "@tamis/sieve";

/** Keeps octets until `mailbox` fetches them. Throws `RetryLater` while it cannot. */
export type KeepOutput = (key: string, octets: Uint8Array) => Promise<void>;

type Edits = NonNullable<Target["edits"]>;

interface OutputContext {
  /** Names the mail. */
  readonly mailId: string;
  readonly outputs: ProgramOutputs;
  readonly keep: KeepOutput;
}

/**
 * The plan with what programs made of the mail as `mailbox` is given it: kept before the plan is published, under a name made of mail
 * and octets, so that a repetition keeps the same; nothing of the edits before is left.
 */
export async function withOutputs(plan: Plan, context: OutputContext): Promise<Plan> {
  const { copies, destination } = plan;
  if (![...copies, destination].some((target) => "edits" in target && target.edits?.some(isOutput))) return plan;
  const kept: Target[] = [];
  for (const copy of copies) kept.push(await withKept(copy, context));
  return {
    copies: kept,
    destination: destination.kind === "discard" ? destination : await withKept(destination, context),
  };
}

const isOutput = ({ kind }: Edits[number]): boolean => kind === "program-output";

async function withKept<T extends { readonly edits?: Edits | undefined }>(
  target: T,
  context: OutputContext,
): Promise<T> {
  const at = target.edits?.findLastIndex(isOutput) ?? -1;
  if (target.edits === undefined || at < 0) return target;
  const edit = await keptOutput(String(target.edits[at]?.["key"]), context);
  return { ...target, edits: [edit, ...target.edits.slice(at + 1)] };
}

async function keptOutput(need: string, { mailId, outputs, keep }: OutputContext): Promise<ProgramOutputEdit> {
  const octets = outputs.get(need)?.output;
  if (octets === undefined) throw new RangeError("a plan speaks of a program that was not run");
  const key = createHash("sha256").update(`${mailId}\n`).update(octets).digest("hex");
  await keep(key, octets);
  return { kind: "program-output", key, size: octets.length };
}
