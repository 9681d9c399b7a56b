import type { Lease } from "@tamis/bus";
import { RetryLater } from "@tamis/bus";
import { type AccountState, accountStateChanged, type ApplyCommand, type BatchHead, folderIdOf, type MailboxAnswer, partitionOf } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import type { AccountRecord } from "./account-record.ts";
import { ApplyQueue } from "./apply-queue.ts";
import { AwaitedDecisions } from "./awaited.ts";
import { CatchUp, fetchAgain } from "./catch-up.ts";
import { idleMs } from "./config.ts";
import { findUnsettled, makeRecord, NeedsPerson, renumber } from "./contact.ts";
import { Doorbell } from "./doorbell.ts";
import { FolderBook } from "./folder-book.ts";
import { ConnectionLost } from "./imap/imap-connection.ts";
import { ImapSession } from "./imap/imap-session.ts";
import { carryOut, type UntoldFacts } from "./carry-out.ts";
import { cutBatches, now, publishBatch, type ReadMail } from "./publish-mail.ts";
import { LeaseLost, RecordStore } from "./record-store.ts";
import { isLost, publishAgain } from "./republish.ts";
import { publishReset } from "./facts.ts";
import { SignInFailed } from "./sign-in.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** While the fetch goes on, decisions are gathered so that moves to one folder go into one command. */
const GATHER_MAILS = 2_000;
const GATHER_MS = 1_500;
/** After a publication the decision is awaited so long before IDLE is entered: leaving it costs a round trip. */
const LINGER_MS = 60;
/** Without IDLE (RFC 2177) the server is asked so often. */
const POLL_MS = 30_000;
/** An EXISTS for at most so many mails is followed by one FETCH instead of SEARCH and FETCH. */
const FEW_MAILS = 32;

/** Announced mail that cannot be read is looked for so often, ever later (12 s in all); then the reconciliation finds it. */
const MAX_LOOKS_AGAIN = 5;

/** A view on the selected INBOX, for the time of one session. */
export interface InboxView {
  readonly session: ImapSession;
  readonly folders: FolderBook;
  readonly catchUp: CatchUp;
}

type Job = (view: InboxView) => Promise<MailboxAnswer>;

/**
 * Serves one account as long as its partition is held here: one connection, one thing at a time, in this order:
 * decisions to carry out, questions, new mail, mail whose decision was lost; then IDLE.
 */
export class AccountWorker {
  readonly #deps: WorkerDeps;
  readonly #bell = new Doorbell();
  readonly #stop = new AbortController();
  readonly #queue = new ApplyQueue();
  readonly #awaited = new AwaitedDecisions();
  readonly #store: RecordStore;
  /** Facts told and not yet acknowledged by JetStream. */
  readonly untold: UntoldFacts = [];
  readonly #sorts: { readonly uids: number[]; readonly head: Partial<BatchHead> }[] = [];
  #jobs: { readonly job: Job; readonly resolve: (answer: MailboxAnswer) => void }[] = [];
  #account: Account;
  #record: AccountRecord | null = null;
  #view: InboxView | null = null;
  #running: Promise<void> = Promise.resolve();
  #state: AccountState = "waiting";
  #reason = "";
  /** EXISTS told of new mail at this moment (epoch ms); null = nothing to look for. */
  #wokenAt: number | null = null;
  #mailsTold = 0;
  #lastLook = Number.NEGATIVE_INFINITY;
  #downSince: number | null = null;
  #held = false;
  #authFailures = 0;
  #recoverSince: number | undefined;
  #dirty = false;
  #looksAgain = 0;
  #noticeGapMs = Number.POSITIVE_INFINITY;

  constructor(deps: WorkerDeps, account: Account, lease: Lease) {
    this.#deps = deps;
    this.#account = account;
    this.#store = new RecordStore(deps.accounts, account.id, lease);
  }

  get accountId(): string {
    return this.#account.id;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Ends the work and the connection. What was not written down is done again by whoever comes next. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#queue.giveUp();
    this.#bell.ring();
    this.#view?.session.close();
    await this.#running;
    this.#deps.stats.setState(this.#account.id, null);
  }

