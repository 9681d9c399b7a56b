import { partitionOf } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { carryOut } from "./carry-out.ts";
import type { CatchUp } from "./catch-up.ts";
import { idleMs } from "./config.ts";
import { reselectInbox } from "./contact.ts";
import { DraftWatch } from "./drafts/draft-watch.ts";
import { Elsewhere } from "./elsewhere.ts";
import { fetchAgain } from "./fetch-again.ts";
import { FolderBook } from "./folder-book.ts";
import { FolderWatch } from "./folder-watch.ts";
import { GATHER_MAILS, gatherMs } from "./gather.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import type { InboxView } from "./inbox-view.ts";
import { openCatchUp, portionOf } from "./open-catch-up.ts";
import { now, type ReadMail } from "./publish-mail.ts";
import { publishOnDemand } from "./publish-on-demand.ts";
import { ReceiptWatch } from "./receipts/receipt-watch.ts";
import { isLost, notPutBack, publishAgain } from "./republish.ts";
import type { StateBoard } from "./state-board.ts";
import { waitForNews } from "./wait-for-news.ts";
import { Waker } from "./waker.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** After a publication the decision is awaited so long before IDLE is entered: leaving it costs a round trip. */
const LINGER_MS = 60;
/** An EXISTS for at most so many mails is followed by one FETCH instead of SEARCH and FETCH. */
const FEW_MAILS = 32;
/** Mails published again at a time. */
const AGAIN_AT_ONCE = 64;
/** Announced mail that cannot be read is looked for so often, ever later (12 s in all); then the reconciliation finds it. */
const MAX_LOOKS_AGAIN = 5;

/**
 * One account's INBOX on one connection. Does one thing at a time, in this order: decisions to carry out, questions,
 * new mail, watched folders, drafts to be sent later, receipts that wait, mail published on demand, mail whose decision was lost; then IDLE.
 */
export class InboxWatch implements InboxView {
  readonly session: ImapSession;
  readonly folders: FolderBook;
  readonly #deps: WorkerDeps;
  readonly #memory: AccountMemory;
  readonly #board: StateBoard;
  readonly #catchUp: CatchUp;
  readonly #waker: Waker;
  readonly #folderWatch: FolderWatch;
  readonly #draftWatch: DraftWatch;
  readonly #receiptWatch: ReceiptWatch;
  #lastLook = Number.NEGATIVE_INFINITY;
  /** When to look once more after something happened. */
  #secondLook = Number.POSITIVE_INFINITY;
  /** Arrivals that were looked for. */
  #told: number;
  #looksAgain = 0;

  constructor(deps: WorkerDeps, memory: AccountMemory, board: StateBoard, session: ImapSession) {
    this.#deps = deps;
    this.#memory = memory;
    this.#board = board;
    this.session = session;
    this.folders = new FolderBook(session, { ...deps.config, hidden: deps.drafts.hidden });
    const elsewhere = new Elsewhere(session, memory);
    this.#folderWatch = new FolderWatch(deps, memory, this, elsewhere);
    this.#draftWatch = new DraftWatch(deps, memory, this, elsewhere);
    this.#receiptWatch = new ReceiptWatch(deps, memory, this);
    this.#told = session.arrived;
    this.#waker = new Waker(deps, memory, this);
    this.#catchUp = openCatchUp(deps, memory, session);
  }

