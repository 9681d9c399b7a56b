import { RetryLater } from "@tamis/bus";
import { type BatchHead, folderIdOf, type MailboxAnswer, type Reads, type ReceiptMeans } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import type { AccountRecord } from "./account-record.ts";
import { ApplyQueue } from "./apply-queue.ts";
import { AwaitedDecisions } from "./awaited.ts";
import { Doorbell } from "./doorbell.ts";
import { WaitingDrafts } from "./drafts/waiting-drafts.ts";
import type { UntoldFacts } from "./facts.ts";
import type { HandedOver } from "./hand-over.ts";
import type { Job } from "./inbox-view.ts";
import type { RecordStore } from "./record-store.ts";

/** Mails of one folder to be published on demand, with what is special in their batch's head. */
export interface Sort {
  readonly uids: number[];
  readonly head: Partial<BatchHead>;
  /** Absent: what the account's rules read. */
  readonly reads?: Reads;
}

/** What is remembered of one account over its connections, as long as its partition is held here. */
export class AccountMemory {
  readonly bell = new Doorbell();
  readonly queue = new ApplyQueue();
  readonly awaited = new AwaitedDecisions();
  readonly store: RecordStore;
  /** Batches handed over whose mails are not safe yet, by this connection or one before. */
  readonly handing = new Set<Promise<unknown>>();
  /** Facts told and not yet acknowledged by JetStream. */
  readonly untold: UntoldFacts = [];
  readonly sorts: Sort[] = [];
  jobs: { readonly job: Job; readonly resolve: (answer: MailboxAnswer) => void }[] = [];
  account: Account;
  /** As read or made after SELECT; null while it must be read (again). */
  loaded: AccountRecord | null = null;
  /** The record changed since it was written. */
  dirty = false;
  /** EXISTS told of new mail at this moment (epoch ms); null = nothing to look for. */
  wokenAt: number | null = null;
  /** Something may have happened in a watched folder. */
  isFolderNews = true;
  /** Drafts may have come to where they are sent from later. */
  isDraftNews = true;
  readonly waitingDrafts = new WaitingDrafts();
  /** Drafts that lie hidden and that the ledger says it keeps, by fingerprint. */
  readonly keptDrafts = new Set<string>();
  /** Failures in a row to take drafts, and when to try again (`performance.now()`). */
  readonly draftTries = { failures: 0, notBefore: Number.NEGATIVE_INFINITY };
  /** Mails of INBOX that another holder handed over, to nobody perhaps: to be published again. */
  lost: readonly number[] = [];
  /** Commands were acknowledged without being carried out: their mails are published again at the next connection. */
  held = false;
  /** The IMAP server last connected to, as a key of KV `servers`. */
  server: string | undefined;
  recoverSince: number | undefined;
  /** Whether its server lets receipts be answered, as seen when INBOX was opened. */
  receiptMeans: ReceiptMeans = "no-condstore";
  /** Failures in a row to wake snoozed mail, and when to try again (`performance.now()`). */
  readonly wakeTries = { failures: 0, notBefore: Number.NEGATIVE_INFINITY };
  /** What the account's rules read of a mail, as `filter` last said; `unknown` before it did. */
  reads: Reads | "unknown" = "unknown";

  constructor(account: Account, store: RecordStore) {
    this.account = account;
    this.store = store;
  }

  get accountId(): string {
    return this.account.id;
  }

  /** Throws RetryLater while there is none. */
  get record(): AccountRecord {
    if (this.loaded === null) throw new RetryLater("the account's record is not read yet", { code: "starting" });
    return this.loaded;
  }

  head(): BatchHead {
    const { id, address, mode, receipts, language } = this.account;
    const folder = { id: folderIdOf("INBOX"), name: "INBOX", uidValidity: this.record.uidValidity };
    return {
      v: 1,
      accountId: id,
      address,
      mode,
      purpose: "live",
      folder,
      ...(language === undefined ? {} : { language }),
      ...(this.server === undefined ? {} : { server: this.server }),
      ...(receipts === undefined ? {} : { receipts: { means: this.receiptMeans, ...receipts } }),
    };
  }

  /** Remembers that a batch is handed over, until its mails are safe, and noted, or will be handed over again. */
  track(handed: Promise<HandedOver>, noted: Promise<unknown>): void {
    const safe = handed.then(({ carried }) => carried);
    const done = Promise.allSettled([safe, noted]);
    this.handing.add(done);
    void done.then(() => this.handing.delete(done));
  }

  /** There may be new mail. */
  wake(at: number): void {
    this.wokenAt ??= at;
    this.bell.ring();
  }
}