  /** The partition was lost for a while and is held again: the connection was kept, the record is read anew. */
  renew(lease: Lease): void {
    this.#store.renew(lease);
    this.#record = null;
    this.#bell.ring();
  }

  update(account: Account): void {
    this.#account = account;
    this.#authFailures = 0;
    this.#bell.ring();
  }

  /** Resolves when the command is carried out and written down. Rejects with RetryLater where it cannot be now. */
  async apply(command: ApplyCommand): Promise<void> {
    if (this.#state === "parked" || this.#stop.signal.aborted) return this.#holdOne();
    const done = this.#queue.push(command);
    this.#bell.ring();
    await done;
  }

  /** Asks something of the connection, between two other things. */
  ask(job: Job): Promise<MailboxAnswer> {
    if (this.#view === null) return Promise.resolve({ kind: "refused", reason: `the account is not connected (${this.#reason || this.#state})` });
    return new Promise((resolve) => {
      this.#jobs.push({ job, resolve });
      this.#bell.ring();
    });
  }

  /** `tamis recover`: a lost record is made again from this moment on. */
  recover(since: number): void {
    this.#recoverSince = since;
    this.#bell.ring();
  }

  /** Publishes mails of INBOX again, on demand. */
  enqueueSort(uids: readonly number[], head: Partial<BatchHead>): void {
    if (uids.length > 0) this.#sorts.push({ uids: [...uids], head });
    this.#bell.ring();
  }

  get record(): AccountRecord {
    if (this.#record === null) throw new RetryLater("the account's record is not read yet", { code: "starting" });
    return this.#record;
  }

  get store(): RecordStore {
    return this.#store;
  }

  head(): BatchHead {
    const { id, address, mode } = this.#account;
    return { v: 1, accountId: id, address, mode, purpose: "live", folder: { id: folderIdOf("INBOX"), name: "INBOX", uidValidity: this.record.uidValidity } };
  }

  #holdOne(): void {
    this.#held = true;
  }

  // --- the life of the connection

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#serveOnce(() => {
          failures = 0;
        });
      } catch (error) {
        failures += 1;
        await this.#afterFailure(error, failures);
      } finally {
        this.#endSession();
      }
    }
  }

  #endSession(): void {
    this.#view?.session.close();
    this.#view = null;
    const jobs = this.#jobs;
    this.#jobs = [];
    for (const { resolve } of jobs) resolve({ kind: "refused", reason: "the connection to the mail server was lost; try again" });
  }

  async #serveOnce(onReady: () => void): Promise<void> {
    this.#setState("connecting");
    const session = await this.#connect();
    let view = await this.#openInbox(session);
    onReady();
    this.#authFailures = 0;
    this.#downSince = null;
    while (!this.#stop.signal.aborted) {
      try {
        if (this.#record === null) view = await this.#openInbox(session);
        await this.#step(view);
      } catch (error) {
        if (error instanceof LeaseLost) await this.#withoutLease();
        else if (error instanceof RetryLater) await this.#pause(error);
        else throw error;
      }
    }
  }

  /** NATS is away, or full: the connection stays, nothing is done for a while. */
  async #pause(error: RetryLater): Promise<void> {
    this.#deps.log.warn({ accountId: this.#account.id, code: error.code }, "mailbox-retry-later");
    this.#wokenAt ??= now();
    await this.#bell.wait(Math.min(30_000, Math.max(100, error.afterMs)));
  }

  /** Nothing may be done without a lease. Commands go back at once; the partition's holder renews or stops us. */
  async #withoutLease(): Promise<void> {
    this.#queue.giveUp();
    this.#record = null;
    await this.#bell.wait(500);
  }

  async #connect(): Promise<ImapSession> {
    const { config, signIn, gate } = this.#deps;
    const signal = this.#stop.signal;
    const { sockets, capabilities } = await gate.pass(signal, () => signIn.open(this.#account, signal));
    let lastNotice = Number.NaN;
    const session = new ImapSession(sockets, capabilities, {
      silenceMs: config.silence_seconds * 1_000,
      doneMs: config.done_timeout_seconds * 1_000,
      onExists: () => {
        this.#wokenAt ??= now();
        this.#bell.ring();
      },
      onNotice: () => {
        const gap = performance.now() - lastNotice;
        lastNotice = performance.now();
        // A server that says regularly that it is there, and falls silent, is asked.
        if (gap > 1_000) this.#noticeGapMs = gap;
      },
      onClosed: () => this.#bell.ring(),
    });
    if (signal.aborted) session.close();
    return session;
  }

  /** SELECT, and the record that belongs to what was found. */
  async #openInbox(session: ImapSession): Promise<InboxView> {
    this.#setState("catching-up");
    const { config, roster, bus } = this.#deps;
    const folder = await session.select("INBOX");
    if (folder.uidNotSticky) throw new NeedsPerson("uid-not-sticky");
    let record = this.#record ?? (await this.#store.load());
    if (record === null || this.#recoverSince !== undefined) {
      record = await makeRecord(session, folder, {
        accountId: this.#account.id,
        firstContact: config.first_contact,
        roster,
        recoverSince: this.#recoverSince,
        workedBefore: async () => (await bus.streamState("EVENTS")).lastSeq > 0,
      });
    } else if (record.uidValidity !== folder.uidValidity) {
      record = await this.#renumbered(session, record);
    }
    const waiting = await findUnsettled(session, record);
    record.lastSeen = Date.now();
    await this.#store.save(record);
    this.#record = record;
    this.#recoverSince = undefined;
    await roster.touch(this.#account.id, Date.now());
    this.#queue.dropStale(record.uidValidity);
    this.#awaited.reset(waiting, this.#held);
    this.#held = false;
    this.#wokenAt = now();
    this.#lastLook = Number.NEGATIVE_INFINITY;
    this.#mailsTold = session.arrived;
    const view = { session, folders: new FolderBook(session, config.trash), catchUp: this.#catchUp(session) };
    this.#view = view;
    return view;
  }

  async #renumbered(session: ImapSession, old: AccountRecord): Promise<AccountRecord> {
    const folder = session.selected;
    if (folder === null) throw new ConnectionLost("protocol", "no folder is selected");
    const record = await renumber(session, folder, old);
    this.#deps.metrics.resets.add(1);
    await publishReset(this.#deps.bus, this.#account.id, old.uidValidity, folder.uidValidity);
    return record;
  }

  #catchUp(session: ImapSession): CatchUp {
    return new CatchUp(session, {
      inlineBytes: this.#deps.config.inline_bytes,
      record: () => this.record,
      head: () => this.head(),
      publish: (head, mails, again) => publishBatch(this.#deps, head, mails, again),
      onPublished: (mails) => {
        this.#dirty = true;
        this.#awaited.add(mails);
        this.#deps.metrics.received.add(mails.length);
      },
    });
  }

  async #afterFailure(error: unknown, failures: number): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { config, log } = this.#deps;
    const accountId = this.#account.id;
    this.#downSince ??= performance.now();
    let waitMs = Math.min(config.backoff_max_seconds * 1_000, 250 * 2 ** Math.min(20, failures - 1)) * (0.5 + Math.random() / 2);
    if (error instanceof NeedsPerson || this.#isRefusedForGood(error)) {
      const reason = error instanceof NeedsPerson ? error.reason : "auth-failed";
      waitMs = config.auth_retry_minutes * 60_000;
      this.#setState("parked", reason);
    } else {
      const code = error instanceof SignInFailed || error instanceof ConnectionLost || error instanceof RetryLater ? error.code : "failed";
      this.#setState("backoff", code);
      this.#deps.metrics.reconnects.add(1, { reason: code });
      if (error instanceof LeaseLost) this.#queue.giveUp();
      if (code === "failed") log.error({ accountId, err: error }, "mailbox-session-failed");
    }
    await this.#waitDown(waitMs);
  }

  #isRefusedForGood(error: unknown): boolean {
    if (!(error instanceof SignInFailed) || error.code !== "auth-failed") return false;
    this.#authFailures += 1;
    return this.#authFailures >= this.#deps.config.auth_failures;
  }

  /** Waits before the next try. A server that stays away makes us hold the commands, so that no dead account blocks its partition. */
  async #waitDown(waitMs: number): Promise<void> {
    const until = performance.now() + waitMs;
    const account = this.#account;
    while (performance.now() < until && !this.#stop.signal.aborted) {
      const downMs = performance.now() - (this.#downSince ?? performance.now());
      const holdMs = this.#deps.config.hold_seconds * 1_000;
      if ((this.#state === "parked" || downMs >= holdMs) && this.#queue.hold() > 0) this.#held = true;
      if (downMs >= holdMs && this.#state === "backoff") this.#setState("held", this.#reason);
      if (this.#account !== account || (this.#recoverSince !== undefined && this.#state === "parked")) return;
      await this.#bell.wait(Math.min(until - performance.now(), this.#queue.mails > 0 ? Math.max(100, holdMs - downMs) : waitMs));
    }
  }

  // --- one thing at a time

  async #step(view: InboxView): Promise<void> {
    if (view.session.isClosed) throw new ConnectionLost("closed", "the connection was closed");
    if (this.#queue.mails > 0 && this.#shouldApply(view)) return await this.#applyDecisions(view);
    const next = this.#jobs.shift();
    if (next !== undefined) return next.resolve(await next.job(view));
    if (view.catchUp.hasMore && this.#awaited.size < this.#deps.config.max_unsettled) return await this.#fetchMore(view);
    if (this.#wokenAt !== null || performance.now() - this.#lastLook > this.#deps.config.reconcile_minutes * 60_000) return await this.#lookForMail(view);
    if (this.#sorts.length > 0 && this.#awaited.size < this.#deps.config.max_unsettled) return await this.#sortMore(view);
    const due = this.#awaited.due(this.#deps.config.republish_seconds * 1_000);
    if (due.length > 0) return await this.#republish(view, due.slice(0, 64));
    await this.#rest(view);
  }

  #shouldApply(view: InboxView): boolean {
    if (!view.catchUp.hasMore || this.#awaited.size >= this.#deps.config.max_unsettled) return true;
    return this.#queue.mails >= GATHER_MAILS || this.#queue.waitedMs > GATHER_MS;
  }

  async #applyDecisions(view: InboxView): Promise<void> {
    this.#setState("working");
    const settled = await carryOut(this.#deps, this, view, this.#queue.take(GATHER_MAILS));
    for (const uid of settled) this.#awaited.delete(uid);
    this.#dirty = false;
  }

  async #lookForMail(view: InboxView): Promise<void> {
    const { catchUp, session } = view;
    const seenAt = this.#wokenAt ?? now();
    const told = session.arrived - this.#mailsTold;
    const first = this.#lastLook === Number.NEGATIVE_INFINITY;
    const woken = this.#wokenAt !== null;
    this.#wokenAt = null;
    this.#lastLook = performance.now();
    if (woken && !first && told > 0 && told <= FEW_MAILS) {
      const found = await catchUp.fetchNew(seenAt);
      // EXISTS came before the mail can be read (replication), or its owner was faster than we.
      if (found + (found < told ? await catchUp.look() : 0) < told) this.#lookAgainSoon();
      else this.#looksAgain = 0;
    } else {
      const found = await catchUp.look();
      if (found > 0 && !woken) this.#deps.metrics.gaps.add(found);
    }
    this.#mailsTold = session.arrived;
    if (catchUp.hasMore) this.#setState("catching-up");
    else await catchUp.flush();
  }

  async #fetchMore({ catchUp }: InboxView): Promise<void> {
    const complete = await catchUp.step(now());
    if (!catchUp.hasMore) await catchUp.flush();
    if (!complete) this.#lookAgainSoon();
  }

  /** A mail was announced that cannot be read yet. */
  #lookAgainSoon(): void {
    this.#looksAgain += 1;
    if (this.#looksAgain > MAX_LOOKS_AGAIN) return;
    setTimeout(() => {
      this.#wokenAt ??= now();
      this.#bell.ring();
    }, 200 * 2 ** this.#looksAgain).unref();
  }

  async #sortMore({ session }: InboxView): Promise<void> {
    const [sort] = this.#sorts;
    if (sort === undefined) return;
    const uids = sort.uids.splice(0, 64);
    if (sort.uids.length === 0) this.#sorts.shift();
    const mails = await fetchAgain(session, uids, this.#deps.config.inline_bytes);
    const head: BatchHead = { ...this.head(), ...sort.head };
    const dryRun = sort.head.mode === "observe";
    await this.#publishOnDemand(head, mails, `/sort-${head.sortId}`, dryRun);
  }

  async #publishOnDemand(head: BatchHead, mails: readonly ReadMail[], again: string, dryRun: boolean): Promise<void> {
    if (!dryRun) for (const { uid } of mails) this.record.settled.remove(uid);
    for (const batch of cutBatches(mails)) await publishBatch(this.#deps, head, batch, again);
    if (!dryRun) this.#awaited.add(mails.filter(({ uid }) => uid <= this.record.published));
    this.#dirty = !dryRun || this.#dirty;
  }

  /** A decision that did not come: the mail is published again if it is still there and nothing on the way holds it. */
  async #republish({ session }: InboxView, uids: readonly number[]): Promise<void> {
    const tries = this.#awaited.tries(uids);
    if (!(await isLost(this.#deps.bus, partitionOf(this.#account.id), tries))) return this.#awaited.postpone(uids);
    const mails = await publishAgain(this.#deps, session, { ...this.head(), purpose: "again" }, uids, tries);
    const here = new Set(mails.map(({ uid }) => uid));
    for (const uid of uids) {
      if (here.has(uid)) continue;
      this.record.settled.add(uid);
      this.#awaited.delete(uid);
    }
    this.#awaited.add(mails);
    this.#dirty = true;
  }

  /** Nothing to do: what changed is written down, then IDLE until something happens. */
  async #rest(view: InboxView): Promise<void> {
    const waiting = this.#awaited.size > 0;
    if (waiting && this.#awaited.quietMs < LINGER_MS) return await this.#bell.wait(LINGER_MS - this.#awaited.quietMs);
    if (!waiting && this.record.rebuiltFrom !== undefined) this.#dirty = true;
    if (!waiting) this.record.rebuiltFrom = undefined;
    if (this.#dirty) await this.#store.save(this.record);
    this.#dirty = false;
    this.#setState("idle");
    await this.#deps.roster.touch(this.#account.id, Date.now());
    if (!view.session.capabilities.has("IDLE")) return await this.#poll(view.session);
    const idle = view.session.idle();
    idle.ended.then(() => this.#bell.ring(), () => this.#bell.ring());
    await this.#bell.wait(this.#idleFor());
    idle.done();
    const { status } = await idle.ended;
    if (status !== "OK") await this.#poll(view.session);
  }

  async #poll(session: ImapSession): Promise<void> {
    await this.#bell.wait(Math.min(POLL_MS, this.#idleFor()));
    await session.noop();
    this.#wokenAt ??= now();
  }

  /** Until IDLE must be issued again, something falls due, or a server that gives notice has been silent too long. */
  #idleFor(): number {
    const { config } = this.#deps;
    const reconcile = this.#lastLook + config.reconcile_minutes * 60_000 - performance.now();
    const due = this.#awaited.nextDueMs(config.republish_seconds * 1_000);
    return Math.max(1, Math.min(idleMs(config), this.#noticeGapMs * 1.5, reconcile, due));
  }

  #setState(state: AccountState, reason = ""): void {
    const before = this.#state;
    if (state === before && reason === this.#reason) return;
    this.#state = state;
    this.#reason = reason;
    this.#deps.stats.setState(this.#account.id, state, reason);
    const troubled = state === "parked" || state === "held";
    const wasTroubled = before === "parked" || before === "held";
    if (!troubled && !(wasTroubled && state === "idle")) return;
    const fact = { v: 1, accountId: this.#account.id, state, at: Date.now(), ...(reason === "" ? {} : { reason }) } as const;
    this.#deps.log.warn({ accountId: this.#account.id, state, reason }, "account-state-changed");
    const p = partitionOf(this.#account.id);
    this.#deps.bus
      .publishFact(accountStateChanged, p, fact, `${this.#account.id}/state/${fact.at}`)
      .catch((err: unknown) => this.#deps.log.warn({ accountId: this.#account.id, err }, "fact-not-published"));
  }
}

