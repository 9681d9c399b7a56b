import type { BatchHead } from "@tamis/contracts";
import { type AccountRecord, freshOf, settleGaps } from "./account-record.ts";
import { fetchMails, isAboutMail, type Portion, WINDOW } from "./fetch-mails.ts";
import type { HandedOver } from "./hand-over.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { formatUidSet } from "./imap/sequence-set.ts";
import { cutBatches, type ReadMail, readMail } from "./publish-mail.ts";

/** Of more mails than these one is sent ahead while it is not known what the rules read: by then it costs less than their bodies. */
const FEW_UNKNOWN = 4;
/** How long the answer to that one is waited for. */
const PROBE_MS = 2_000;

/** Batches handed over and not answered. */
const MAX_UNANSWERED = 8;

export interface CatchUpDeps {
  readonly portion: () => Portion;
  /** Of one numbering of INBOX: after a change another catch-up begins with another record. */
  readonly record: AccountRecord;
  readonly head: () => BatchHead;
  /** Resolves when `filter` has the batch; its mails are safe when what was given is carried out. */
  readonly handOver: (head: BatchHead, mails: readonly ReadMail[]) => Promise<HandedOver>;
  /** Mails up to this UID are about to be fetched and handed over. */
  readonly onExpected: (through: number) => void;
  /** These mails are settled, or wait for their decisions; `isNews`: the record tells of it since now. */
  readonly onPublished: (mails: readonly HandedMail[], isNews: boolean) => void;
  /** A batch is not safe: {@link CatchUp.flush} throws why. */
  readonly onFailed: () => void;
  /** The server lists a mail and has not given it for so long that it is left alone. */
  readonly onUnreadable: (uid: number) => void;
}

/** A mail that was handed over. */
export interface HandedMail {
  readonly uid: number;
}

/** Mails asked for and not looked at yet. */
interface Window {
  readonly uids: readonly number[];
  readonly mails: Promise<readonly ReadMail[]>;
}

interface InFlight {
  /** Their octets are no more needed here: of a backlog all wait until they are carried out. */
  readonly batch: readonly HandedMail[];
  readonly through: number;
  /** Null: `filter` has it. */
  answer: Promise<void> | null;
  /** Nothing of it can be lost any more. */
  isSafe: boolean;
}

/** So often a mail that the server lists and does not give is asked for again before it is left alone. */
const MAX_LAG_TRIES = 6;

/**
 * Reads new mail by UID and publishes it, in order. The mark `published` moves only over batches that JetStream
 * acknowledged; whatever goes wrong, the next run begins again behind that mark. One per session.
 */
export class CatchUp {
  readonly #session: ImapSession;
  readonly #deps: CatchUpDeps;
  /** UIDs known to be there and not fetched yet, ascending. */
  #todo: number[] = [];
  /** The next of them, asked for while those before it are published. */
  #ahead: Window | null = null;
  /** Highest UID fetched or known to be absent. */
  #through: number;
  #inFlight: InFlight[] = [];
  #failure: unknown = null;
  /** `performance.now()` when the last batch was handed over. */
  #sentAt = Number.NEGATIVE_INFINITY;
  /** Everything above `#through` has come since `look` asked: few mails, which may be fetched without asking. */
  #isCurrent = false;
  #lagUid = 0;
  #lagTries = 0;
  /** `performance.now()` when one mail was sent ahead. */
  #probedAt: number | null = null;

  constructor(session: ImapSession, deps: CatchUpDeps) {
    this.#session = session;
    this.#deps = deps;
    this.#through = deps.record.published;
  }

  get hasMore(): boolean {
    return this.#todo.length > 0 || this.#ahead !== null;
  }

