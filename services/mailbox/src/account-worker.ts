import { type Lease, RetryLater } from "@tamis/bus";
import { type ApplyCommand, type BatchHead, type MailboxAnswer, outgoingObjects } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { AccountMemory } from "./account-memory.ts";
import { applyToStored, refuseStored } from "./apply-to-stored.ts";
import { NeedsPerson } from "./contact.ts";
import { ConnectionLost } from "./imap/imap-connection.ts";
import { ImapSession } from "./imap/imap-session.ts";
import type { InboxView, Job } from "./inbox-view.ts";
import { openInbox } from "./open-inbox.ts";
import { Outage } from "./outage.ts";
import { now } from "./publish-mail.ts";
import { LeaseLost, RecordStore } from "./record-store.ts";
import { SignInFailed } from "./sign-in.ts";
import { StateBoard } from "./state-board.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** How long a stop waits for what is under way: less than a lease is kept for it. */
const FINISH_MS = 3_000;
/** When plans for stored mail are tried again after the connection was lost. */
const STORED_AGAIN_MS = 2_000;
/** How often the lease is looked at while it is lost. */
const WITHOUT_LEASE_MS = 500;

/** Serves one account as long as its partition is held here: connects, watches its INBOX, connects again. */
export class AccountWorker {
  readonly #deps: WorkerDeps;
  readonly #memory: AccountMemory;
  readonly #board: StateBoard;
  readonly #stop = new AbortController();
  #session: ImapSession | null = null;
  #running: Promise<void> = Promise.resolve();
  readonly #outage = new Outage();
  #authFailures = 0;

  constructor(deps: WorkerDeps, account: Account, lease: Lease) {
    this.#deps = deps;
    this.#memory = new AccountMemory(account, new RecordStore(deps.accounts, account.id, lease));
    this.#board = new StateBoard(deps, account.id);
  }

  /** For the answers to questions about this account. */
  get memory(): AccountMemory {
    return this.#memory;
  }

  start(): void {
    this.#running = this.#run();
  }

  /**
   * Ends the work and the connection. What is under way is waited for: a COPY cut off goes on in the server, where the
   * next holder cannot see it yet. What was not written down is done again by whoever comes next.
   */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#memory.queue.giveUp();
    this.#memory.bell.ring();
    const late = setTimeout(() => this.#session?.close(), FINISH_MS);
    await this.#running;
    clearTimeout(late);
    // What was being carried out came back to the queue.
    this.#memory.queue.giveUp();
    this.#deps.stats.setState(this.#memory.accountId, null);
  }

  /** The partition was lost for a while and is held again: the connection was kept, the record is read anew. */
  renew(lease: Lease): void {
    this.#memory.store.renew(lease);
    this.#memory.loaded = null;
    this.#memory.bell.ring();
  }

  update(account: Account): void {
    this.#memory.account = account;
    this.#authFailures = 0;
    this.#memory.bell.ring();
  }

