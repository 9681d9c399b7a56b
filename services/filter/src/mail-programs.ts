import { RetryLater } from "@tamis/bus";
import { type BatchedMail, type BatchHead, formatMailId } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
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
  #failedFilter: string | null = null;

  constructor(context: ProgramsContext) {
    this.#context = context;
  }

  /** Why none is run; null where they are. A preview runs none, nor does a mail that is only observed. */
  get whyNot(): TextName | null {
    if (this.#context.runner === null) return "no-programs";
    return quietBecause(this.#context.head) === null ? null : "programs-only-live";
  }

  /** The first program of a `filter` command that made no mail of the mail, which stayed as it was; null where there is none. */
  get failedFilter(): string | null {
    return this.#failedFilter;
  }

  /** What a script needs to go on. Throws {@link SendingDelayed} while nobody answers or the program is still running. */
  async factOf({ key, command, program, arguments: given, input, isTest }: NeedOfProgram): Promise<ProgramResult> {
    const call = { key, command, program, arguments: [...given] };
    const { result } = await this.#run(call, input);
    if (command === "execute" || result.missing === true) return result;
    const made = result.ok && result.output !== undefined ? asMail(result.output) : null;
    if (made !== null) return { ok: true, output: made };
    if (isTest !== true) this.#failedFilter ??= program;
    return { ok: false };
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

/** Lines ended by CRLF, as mail has them; null for what is no mail: without any header field it would be lost for its owner. */
function asMail(output: Uint8Array): Uint8Array | null {
  const mail = Buffer.from(Buffer.from(output).toString("latin1").replace(/\r?\n/g, "\r\n"), "latin1");
  return readMessage(mail).headerFields().length === 0 ? null : mail;
}

interface CallRest {
  readonly command: "filter" | "execute" | "pipe";
  readonly arguments: string[];
}
