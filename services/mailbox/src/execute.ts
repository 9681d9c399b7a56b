import type { Decision, Target } from "@tamis/contracts";
import { CopyJournal, type JournalOptions, printsIn } from "./copy-journal.ts";
import { groupBy, uidsOf } from "./grouping.ts";
import type { CopyResult } from "./imap/copy-uid.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { storableFlags } from "./imap/permanent-flags.ts";
import { removeByUid } from "./imap/remove-by-uid.ts";
import { ServerRefused, unlessRefused } from "./imap/server-refused.ts";
import type { JournaledCopy } from "./journaled-copy.ts";
import { awayTo, GONE, movedTo, type Outcome, refusal } from "./outcome.ts";
import { type RewriteOptions, Rewriter } from "./rewrite.ts";
import {
  asSteps,
  copiesKey,
  type End,
  type FlagChanges,
  flagsKey,
  obstacle,
  SourceFlags,
  type Steps,
} from "./steps.ts";

export interface ExecutionOptions extends JournalOptions, RewriteOptions {
  /** Writes the journal (with the token) before the first copy of the batch; without copies, only where the fence is old. */
  readonly begin: (open: readonly JournaledCopy[]) => Promise<void>;
  /** Whether the record was written with our token a moment ago. */
  readonly isFenced: () => boolean;
  /** An earlier attempt at these plans may have got through: a mail that is away was moved by us. */
  readonly retried: boolean;
}

type Outcomes = Map<number, Outcome>;

const NO_FLAGS = { addFlags: [], removeFlags: [] } as const;

/**
 * Carries out the plans of mails in the selected folder: one batch, moves to one folder in one command.
 * Rejects with ConnectionLost (the whole batch may be tried again: every step is evident or journaled) and with
 * whatever `begin` and `assertLease` throw.
 */
export async function execute(decisions: readonly Decision[], options: ExecutionOptions): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const possible = decisions.filter((decision) => {
    const reason = obstacle(decision, options.session);
    if (reason !== null) outcomes.set(decision.uid, { result: "failed", folder: options.folder, reason });
    return reason === null;
  });
  await new Execution(options, outcomes).run(possible);
  return outcomes;
}

class Execution {
  readonly #options: ExecutionOptions;
  readonly #outcomes: Outcomes;
  readonly #session: ImapSession;

  constructor(options: ExecutionOptions, outcomes: Outcomes) {
    this.#options = options;
    this.#outcomes = outcomes;
    this.#session = options.session;
  }

  async run(decisions: readonly Decision[]): Promise<void> {
    const trash = await this.#resolveTrash(decisions);
    const plans = this.#open(decisions).map((decision) =>
      asSteps(decision, { trash, folder: this.#options.folder, canMove: this.#session.capabilities.has("MOVE") }),
    );
    const journal = await CopyJournal.prepare(plans, this.#options);
    if (journal.entries.length > 0 || !this.#options.isFenced()) await this.#options.begin(journal.entries);
    const rewriter = new Rewriter(this.#options, journal);
    const strays = journal.strays(plans);
    if (strays.length > 0) await rewriter.withdrawStrays(strays, new Set(await this.#stillHere(strays)));
    for (const group of groupBy(
      plans.filter((plan) => plan.copies.length > 0),
      copiesKey,
    ))
      await this.#copyGroup(group, journal, rewriter);
    await this.#finish(plans, rewriter);
  }

  /** Those that nothing was decided of yet in this run. */
  #open<T extends { readonly uid: number }>(mails: readonly T[]): readonly T[] {
    return mails.filter(({ uid }) => !this.#outcomes.has(uid));
  }

  async #resolveTrash(decisions: readonly Decision[]): Promise<string> {
    const discarded = decisions.filter(({ plan }) => plan.destination.kind === "discard");
    if (discarded.length === 0) return "";
    const trash = await this.#options.folders.trash();
    if (trash === null) this.#settle(discarded, { result: "failed", folder: this.#options.folder, reason: "no-trash" });
    return trash ?? "";
  }

  /** One group shares the same copies: flags as each target wants them, COPY, next. */
  async #copyGroup(group: readonly Steps[], journal: CopyJournal, rewriter: Rewriter): Promise<void> {
    const targets = (group[0]?.copies ?? []).map(({ target }) => target);
    const isBegun = group.some(({ uid }) => targets.some(({ mailbox }) => journal.isThere(mailbox, uid)));
    const flags = new SourceFlags(isBegun ? targets : []);
    for (const [index, target] of targets.entries()) {
      const mails = this.#open(group);
      const missing = mails.filter(({ uid }) => !journal.isThere(target.mailbox, uid));
      if (target.edits !== undefined) await this.#rewriteAll(missing, index, { rewriter, flags });
      else await this.#attempt(missing, () => this.#copyAll(missing, index, flags));
      await this.#undoFlags(missing, flags.clone());
    }
    for (const steps of group) steps.flagsNow = flags.clone();
  }

  async #copyAll(mails: readonly Steps[], index: number, flags: SourceFlags): Promise<void> {
    const target = mails[0]?.copies[index]?.target;
    if (target === undefined) return;
    await this.#applyFlags(mails, flags.changesTo(target));
    const { uids, uidValidity } = await this.#intoFolder(mails, target, "copy");
    for (const steps of mails) {
      const newUid = uids.get(steps.uid);
      if (newUid !== undefined) steps.copied[index] = { newUid, newUidValidity: uidValidity };
    }
    await this.#noteGone(mails, uids);
  }

  /** One by one: each is in memory as a whole. */
  async #rewriteAll(
    mails: readonly Steps[],
    place: number,
    { rewriter, flags }: { readonly rewriter: Rewriter; readonly flags: SourceFlags },
  ): Promise<void> {
    for (const steps of mails) {
      const target = steps.copies[place]?.target;
      const edits = target?.edits;
      if (target === undefined || edits === undefined) continue;
      const { uid, fingerprint } = steps;
      await this.#attempt([steps], async () => {
        const result = await rewriter.rewrite({ uid, fingerprint, target: { ...target, edits }, place, flags });
        if (result.kind === "stored") steps.copied[place] = result;
        else if (result.kind === "gone") this.#outcomes.set(uid, GONE);
        else this.#outcomes.set(uid, { result: "failed", folder: this.#options.folder, reason: result.reason });
      });
    }
  }