  /** The next thing. Throws ConnectionLost, RetryLater (NATS is away) or LeaseLost; nothing is lost by any of them. */
  async step(): Promise<void> {
    const { queue, jobs, awaited, sorts, wokenAt } = this.#memory;
    const { config } = this.#deps;
    const { closed } = this.session;
    if (closed !== null) throw closed;
    if (this.#catchUp.hasFailed) await this.#catchUp.flush();
    const isDecided = queue.mails > 0 && this.#gatherMs() <= 0;
    const isWaking = this.#waker.dueInMs() <= 0;
    const hasRoom = awaited.size + this.#catchUp.underWay < config.max_unsettled;
    const isFetching = !isDecided && jobs.length === 0 && !isWaking && this.#catchUp.hasMore && hasRoom;
    if (isFetching) return await this.#fetchMore();
    await this.#catchUp.pause();
    if (isDecided) return await this.#applyDecisions();
    const next = jobs.shift();
    if (next !== undefined) return await this.#answer(next);
    if (isWaking) return await this.#waker.wake();
    if (wokenAt !== null || this.#reconcileInMs() <= 0) return await this.#lookForMail();
    if (this.#folderWatch.dueInMs <= 0) return await this.#folderWatch.step();
    if (this.#draftWatch.dueInMs() <= 0) return await this.#draftWatch.step();
    if (this.#receiptWatch.dueInMs <= 0) return await this.#receiptWatch.step();
    if (sorts.length > 0 && hasRoom)
      return await publishOnDemand(this.#deps, this.#memory, this.session, config.inline_bytes);
    const lost = this.#memory.lost.slice(0, AGAIN_AT_ONCE);
    if (lost.length > 0) return await this.#publishAgain(lost, 1, (mails) => notPutBack(this.#memory.record, mails));
    const due = awaited.due(config.republish_seconds * 1_000);
    if (due.length > 0) return await this.#republish(due.slice(0, AGAIN_AT_ONCE));
    await this.#rest();
  }

  /** Whatever goes wrong, the asker gets an answer. A refusal leaves the session as it is. */
  async #answer({ job, resolve }: AccountMemory["jobs"][number]): Promise<void> {
    try {
      resolve(await job(this));
    } catch (error) {
      resolve({ kind: "refused", reason: "the mail server refused, or the connection to it was lost; try again" });
      if (!(error instanceof ServerRefused)) throw error;
    }
  }

  #gatherMs(): number {
    const { queue, awaited } = this.#memory;
    const underWay = awaited.size + this.#catchUp.underWay;
    return gatherMs({
      decided: queue.mails,
      commands: queue.commands,
      waitedMs: queue.waitedMs,
      awaited: underWay,
      quietMs: Math.min(awaited.quietMs, this.#catchUp.quietMs),
      hasMore: this.#catchUp.hasMore,
      isFull: underWay >= this.#deps.config.max_unsettled,
      isBacklog: this.#board.state === "catching-up",
    });
  }

  #reconcileInMs(): number {
    const regular = this.#lastLook + this.#deps.config.reconcile_minutes * 60_000;
    return Math.min(regular, this.#secondLook) - performance.now();
  }

  /** QUIRK: Dovecot 2.3 announces no mail that came in the last half second before it hibernated an IDLE connection. */
  #lookAgainWhenCalm(): void {
    this.#secondLook = performance.now() + this.#deps.config.second_look_seconds * 1_000;
  }

  async #applyDecisions(): Promise<void> {
    const { queue, record } = this.#memory;
    // A decision may come long after INBOX was renumbered: its UID names another mail now.
    queue.dropStale(record.uidValidity);
    if (queue.mails === 0) return;
    this.#board.set("working");
    // The record is written with the marks of these.
    const { dirty } = this.#memory;
    this.#memory.dirty = false;
    const settled = await carryOut(this.#deps, this.#memory, this, queue.take(GATHER_MAILS)).catch((error: unknown) => {
      this.#memory.dirty ||= dirty;
      throw error;
    });
    for (const uid of settled) this.#memory.awaited.delete(uid);
    this.#lookAgainWhenCalm();
  }

  /**
   * From time to time INBOX is selected anew. QUIRK: Dovecot goes on serving a session whose folder's files were replaced
   * under it, and tells it of nothing any more.
   */
  async #reselect(): Promise<void> {
    await reselectInbox(this.session, this.#memory.record);
    this.#told = this.session.arrived;
    this.#memory.wokenAt = null;
  }

  async #lookForMail(): Promise<void> {
    const isRegular = this.#memory.wokenAt === null && this.#secondLook === Number.POSITIVE_INFINITY;
    if (isRegular) await this.#reselect();
    const { wokenAt } = this.#memory;
    const told = this.session.arrived - this.#told;
    const isFirst = this.#lastLook === Number.NEGATIVE_INFINITY;
    this.#told += told;
    this.#memory.wokenAt = null;
    this.#lastLook = performance.now();
    this.#secondLook = Number.POSITIVE_INFINITY;
    if (wokenAt !== null) this.#lookAgainWhenCalm();
    if (wokenAt !== null && !isFirst && told > 0 && told <= FEW_MAILS) {
      let found = await this.#catchUp.fetchNew(wokenAt, told);
      if (found < told) found += await this.#catchUp.look();
      // EXISTS came before the mail can be read (replication), or its owner was faster than we.
      if (found < told) this.#lookAgainSoon();
      else this.#looksAgain = 0;
    } else {
      const found = await this.#catchUp.look();
      if (wokenAt === null) this.#deps.metrics.gaps.add(found);
    }
    if (this.#catchUp.hasMore) this.#board.set("catching-up");
  }

  async #fetchMore(): Promise<void> {
    const { probeMs } = this.#catchUp;
    if (probeMs > 0) return void (await this.#memory.bell.wait(probeMs));
    const complete = await this.#catchUp.step(now());
    if (complete) this.#looksAgain = 0;
    else this.#lookAgainSoon();
  }

  #lookAgainSoon(): void {
    this.#looksAgain += 1;
    if (this.#looksAgain > MAX_LOOKS_AGAIN) return;
    setTimeout(() => this.#memory.wake(now()), 200 * 2 ** this.#looksAgain).unref();
  }

  /** A decision that did not come: the mail is published again if it is still there and nothing on the way holds it. */
  async #republish(uids: readonly number[]): Promise<void> {
    const { awaited, accountId } = this.#memory;
    const tries = awaited.tries(uids);
    const patience = { tries, waits: awaited.waits(uids) };
    if (!(await isLost(this.#deps.bus, partitionOf(accountId), patience))) return awaited.postpone(uids);
    await this.#publishAgain(uids, tries);
  }

  async #publishAgain(
    uids: readonly number[],
    tries: number,
    pick = (mails: readonly ReadMail[]): readonly ReadMail[] => mails,
  ): Promise<void> {
    const { awaited, record } = this.#memory;
    const mails = await fetchAgain(this.session, uids, portionOf(this.#deps, this.#memory));
    const fresh = pick(mails);
    await publishAgain(this.#deps, fresh, { ...this.#memory.head(), purpose: "again" }, tries);
    const here = new Set(mails.map(({ uid }) => uid));
    for (const uid of uids) {
      if (!here.has(uid)) record.settled.add(uid);
      if (record.settled.has(uid)) awaited.delete(uid);
    }
    awaited.add(fresh);
    this.#memory.lost = this.#memory.lost.filter((uid) => !uids.includes(uid));
    this.#memory.dirty = true;
  }

  /** Nothing to do: what changed is written down, then IDLE until something happens. */
  async #rest(): Promise<void> {
    const { awaited, bell, queue, record, accountId } = this.#memory;
    // `step` has looked at everything just now; what was rung for before would only end this rest at once.
    bell.clear();
    const isWaiting = awaited.size + this.#catchUp.underWay > 0;
    if (!isWaiting && record.rebuiltFrom !== undefined) {
      record.rebuiltFrom = undefined;
      this.#memory.dirty = true;
    }
    const lingerMs = isWaiting ? LINGER_MS - Math.min(awaited.quietMs, this.#catchUp.quietMs) : 0;
    // Decisions that are about to come do not wait for a mark that is written with them again.
    if (queue.mails === 0 && lingerMs <= 0) await this.#writeDown();
    if (queue.mails > 0) return void (await bell.wait(this.#gatherMs()));
    if (lingerMs > 0) return void (await bell.wait(lingerMs));
    this.#board.set("idle");
    await this.#deps.roster.touch(accountId, Date.now());
    await waitForNews(this.session, this.#memory, () => this.#restMs());
  }

  async #writeDown(): Promise<void> {
    if (!this.#memory.dirty) return;
    this.#memory.dirty = false;
    try {
      await this.#memory.store.save(this.#memory.record);
    } catch (error) {
      this.#memory.dirty = true;
      throw error;
    }
  }

  /** Until IDLE must be issued again or something falls due. */
  #restMs(): number {
    const { config } = this.#deps;
    const due = this.#memory.awaited.nextDueMs(config.republish_seconds * 1_000);
    const dues = [
      this.#reconcileInMs(),
      due,
      this.#waker.dueInMs(),
      this.#folderWatch.dueInMs,
      this.#draftWatch.dueInMs(),
      this.#receiptWatch.dueInMs,
    ];
    return Math.max(1, Math.min(idleMs(config), ...dues));
  }
}
