import { RetryLater } from "@tamis/bus";
import { type BatchedMail, type BatchHead, formatMailId } from "@tamis/contracts";
import type { Message } from "@tamis/message";
import { type Action, applyEdits, type NeedOfProgram, PartNotEditable, type ProgramResult } from "@tamis/sieve";
import { quietBecause } from "./judge.ts";
import type { RuledAction } from "./layers.ts";
import type { WholeMessage } from "./mail-facts.ts";
import type { Fate, Fates } from "./plan.ts";
import type { ProgramAnswer, ProgramRunner } from "./program-runner.ts";
import { isSealed } from "./sealed.ts";
import { SendingDelayed } from "./sender.ts";
import type { TextName } from "./texts.ts";

type Pipe = Extract<Action, { kind: "pipe" }>;

export interface ProgramsContext {
  readonly head: BatchHead;
  readonly mail: BatchedMail;
  /** Null: this installation runs no programs. */
  readonly runner: ProgramRunner | null;
}

/** The programs that scripts name, for one mail. */
export class MailPrograms {
  readonly #context: ProgramsContext;

  constructor(context: ProgramsContext) {
    this.#context = context;
  }

  /** Why none is run; null where they are. A preview runs none, nor does a mail that is only observed. */
  get whyNot(): TextName | null {
    if (this.#context.runner === null) return "no-programs";
    return quietBecause(this.#context.head) === null ? null : "programs-only-live";
  }

  /** What a script needs to go on. Throws {@link SendingDelayed} while nobody answers or the program is still running. */
  async factOf({ key, command, program, arguments: given, input }: NeedOfProgram): Promise<ProgramResult> {
    const call = { key, command, program, arguments: [...given] };
    return (await this.#run(call, input)).result;
  }

  /** Hands the mail to the program; whether it took it. */
  async pipe({ program, arguments: given, edits = [] }: Pipe, octets: Uint8Array): Promise<boolean> {
    const key = JSON.stringify(["pipe", program, given, edits]);
    const answer = await this.#run({ key, command: "pipe", program, arguments: [...given] }, octets);
    return answer.result.ok;
  }

  async #run(
    call: Pick<NeedOfProgram, "key" | "program"> & CallRest,
    input: Uint8Array | null,
  ): Promise<ProgramAnswer> {
    const { head, mail, runner } = this.#context;
    const { accountId, address, folder } = head;
    const { uid, fingerprint } = mail.meta;
    if (runner === null) throw new RangeError("no programs are run here");
    const mailId = formatMailId({ accountId, folderId: folder.id, uidValidity: folder.uidValidity, uid });
    try {
      return await runner.run({ accountId, address, mailId, fingerprint, ...call }, input);
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      // The mails beside it need not wait for a program.
      throw new SendingDelayed(error.message, { afterMs: error.afterMs, code: error.code, cause: error });
    }
  }
}

interface CallRest {
  readonly command: "filter" | "execute" | "pipe";
  readonly arguments: string[];
}

/** The whole mail, for programs that get it. */
export interface WholeSource {
  readonly message: Message;
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
  const octets = edited(source.message, action);
  if (octets === null) return kept("uneditable");
  if (await programs.pipe(action, octets)) return action.copy ? { kind: "beside" } : { kind: "left" };
  return action.try ? { kind: "kept" } : kept("pipe-failed");
}

/** As the script changed it before; a mail that is signed or encrypted as it came. Null where it cannot be changed so. */
function edited(message: Message, { edits = [] }: Pipe): Uint8Array | null {
  if (edits.length === 0 || isSealed(message)) return message.raw;
  try {
    return applyEdits(message, edits).raw;
  } catch (error) {
    if (error instanceof PartNotEditable) return null;
    throw error;
  }
}
