import type { Message } from "@tamis/message";
import { type Action, applyEdits, PartNotEditable, type ProgramOutputs } from "@tamis/sieve";
import type { RuledAction } from "./layers.ts";
import type { WholeMessage } from "./mail-facts.ts";
import type { MailPrograms } from "./mail-programs.ts";
import type { Fate, Fates } from "./plan.ts";
import { isSealed } from "./sealed.ts";
import type { TextName } from "./texts.ts";

type Pipe = Extract<Action, { kind: "pipe" }>;

/** The whole mail, for programs that get it. */
export interface WholeSource {
  readonly message: Message;
  readonly outputs: ProgramOutputs;
  fetchWhole(): Promise<WholeMessage>;
}

/**
 * Hands the mail to the programs of `pipe`, each once, one after the other; what that means for its place. A program that took it
 * cancels the keep (but with :copy); one that did not leaves the mail stored, without an error where `:try` says so.
 */
export async function runPipes(
  actions: readonly RuledAction[],
  programs: MailPrograms,
  source: WholeSource,
): Promise<Fates | "gone"> {
  const fates = new Map<Action, Fate>();
  for (const { action } of actions) {
    if (action.kind !== "pipe") continue;
    const fate = await fateOfPipe(action, programs, source);
    if (fate === "gone") return "gone";
    fates.set(action, fate);
  }
  return fates;
}

async function fateOfPipe(action: Pipe, programs: MailPrograms, source: WholeSource): Promise<Fate | "gone"> {
  const kept = (text: TextName): Fate => ({ kind: "kept", fault: { text, action: action.program } });
  const { whyNot } = programs;
  if (whyNot !== null) return kept(whyNot);
  const whole = await source.fetchWhole();
  if (whole === "gone") return "gone";
  if (whole === "too-large") return kept("mail-too-large");
  const octets = edited(source, action);
  if (octets === null) return kept("uneditable");
  if (await programs.pipe(action, octets)) return action.copy ? { kind: "beside" } : { kind: "left" };
  return action.try ? { kind: "kept" } : kept("pipe-failed");
}

/** As the script changed it before; a mail that is signed or encrypted as it came. Null where it cannot be changed so. */
function edited({ message, outputs }: WholeSource, { edits = [] }: Pipe): Uint8Array | null {
  if (edits.length === 0 || isSealed(message)) return message.raw;
  try {
    return applyEdits(message, edits, outputs).raw;
  } catch (error) {
    if (error instanceof PartNotEditable) return null;
    throw error;
  }
}