  /** For so long the rest waits for what the decision on the mail sent ahead tells of the rules. */
  get probeMs(): number {
    if (this.#probedAt === null || this.#deps.portion().reads !== "unknown") return 0;
    return this.#probedAt + PROBE_MS - performance.now();
  }

  /** Mails handed over that are not safe yet, without those that are settled already. */
  get underWay(): number {
    const { settled } = this.#deps.record;
    let sum = 0;
    for (const { batch } of this.#inFlight) {
      // Asked at each step of a backlog: nothing is counted of the thousands that wait.
      const isBegun = [batch[0], batch.at(-1)].some((mail) => mail !== undefined && settled.has(mail.uid));
      sum += isBegun ? batch.filter(({ uid }) => !settled.has(uid)).length : batch.length;
    }
    return sum;
  }

  /** Milliseconds since a batch was handed over. */
  get quietMs(): number {
    return performance.now() - this.#sentAt;
  }

  /** A batch could not be handed over: {@link flush} throws why. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** Asks the server for every UID above what was fetched. EXISTS is not believed (design.md §Nothing is lost). */
  async look(): Promise<number> {
    const from = this.#through + 1;
    // `n:*` names the last mail even where its UID is below n (RFC 9051 §9).
    await this.#dropAhead();
    this.#todo = (await this.#session.search(`UID ${from}:*`)).filter((uid) => uid >= from);
    this.#isCurrent = true;
    return this.#todo.length;
  }

  /** Until the server has answered what was asked for ahead: something else may then be asked of it, in another folder too. */
  async pause(): Promise<void> {
    await this.#ahead?.mails.catch(() => undefined);
  }

  /** Its mails are asked for anew: only when it is answered, or two commands would ask for the same ones at once. */
  async #dropAhead(): Promise<void> {
    await this.pause();
    this.#ahead = null;
  }

