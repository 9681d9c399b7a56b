import type { Target } from "@tamis/contracts";
import type { JournalOptions } from "./copy-journal.ts";
import { uidsOf } from "./grouping.ts";
import type { CopyResult } from "./imap/copy-uid.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import type { JournaledCopy } from "./journaled-copy.ts";
import { GONE, type Outcome, refusal } from "./outcome.ts";
import type { RewriteOptions } from "./rewrite.ts";
import type { Steps } from "./steps.ts";

export interface ExecutionOptions extends JournalOptions, RewriteOptions {
  /** Writes the journal (with the token) before the first copy of the batch; without copies, only where the fence is old. */
  readonly begin: (open: readonly JournaledCopy[]) => Promise<void>;
  /** Whether the record was written with our token a moment ago. */
  readonly isFenced: () => boolean;
  /** An earlier attempt at these plans may have got through: a mail that is away was moved by us. */
  readonly retried: boolean;
}

export type Outcomes = Map<number, Outcome>;

type Mails = readonly { readonly uid: number }[];

/** One run over the plans of a batch: what became of each mail so far, and how its steps are tried. */
export class Execution {
  readonly options: ExecutionOptions;
  readonly outcomes: Outcomes;
  readonly session: ImapSession;

  constructor(options: ExecutionOptions, outcomes: Outcomes) {
    this.options = options;
    this.outcomes = outcomes;
    this.session = options.session;
  }

  /** Those that nothing was decided of yet in this run. */
  open<T extends { readonly uid: number }>(mails: readonly T[]): readonly T[] {
    return mails.filter(({ uid }) => !this.outcomes.has(uid));
  }

  settle(mails: Mails, outcome: Outcome): void {
    for (const { uid } of mails) this.outcomes.set(uid, outcome);
  }

  /** Why these mails stay where they are. */
  fail(mails: Mails, reason: string): void {
    this.settle(mails, { result: "failed", folder: this.options.folder, reason });
  }

  async stillHere(mails: Mails): Promise<readonly number[]> {
    return await this.options.folders.stillHere(uidsOf(mails));
  }

  /** A server that tells what it copied and leaves a UID out says that it was not there. One that tells nothing is asked. */
  async noteGone(mails: readonly Steps[], uids: CopyResult["uids"]): Promise<void> {
    const there = uids.size > 0 ? uids : new Set(await this.stillHere(mails));
    this.settle(
      mails.filter(({ uid }) => !there.has(uid)),
      GONE,
    );
  }

  /** COPY or MOVE, into a folder that is made where it may be and is missing. */
  async intoFolder(
    mails: readonly Steps[],
    target: Pick<Target, "mailbox" | "create" | "specialUse">,
    how: "copy" | "move",
  ): Promise<CopyResult> {
    if (mails.length === 0) return { uidValidity: 0, uids: new Map() };
    const { folders, assertLease } = this.options;
    const uids = uidsOf(mails);
    if (target.create && !(await folders.has(target.mailbox))) await folders.create(target.mailbox, target.specialUse);
    assertLease();
    try {
      return await this.session[how](uids, target.mailbox);
    } catch (error) {
      // RFC 9051 §6.4.7: the folder went away since it was listed.
      if (!(error instanceof ServerRefused && error.code === "TRYCREATE" && target.create)) throw error;
      await folders.create(target.mailbox, target.specialUse);
      assertLease();
      return await this.session[how](uids, target.mailbox);
    }
  }

  /** Runs one step for some mails; the server's refusal is their outcome, and they stay in INBOX. */
  async attempt(
    mails: readonly Steps[],
    step: () => Promise<void>,
    absent: (steps: Steps) => Outcome = () => GONE,
  ): Promise<void> {
    if (mails.length === 0) return;
    try {
      await step();
    } catch (error) {
      if (!(error instanceof ServerRefused)) throw error;
      // RFC 6851 §4.3: part of a refused MOVE may have been done.
      const here = new Set(await this.stillHere(mails));
      const { result, reason } = refusal(error);
      this.settle(
        mails.filter(({ uid }) => here.has(uid)),
        { result, folder: this.options.folder, reason },
      );
      for (const steps of mails) if (!here.has(steps.uid)) this.outcomes.set(steps.uid, absent(steps));
    }
  }
}
