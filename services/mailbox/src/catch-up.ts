import type { BatchHead } from "@tamis/contracts";
import type { AccountRecord } from "./account-record.ts";
import { isRewritten, settle } from "./account-record.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { formatUidSet } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { cutBatches, now, type ReadMail, readMail } from "./publish-mail.ts";

/** Mails per UID FETCH: their bytes are in memory at once. */
const WINDOW = { whole: 64, header: 256 } as const;

/** Which part of each mail is fetched: the first bytes, of its header alone where nobody reads more. */
export interface Portion {
  readonly reads: "header" | "whole";
  readonly inlineBytes: number;
}

function sectionOf({ reads, inlineBytes }: Portion): string {
  return `${reads === "header" ? "[HEADER]" : "[]"}<0.${inlineBytes}>`;
}
/** Batches sent to JetStream and not acknowledged. */
const MAX_IN_FLIGHT = 8;

export interface CatchUpDeps {
  readonly portion: () => Portion;
  /** Of one numbering of INBOX: after a change another catch-up begins with another record. */
  readonly record: AccountRecord;
  readonly head: () => BatchHead;
  /** Resolves when JetStream has the batch. */
  readonly publish: (head: BatchHead, mails: readonly ReadMail[], again: string) => Promise<void>;
  /** A batch was acknowledged: these mails wait for their decisions. */
  readonly onPublished: (mails: readonly ReadMail[]) => void;
  /** The server lists a mail and has not given it for so long that it is left alone. */
  readonly onUnreadable: (uid: number) => void;
}

interface InFlight {
  readonly batch: readonly ReadMail[];
  readonly through: number;
  done: Promise<void>;
  acknowledged: boolean;
}