  /** After an EXISTS for few mails, `told`: one command instead of two. Returns how many came; fewer than told of: `look`. */
  async fetchNew(seenAt: number, told: number): Promise<number> {
    if (!this.#isCurrent || this.hasMore) return 0;
    const from = this.#through + 1;
    this.#deps.onExpected(this.#through + told);
    const mails = (await this.#fetch(`${from}:*`, seenAt)).filter(({ uid }) => uid >= from);
    // A UID left out may be a mail that lags behind a later one: only SEARCH tells.
    if ((mails.at(-1)?.uid ?? this.#through) - this.#through > mails.length) return 0;
    await this.#hand(mails);
    return mails.length;
  }

  /** Fetches and publishes the next window of what `look` found. False: the server lists a mail that it does not give yet; look again a little later. */
  async step(seenAt: number): Promise<boolean> {
    if (this.#failure !== null) await this.flush();
    const window = this.#ahead ?? this.#ask(seenAt);
    this.#ahead = this.#isProbing ? null : this.#ask(seenAt);
    const end = window?.uids.at(-1);
    if (window === null || end === undefined) return true;
    const mails = await window.mails;
    const lagging = await this.#firstLagging(window.uids, mails);
    if (lagging === null) {
      await this.#hand(mails, end);
      return true;
    }
    this.#lagTries = this.#lagUid === lagging ? this.#lagTries + 1 : 1;
    this.#lagUid = lagging;
    const isGivenUp = this.#lagTries > MAX_LAG_TRIES;
    const left = [...window.uids, ...(this.#ahead?.uids ?? []), ...this.#todo];
    await this.#dropAhead();
    this.#todo = isGivenUp ? left.filter((uid) => uid > lagging) : [];
    this.#isCurrent &&= isGivenUp;
    if (isGivenUp) this.#deps.onUnreadable(lagging);
    const given = mails.filter(({ uid }) => uid < lagging);
    await this.#hand(given, isGivenUp ? lagging : lagging - 1);
    return isGivenUp;
  }

  /** Begins to fetch the next window of what `look` found; null when there is none. */
  #ask(seenAt: number): Window | null {
    const { reads } = this.#deps.portion();
    const isProbe = reads === "unknown" && this.#probedAt === null && this.#todo.length > FEW_UNKNOWN;
    if (isProbe) this.#probedAt = performance.now();
    const uids = this.#todo.splice(0, isProbe ? 1 : WINDOW[reads]);
    if (uids.length === 0) return null;
    const mails = this.#fetch(formatUidSet(uids), seenAt);
    // A failure is told to whoever takes this window; until then it is no unhandled one.
    mails.catch(() => undefined);
    return { uids, mails };
  }

  /** One mail was sent ahead, and it is not known yet what the rules read. */
  get #isProbing(): boolean {
    return this.probeMs > 0;
  }

  /** Replicated servers announce mails before they can be read. */
  async #firstLagging(window: readonly number[], mails: readonly ReadMail[]): Promise<number | null> {
    const given = new Set(mails.map(({ uid }) => uid));
    const missing = window.filter((uid) => !given.has(uid));
    if (missing.length === 0) return null;
    const [first] = await this.#session.search(`UID ${formatUidSet(missing)}`);
    return first ?? null;
  }

  /** Waits for the answers that are under way. Throws the first failure; after that the next run begins behind `published`. */
  async flush(): Promise<void> {
    for (let next = this.#unanswered[0]; next !== undefined; next = this.#unanswered[0]) await next.answer;
    if (this.#failure === null) return;
    await this.#dropAhead();
    const failure = this.#failure;
    this.#failure = null;
    this.#isCurrent = false;
    this.#todo = [];
    // What was given of them is decided on once more, and carried out once.
    this.#inFlight = [];
    this.#through = this.#deps.record.published;
    throw failure;
  }

  /** What the server gives of these, each once. A refusal over one broken mail leaves those given before it. */
  async #fetch(set: string, seenAt: number): Promise<ReadMail[]> {
    const mails = new Map<number, ReadMail>();
    try {
      await fetchMails(this.#session, set, this.#deps.portion(), (mail) => mails.set(mail.uid, readMail(mail, seenAt)));
    } catch (error) {
      if (!isAboutMail(error)) throw error;
    }
    return [...mails.values()].sort((a, b) => a.uid - b.uid);
  }

  /** Hands over what is new. */
  async #hand(mails: readonly ReadMail[], windowEnd?: number): Promise<void> {
    const record = this.#deps.record;
    const fresh = freshOf(record, mails);
    const end = Math.max(windowEnd ?? 0, mails.at(-1)?.uid ?? 0, this.#through);
    const batches = cutBatches(fresh);
    for (const [i, batch] of batches.entries()) {
      const through = i === batches.length - 1 ? end : (batch.at(-1)?.uid ?? end);
      await this.#send(batch, through);
    }
    if (batches.length === 0) await this.#send([], end);
    this.#through = end;
  }

  async #send(batch: readonly ReadMail[], through: number): Promise<void> {
    while (this.#unanswered.length >= MAX_UNANSWERED) await this.#unanswered[0]?.answer;
    if (this.#failure !== null) return;
    const handed = batch.map(({ uid }) => ({ uid }));
    const entry: InFlight = { batch: handed, through, answer: null, isSafe: batch.length === 0 };
    this.#inFlight.push(entry);
    if (entry.isSafe) return this.#advance();
    const { record } = this.#deps;
    record.handed = Math.max(record.handed, batch.at(-1)?.uid ?? 0);
    this.#sentAt = performance.now();
    const safe = (): void => {
      entry.isSafe = true;
      this.#advance();
    };
    const failed = (error: unknown): void => {
      entry.answer = null;
      // Of a run that is over; the next one begins with the same mails.
      if (!this.#inFlight.includes(entry)) return;
      this.#failure ??= error;
      this.#inFlight = this.#inFlight.filter((other) => other !== entry && !other.isSafe);
      this.#deps.onFailed();
    };
    entry.answer = this.#deps.handOver(this.#deps.head(), batch).then(({ carried }) => {
      entry.answer = null;
      if (carried === null) safe();
      else carried.then(safe, failed);
    }, failed);
  }

  get #unanswered(): readonly InFlight[] {
    return this.#inFlight.filter(({ answer }) => answer !== null);
  }

  /** Moves the mark over the batches at the front that are safe. Behind a failed one nothing moves any more. */
  #advance(): void {
    while (this.#failure === null && this.#inFlight[0]?.isSafe) {
      const entry = this.#inFlight.shift();
      if (entry === undefined) return;
      const { record } = this.#deps;
      const isNews = entry.through > record.published;
      settleGaps(record, entry.batch, entry.through);
      record.published = Math.max(record.published, entry.through);
      this.#deps.onPublished(entry.batch, isNews);
    }
    if (this.#failure !== null) this.#inFlight = this.#inFlight.filter(({ isSafe }) => !isSafe);
  }
}