  /** Flags where they stay, then the moves, one command per folder. */
  async #finish(plans: readonly Steps[], rewriter: Rewriter): Promise<void> {
    for (const group of groupBy(this.#open(plans), flagsKey)) {
      const last = group[0];
      if (last === undefined) continue;
      for (const steps of group) steps.flagsNow = last.flagsNow;
      if (last.end.kind === "expunge") continue;
      await this.#attempt(group, () => this.#applyFlags(group, last.flagsNow.changesTo(last.end)));
    }
    const rest = this.#open(plans);
    this.#settle(
      rest.filter(({ end }) => end.kind === "stay"),
      { result: "kept", folder: this.#options.folder },
    );
    await this.#expungeCopied(
      rest.filter(({ end }) => end.kind === "expunge"),
      rewriter,
    );
    for (const group of groupBy(
      rest.filter(({ end }) => end.kind === "move"),
      ({ end }) => JSON.stringify([end.mailbox, end.discard]),
    )) {
      await this.#moveGroup(group);
    }
    for (const group of groupBy(rest, flagsKey)) if (group[0]) await this.#undoFlags(group, group[0].flagsNow.clone());
  }

  /** A mail that stays against its plan looks as it did before. */
  async #undoFlags(mails: readonly Steps[], flags: SourceFlags): Promise<void> {
    const stayed = mails.filter(({ uid }) => /^(failed|retry)$/.test(this.#outcomes.get(uid)?.result ?? ""));
    if (stayed.length > 0) await unlessRefused(() => this.#applyFlags(stayed, flags.changesTo(NO_FLAGS)));
  }

  async #moveGroup(group: readonly Steps[]): Promise<void> {
    const end = group[0]?.end;
    if (end === undefined) return;
    const create = group.some((steps) => steps.end.create);
    const specialUse = group.find((steps) => steps.end.specialUse !== undefined)?.end.specialUse;
    await this.#attempt(
      group,
      async () => {
        const result = await this.#intoFolder(group, { mailbox: end.mailbox, create, specialUse }, "move");
        if (result.uids.size === 0) return this.#settleMovedBySearch(group, end);
        for (const { uid } of group) {
          const newUid = result.uids.get(uid);
          if (newUid !== undefined)
            this.#outcomes.set(uid, movedTo(end, { newUid, newUidValidity: result.uidValidity }));
        }
        await this.#settleAway(this.#open(group), end);
      },
      () => movedTo(end, {}),
    );
  }

  /**
   * Mails that the server no longer has here. Where an earlier attempt may have got through, those that lie in the
   * target were moved by us; all others were moved by their owner, or have another UID now.
   */
  async #settleAway(mails: readonly Steps[], end: End): Promise<void> {
    if (mails.length === 0) return;
    const since = Math.min(...mails.map(({ internalDate }) => internalDate));
    const there = this.#options.retried ? await printsIn(end.mailbox, since, this.#options) : null;
    for (const { uid, fingerprint } of mails) this.#outcomes.set(uid, awayTo(end, there, fingerprint));
  }

  /**
   * The copy is there, the last of the copies: on a server without MOVE, or stored anew and read back. So the original
   * may go; by UID EXPUNGE alone (RFC 4315 §2.1).
   */
  async #expungeCopied(mails: readonly Steps[], rewriter: Rewriter): Promise<void> {
    if (mails.length === 0) return;
    await this.#attempt(mails, async () => {
      const left = new Set(await removeByUid(this.#session, uidsOf(mails), this.#options.assertLease));
      this.#settle(
        mails.filter(({ uid }) => left.has(uid)),
        { result: "failed", folder: this.#options.folder, reason: "refused" },
      );
      for (const { uid, end, copied } of this.#open(mails)) this.#outcomes.set(uid, movedTo(end, copied.at(-1) ?? {}));
    });
    for (const { uid, copies, copied } of mails) {
      const target = copies.at(-1)?.target;
      const { newUid } = copied.at(-1) ?? {};
      const isLeft = this.#outcomes.get(uid)?.result === "failed" && target?.edits !== undefined;
      if (isLeft && newUid !== undefined) await rewriter.withdraw(target, newUid);
    }
  }

  /** Where the server gives no COPYUID, or nothing was left to move: what is no longer here has gone there. */
  async #settleMovedBySearch(group: readonly Steps[], end: End): Promise<void> {
    const here = new Set(await this.#stillHere(group));
    this.#settle(
      group.filter(({ uid }) => here.has(uid)),
      { result: "failed", folder: this.#options.folder, reason: "refused" },
    );
    const away = this.#open(group);
    if (this.#session.capabilities.has("UIDPLUS") || this.#options.retried) await this.#settleAway(away, end);
    else this.#settle(away, movedTo(end, {}));
  }

  async #intoFolder(
    mails: readonly Steps[],
    target: Pick<Target, "mailbox" | "create" | "specialUse">,
    how: "copy" | "move",
  ): Promise<CopyResult> {
    if (mails.length === 0) return { uidValidity: 0, uids: new Map() };
    const uids = uidsOf(mails);
    if (target.create && !(await this.#options.folders.has(target.mailbox)))
      await this.#options.folders.create(target.mailbox, target.specialUse);
    this.#options.assertLease();
    try {
      return await this.#session[how](uids, target.mailbox);
    } catch (error) {
      // RFC 9051 §6.4.7: the folder went away since it was listed.
      if (!(error instanceof ServerRefused && error.code === "TRYCREATE" && target.create)) throw error;
      await this.#options.folders.create(target.mailbox, target.specialUse);
      this.#options.assertLease();
      return await this.#session[how](uids, target.mailbox);
    }
  }

  async #applyFlags(mails: readonly Steps[], changes: FlagChanges): Promise<void> {
    const uids = uidsOf(mails);
    const add = storableFlags(changes.add, this.#session.selected);
    this.#options.assertLease();
    if (uids.length > 0 && add.length > 0) await this.#session.store(uids, "+", add);
    if (uids.length > 0 && changes.remove.length > 0) await this.#session.store(uids, "-", changes.remove);
  }

  /** Runs one step for some mails; the server's refusal is their outcome, and they stay in INBOX. */
  async #attempt(
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
      const here = new Set(await this.#stillHere(mails));
      const { result, reason } = refusal(error);
      this.#settle(
        mails.filter(({ uid }) => here.has(uid)),
        { result, folder: this.#options.folder, reason },
      );
      for (const steps of mails) if (!here.has(steps.uid)) this.#outcomes.set(steps.uid, absent(steps));
    }
  }

  async #stillHere(mails: readonly { readonly uid: number }[]): Promise<readonly number[]> {
    return await this.#options.folders.stillHere(uidsOf(mails));
  }

  /** A server that tells what it copied and leaves a UID out says that it was not there. One that tells nothing is asked. */
  async #noteGone(mails: readonly Steps[], uids: CopyResult["uids"]): Promise<void> {
    const there = uids.size > 0 ? uids : new Set(await this.#stillHere(mails));
    const gone = mails.filter(({ uid }) => !there.has(uid));
    this.#settle(gone, GONE);
  }

  #settle(mails: readonly { readonly uid: number }[], outcome: Outcome): void {
    for (const { uid } of mails) this.#outcomes.set(uid, outcome);
  }
}
