import {
  folderIdOf,
  formatMailId,
  type MailRead,
  MDN_SENT,
  mailRead,
  partitionOf,
  RECEIPT_ASKED,
  RECEIPT_DENIED,
  RECEIPT_GRANTED,
  SEEN_UNREAD,
} from "@tamis/contracts";
import type { AccountMemory } from "../account-memory.ts";
import { FINGERPRINT_SECTION, fingerprintOf } from "../fingerprint.ts";
import { fetchedMail } from "../imap/fetched-mail.ts";
import type { SelectedFolder } from "../imap/imap-session.ts";
import { isInbox } from "../imap/mailbox-name.ts";
import { asText } from "../imap/response-values.ts";
import { splitUidSets } from "../imap/sequence-set.ts";
import { ServerRefused } from "../imap/server-refused.ts";
import { inFolder } from "../in-folder.ts";
import type { InboxView } from "../inbox-view.ts";
import { since } from "../known-mails.ts";
import type { WorkerDeps } from "../worker-deps.ts";
import { type AskedMark, withMark, withoutMark } from "./asked-mark.ts";

type ReadMail = MailRead["mails"][number];

/** What was not read or answered for so long is not looked for any more. */
const LONGEST_MS = 60 * 86_400_000;
/** Hints that come one after the other are one. */
const GAP_MS = 1_000;
/** Mails of one fact. */
const MAILS_PER_FACT = 200;
/** Passing over a mail that the server cannot give. */
const OPEN = `KEYWORD ${RECEIPT_ASKED} UNKEYWORD ${MDN_SENT}`;

/** A mail as the look found it. */
interface Found extends ReadMail {
  readonly modSeq: bigint;
}

/**
 * Where mail of the account waits to be read or answered for a receipt: those folders are looked at when the server tells of changed flags
 * (INBOX), and from time to time (all). Mails are found by their keywords, and what changed since by mod-sequences (RFC 7162 §3.1.5). Does
 * nothing at all where Tamis does not answer for the account, or nothing is asked.
 */
export class ReceiptWatch {
  readonly #deps: WorkerDeps;
  readonly #memory: AccountMemory;
  readonly #view: InboxView;
  #isNews = true;
  #nextLook = Number.NEGATIVE_INFINITY;
  #lastLook = Number.NEGATIVE_INFINITY;

  constructor(deps: WorkerDeps, memory: AccountMemory, view: InboxView) {
    this.#deps = deps;
    this.#memory = memory;
    this.#view = view;
    // Whatever became of the record: what waits in INBOX is found.
    if (memory.account.receipts !== undefined && memory.loaded !== null && !memory.loaded.asked.has("INBOX"))
      memory.loaded.asked = withMark(memory.loaded.asked, { folder: "INBOX", uidValidity: 0, modSeq: "" });
    view.session.onFlags = () => {
      if (!this.#isOn || memory.loaded?.asked.has("INBOX") !== true) return;
      this.#isNews = true;
      memory.bell.ring();
    };
  }

  get #isOn(): boolean {
    const { account, loaded } = this.#memory;
    return (
      account.receipts !== undefined &&
      account.mode === "act" &&
      this.#view.session.hasModSeqs &&
      loaded !== null &&
      loaded.asked.size > 0
    );
  }

