import { RetryLater } from "@tamis/bus";
import { type BatchedMail, type BatchHead, formatMailId } from "@tamis/contracts";
import type { Action, NeedOfProgram, ProgramResult } from "@tamis/sieve";
import { eventSuffix } from "./imap-event.ts";
import type { ProgramAnswer, ProgramRunner } from "./program-runner.ts";
import { quietBecause } from "./quiet.ts";
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
      const key = `${call.key}${eventSuffix(head, mail.meta)}`;
      return await runner.run({ accountId, address, mailId, fingerprint, ...call, key }, input);
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