  /** Resolves when the command is carried out and written down, or held. Rejects with RetryLater where it cannot be now. */
  async apply(command: ApplyCommand, redelivered = false): Promise<void> {
    if (this.#stop.signal.aborted)
      throw new RetryLater("the account is given up here", { afterMs: 0, code: "lease-lost" });
    const isAway = this.#board.state === "parked" || this.#board.state === "held";
    if (command.stored === true) return await this.#applyToStored(command, { isAway, redelivered });
    if (isAway) {
      this.#memory.held = true;
      return;
    }
    if (command.reads !== undefined) this.#memory.reads = command.reads;
    const done = this.#memory.queue.push(command, redelivered);
    this.#memory.bell.ring();
    await done;
  }

  async #applyToStored(
    command: ApplyCommand,
    { isAway, redelivered }: { readonly isAway: boolean; readonly redelivered: boolean },
  ): Promise<void> {
    if (isAway) return await refuseStored(this.#deps, command);
    const answer = await this.ask((view) => applyToStored(this.#deps, this.#memory, view, { command, redelivered }));
    if (answer.kind !== "done")
      throw new RetryLater("the account cannot be acted on now", { afterMs: STORED_AGAIN_MS, code: "not-connected" });
  }

  /** As {@link ask}, of what needs more than the connection. */
  askWith(job: (deps: WorkerDeps, memory: AccountMemory, view: InboxView) => Promise<MailboxAnswer>) {
    return this.ask((view) => job(this.#deps, this.#memory, view));
  }

  /** Octets that `outbox` put into the bucket; null where they are gone. Throws RetryLater while nobody can tell. */
  async outgoing(object: string): Promise<Uint8Array | null> {
    return await (await this.#deps.bus.objects(outgoingObjects)).get(object);
  }

  /** Asks something of the connection, between two other things. */
  ask(job: Job): Promise<MailboxAnswer> {
    const { state, reason } = this.#board;
    if (this.#session === null)
      return Promise.resolve({ kind: "refused", reason: `the account is not connected (${reason || state})` });
    return new Promise((resolve) => {
      this.#memory.jobs.push({ job, resolve });
      this.#memory.bell.ring();
    });
  }

  /** `tamis recover`: a lost record is made again from this moment (epoch ms) on. */
  recover(since: number): void {
    this.#memory.recoverSince = since;
    this.#memory.loaded = null;
    this.#memory.bell.ring();
  }

  /** Publishes mails of INBOX again, on demand. */
  enqueueSort(uids: readonly number[], head: Partial<BatchHead>): void {
    if (uids.length > 0) this.#memory.sorts.push({ uids: [...uids], head });
    this.#memory.bell.ring();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        if (this.#memory.store.isHeld) await this.#serveOnce();
        else await this.#withoutLease();
      } catch (error) {
        this.#endSession();
        await this.#afterFailure(error);
      } finally {
        this.#endSession();
      }
    }
  }

  #endSession(): void {
    this.#session?.close();
    this.#session = null;
    this.#refuseJobs("the connection to the mail server was lost; try again");
  }

  #refuseJobs(reason: string): void {
    const { jobs } = this.#memory;
    this.#memory.jobs = [];
    for (const { resolve } of jobs) resolve({ kind: "refused", reason });
  }

  async #serveOnce(): Promise<void> {
    this.#board.set("connecting");
    const session = await this.#connect();
    this.#session = session;
    let watch = await openInbox(this.#deps, this.#memory, this.#board, session);
    this.#authFailures = 0;
    this.#outage.opened();
    while (!this.#stop.signal.aborted) {
      try {
        if (!this.#memory.store.isHeld) throw new LeaseLost("the lease ended");
        if (this.#memory.loaded === null) watch = await openInbox(this.#deps, this.#memory, this.#board, session);
        await watch.step();
      } catch (error) {
        if (error instanceof LeaseLost) await this.#withoutLease();
        else if (error instanceof RetryLater) await this.#pause(error);
        else throw error;
      }
    }
  }

  /** NATS is away, or full: the connection stays, nothing is done for a while. */
  async #pause(error: RetryLater): Promise<void> {
    this.#deps.log.warn({ accountId: this.#memory.accountId, code: error.code }, "mailbox-retry-later");
    this.#memory.wokenAt ??= now();
    await this.#memory.bell.wait(Math.min(30_000, Math.max(100, error.afterMs)));
  }

  /** Nothing may be done without a lease. Commands go back at once; the partition's holder renews or stops us. */
  async #withoutLease(): Promise<void> {
    this.#memory.queue.giveUp();
    this.#refuseJobs("another instance takes this account over; try again");
    this.#memory.loaded = null;
    this.#memory.bell.clear();
    await this.#memory.bell.wait(WITHOUT_LEASE_MS);
  }

  async #connect(): Promise<ImapSession> {
    const { config, signIn, gateOf } = this.#deps;
    const { signal } = this.#stop;
    const { account } = this.#memory;
    const { sockets, capabilities } = await gateOf(account.host).pass(signal, () => signIn.open(account, signal));
    const session = new ImapSession(sockets, capabilities, {
      silenceMs: config.silence_seconds * 1_000,
      doneMs: config.done_timeout_seconds * 1_000,
      onExists: () => this.#memory.wake(now()),
      onRhythm: () => this.#memory.bell.ring(),
      onClosed: () => this.#memory.bell.ring(),
    });
    if (signal.aborted) session.close();
    return session;
  }

  async #afterFailure(error: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { config, log, metrics } = this.#deps;
    const { accountId, queue } = this.#memory;
    const { hasRested } = this.#board;
    const waitMs = this.#outage.failed({ hasRested, longestMs: config.backoff_max_seconds * 1_000 });
    if (error instanceof LeaseLost) queue.giveUp();
    else queue.handBack();
    if (error instanceof NeedsPerson || this.#isRefusedForGood(error)) {
      this.#board.set("parked", error instanceof NeedsPerson ? error.reason : "auth-failed");
      return await this.#waitDown(config.auth_retry_minutes * 60_000);
    }
    const code = codeOf(error);
    if (code === "failed") log.error({ accountId, err: error }, "mailbox-session-failed");
    metrics.reconnects.add(1, { reason: code });
    this.#board.set(this.#board.state === "held" ? "held" : "backoff", code);
    await this.#waitDown(Math.max(pauseAskedBy(error), waitMs));
  }

  #isRefusedForGood(error: unknown): boolean {
    if (!(error instanceof SignInFailed) || error.code !== "auth-failed") return false;
    this.#authFailures += 1;
    return this.#authFailures >= this.#deps.config.auth_failures;
  }

  /** Waits before the next try. A server that stays away makes us hold the commands, so that no dead account blocks its partition. */
  async #waitDown(waitMs: number): Promise<void> {
    const { bell, queue, account } = this.#memory;
    const until = performance.now() + waitMs;
    while (performance.now() < until && !this.#stop.signal.aborted) {
      const holdInMs = this.#holdInMs();
      if (holdInMs <= 0 && this.#board.state === "backoff") this.#board.set("held", this.#board.reason);
      if (holdInMs <= 0 && queue.hold() > 0) this.#memory.held = true;
      // Settings changed, or an operator said where to go on from: worth a try now.
      if (
        this.#memory.account !== account ||
        (this.#board.state === "parked" && this.#memory.recoverSince !== undefined)
      )
        return;
      await bell.wait(Math.min(until - performance.now(), holdInMs > 0 ? holdInMs : waitMs));
    }
  }

  #holdInMs(): number {
    if (this.#board.state === "parked") return 0;
    return this.#deps.config.hold_seconds * 1_000 - this.#outage.lastedMs;
  }
}

/** How long the server itself asks to be left alone, milliseconds. */
function pauseAskedBy(error: unknown): number {
  return error instanceof SignInFailed || error instanceof ConnectionLost ? error.pauseMs : 0;
}

/** A stable code; `failed` is what nobody expected. */
function codeOf(error: unknown): string {
  const isExpected =
    error instanceof SignInFailed ||
    error instanceof ConnectionLost ||
    error instanceof RetryLater ||
    error instanceof LeaseLost;
  return isExpected ? error.code : "failed";
}