/** RFC 5530 §3: it is the server that cannot now, whatever mail is asked for. */
const SERVER_AWAY: ReadonlySet<string> = new Set(["UNAVAILABLE", "INUSE"]);

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
  /** Highest UID fetched or known to be absent. */
  #through: number;
  #inFlight: InFlight[] = [];
  #failure: unknown = null;
  /** Everything above `#through` has come since `look` asked: few mails, which may be fetched without asking. */
  #isCurrent = false;
  #lagUid = 0;
  #lagTries = 0;

  constructor(session: ImapSession, deps: CatchUpDeps) {
    this.#session = session;
    this.#deps = deps;
    this.#through = deps.record.published;
  }

  get hasMore(): boolean {
    return this.#todo.length > 0;
  }

  get isPublishing(): boolean {
    return this.#inFlight.length > 0;
  }

  /** Asks the server for every UID above what was fetched. EXISTS is not believed (design.md §Nothing is lost). */
  async look(): Promise<number> {
    const from = this.#through + 1;
    // `n:*` names the last mail even where its UID is below n (RFC 9051 §9).
    this.#todo = (await this.#session.search(`UID ${from}:*`)).filter((uid) => uid >= from);
    this.#isCurrent = true;
    return this.#todo.length;
  }

  /** After an EXISTS for few mails: one command instead of two. Returns how many came; fewer than told of: `look`. */
  async fetchNew(seenAt: number): Promise<number> {
    if (!this.#isCurrent || this.hasMore) return 0;
    const from = this.#through + 1;
    const mails = (await this.#fetch(`${from}:*`, seenAt)).filter(({ uid }) => uid >= from);
    // A UID left out may be a mail that lags behind a later one: only SEARCH tells.
    if ((mails.at(-1)?.uid ?? this.#through) - this.#through > mails.length) return 0;
    await this.#hand(mails);
    return mails.length;
  }

  /** Fetches and publishes the next window of what `look` found. False: the server lists a mail that it does not give yet; look again a little later. */
  async step(seenAt: number): Promise<boolean> {
    if (this.#failure !== null) await this.flush();
    const window = this.#todo.splice(0, WINDOW[this.#deps.portion().reads]);
    const end = window.at(-1);
    if (end === undefined) return true;
    const mails = await this.#fetch(formatUidSet(window), seenAt);
    const lagging = await this.#firstLagging(window, mails);
    if (lagging === null) {
      await this.#hand(mails, end);
      return true;
    }
    this.#lagTries = this.#lagUid === lagging ? this.#lagTries + 1 : 1;
    this.#lagUid = lagging;
    const isGivenUp = this.#lagTries > MAX_LAG_TRIES;
    this.#todo = isGivenUp ? [...window, ...this.#todo].filter((uid) => uid > lagging) : [];
    this.#isCurrent &&= isGivenUp;
    if (isGivenUp) this.#deps.onUnreadable(lagging);
    const given = mails.filter(({ uid }) => uid < lagging);
    await this.#hand(given, isGivenUp ? lagging : lagging - 1);
    return isGivenUp;
  }

  /** Replicated servers announce mails before they can be read. */
  async #firstLagging(window: readonly number[], mails: readonly ReadMail[]): Promise<number | null> {
    const given = new Set(mails.map(({ uid }) => uid));
    const missing = window.filter((uid) => !given.has(uid));
    if (missing.length === 0) return null;
    const [first] = await this.#session.search(`UID ${formatUidSet(missing)}`);
    return first ?? null;
  }

  /** Waits for what is under way. Throws the first failure to publish; after that the next run begins behind `published`. */
  async flush(): Promise<void> {
    while (this.#inFlight.length > 0) await this.#inFlight[0]?.done;
    if (this.#failure === null) return;
    const failure = this.#failure;
    this.#failure = null;
    this.#isCurrent = false;
    this.#todo = [];
    this.#through = this.#deps.record.published;
    throw failure;
  }

  /** What the server gives of these, each once. A refusal over one broken mail leaves those given before it. */
  async #fetch(set: string, seenAt: number): Promise<ReadMail[]> {
    const mails = new Map<number, ReadMail>();
    try {
      await this.#session.fetch(set, sectionOf(this.#deps.portion()), (mail) =>
        mails.set(mail.uid, readMail(mail, seenAt)),
      );
    } catch (error) {
      if (!(error instanceof ServerRefused) || SERVER_AWAY.has(error.code)) throw error;
    }
    return [...mails.values()].sort((a, b) => a.uid - b.uid);
  }

  /**
   * Publishes what is new; a mail known by its fingerprint was put back into INBOX by its owner and is left there, and so
   * is one that a holder before us stored anew and had no time to write down.
   */
  async #hand(mails: readonly ReadMail[], windowEnd?: number): Promise<void> {
    const record = this.#deps.record;
    const fresh: ReadMail[] = [];
    for (const mail of mails) {
      if (record.settled.has(mail.uid)) continue;
      if (record.prints.has(mail.fingerprint) || isRewritten(record, mail.bytes)) settle(record, mail);
      else fresh.push(mail);
    }
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
    while (this.#inFlight.length >= MAX_IN_FLIGHT) await this.#inFlight[0]?.done;
    if (this.#failure !== null) return;
    const sent = batch.length === 0 ? Promise.resolve() : this.#deps.publish(this.#deps.head(), batch, "");
    const entry: InFlight = { batch, through, acknowledged: false, done: Promise.resolve() };
    entry.done = sent.then(
      () => {
        entry.acknowledged = true;
        this.#advance();
      },
      (error: unknown) => {
        this.#failure ??= error;
        this.#inFlight = this.#inFlight.filter((other) => other !== entry && !other.acknowledged);
      },
    );
    this.#inFlight.push(entry);
  }

  /** Moves the mark over the acknowledged batches at the front. Behind a failed one nothing moves any more. */
  #advance(): void {
    while (this.#failure === null && this.#inFlight[0]?.acknowledged) {
      const entry = this.#inFlight.shift();
      if (entry === undefined) return;
      const record = this.#deps.record;
      settleAbsent(record, entry.batch, entry.through);
      record.published = Math.max(record.published, entry.through);
      this.#deps.onPublished(entry.batch);
    }
    if (this.#failure !== null) this.#inFlight = this.#inFlight.filter((entry) => !entry.acknowledged);
  }
}

/** UIDs between the marks that no mail has are settled: nothing will ever come of them. */
function settleAbsent(record: AccountRecord, batch: readonly ReadMail[], through: number): void {
  let next = record.published + 1;
  for (const { uid } of batch) {
    if (uid > next) record.settled.add(next, uid - 1);
    next = Math.max(next, uid + 1);
  }
  if (through >= next) record.settled.add(next, through);
}

/** Fetches these UIDs of INBOX for another publication; absent ones are gone. */
export async function fetchAgain(session: ImapSession, uids: readonly number[], portion: Portion): Promise<ReadMail[]> {
  const mails: ReadMail[] = [];
  const seenAt = now();
  const window = WINDOW[portion.reads];
  for (let i = 0; i < uids.length; i += window) {
    await session.fetch(formatUidSet(uids.slice(i, i + window)), sectionOf(portion), (mail) =>
      mails.push(readMail(mail, seenAt)),
    );
  }
  return mails.sort((a, b) => a.uid - b.uid);
}