  /** Milliseconds until there is something to look at; infinite where there is nothing. */
  get dueInMs(): number {
    if (!this.#isOn) return Number.POSITIVE_INFINITY;
    const at = this.#isNews ? this.#lastLook + GAP_MS : this.#nextLook;
    return Math.max(0, at - performance.now());
  }

  /** Looks, and tells what changed. Throws as the steps of `InboxWatch`. */
  async step(): Promise<void> {
    const isRegular = performance.now() >= this.#nextLook;
    this.#isNews = false;
    this.#lastLook = performance.now();
    if (isRegular) this.#nextLook = this.#lastLook + this.#deps.config.receipts_seconds * 1_000;
    for (const mark of this.#memory.record.asked.values())
      if (isInbox(mark.folder) || (isRegular && (await this.#isChanged(mark)))) await this.#visit(mark);
  }

  async #isChanged(mark: AskedMark): Promise<boolean> {
    const status = await this.#view.session.fullStatus(mark.folder);
    if (status === null) this.#drop(mark);
    else if (status.uidValidity !== mark.uidValidity || mark.modSeq === "") return true;
    return status !== null && (status.modSeq ?? 0n) > BigInt(mark.modSeq);
  }

  /** The folder may have gone away, or must not be read. */
  async #visit(mark: AskedMark): Promise<void> {
    try {
      await inFolder(this.#view.session, this.#memory, { name: mark.folder, readOnly: true }, (selected) =>
        this.#look(mark, selected),
      );
    } catch (error) {
      if (!(error instanceof ServerRefused) || error.isPassing) throw error;
      this.#drop(mark);
    }
  }

  async #look(mark: AskedMark, { uidValidity }: SelectedFolder): Promise<void> {
    const { session } = this.#view;
    const open = await session.search(`${OPEN} ${since(Date.now() - LONGEST_MS)}`);
    if (open.length === 0) return this.#drop(mark);
    const known = mark.uidValidity === uidValidity && mark.modSeq !== "" ? BigInt(mark.modSeq) : 0n;
    const found: Found[] = [];
    for (const { set } of splitUidSets(open)) {
      const changed = known === 0n ? "" : ` MODSEQ ${known + 1n}`;
      const uids = await session.search(`UID ${set} OR SEEN KEYWORD ${RECEIPT_DENIED}${changed}`);
      for (const part of splitUidSets(uids))
        found.push(...(await this.#read(part.set, { name: mark.folder, uidValidity })));
    }
    let modSeq = known;
    for (const mail of found) if (mail.modSeq > modSeq) modSeq = mail.modSeq;
    const folderId = folderIdOf(mark.folder);
    await this.#tell(found, `${this.#memory.accountId}/${folderId}/${uidValidity}/read/${modSeq}`);
    if (modSeq === known && mark.uidValidity === uidValidity) return;
    this.#memory.record.asked = withMark(this.#memory.record.asked, {
      folder: mark.folder,
      uidValidity,
      modSeq: modSeq === 0n ? "" : String(modSeq),
    });
    this.#memory.dirty = true;
  }

  async #read(set: string, { name, uidValidity }: Pick<SelectedFolder, "name" | "uidValidity">): Promise<Found[]> {
    const { accountId } = this.#memory;
    const mails: Found[] = [];
    const wanted = `FLAGS MODSEQ INTERNALDATE RFC822.SIZE BODY.PEEK${FINGERPRINT_SECTION}`;
    await this.#view.session.fetchItems(set, wanted, (items) => {
      const mail = fetchedMail(items);
      const told = items.get("MODSEQ");
      const modSeq = Array.isArray(told) ? asText(told[0]) : "";
      if (!/^\d+$/.test(modSeq)) return;
      const key = { accountId, folderId: folderIdOf(name), uidValidity, uid: mail.uid };
      mails.push({
        mailId: formatMailId(key),
        folder: name,
        fingerprint: fingerprintOf(mail),
        ...readBy(mail.flags),
        at: Date.now(),
        modSeq: BigInt(modSeq),
      });
    });
    return mails;
  }

  /** `place`: names the look; the same again after a crash, since what it found had changed no more. */
  async #tell(found: readonly Found[], place: string): Promise<void> {
    const { accountId } = this.#memory;
    for (let at = 0; at < found.length; at += MAILS_PER_FACT) {
      const mails = found.slice(at, at + MAILS_PER_FACT).map(({ modSeq: _, ...mail }) => mail);
      const fact = { v: 1, accountId, mails } as const;
      await this.#deps.bus.publishFact(mailRead, partitionOf(accountId), fact, `${place}/${at}`);
    }
  }

  #drop(mark: AskedMark): void {
    this.#memory.record.asked = withoutMark(this.#memory.record.asked, mark.folder);
    this.#memory.dirty = true;
  }
}

/** What flags say of who read the mail, and of the owner's answer; to refuse is the safer of two. */
export function readBy(flags: readonly string[]): Pick<ReadMail, "seen" | "answer"> {
  const names = new Set(flags.map((flag) => flag.toLowerCase()));
  const has = (flag: string): boolean => names.has(flag.toLowerCase());
  const seen = !has("\\Seen") ? "no" : has(SEEN_UNREAD) ? "unknown" : "owner";
  if (has(RECEIPT_DENIED)) return { seen, answer: "refuse" };
  return has(RECEIPT_GRANTED) ? { seen, answer: "send" } : { seen };
}
