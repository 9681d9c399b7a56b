import type { Target } from "@tamis/contracts";
import type { SettledMail } from "./account-record.ts";
import type { ByteGate } from "./byte-gate.ts";
import type { CopyJournal, Stray } from "./copy-journal.ts";
import { editedMail } from "./edited-mail.ts";
import { fingerprintOf } from "./fingerprint.ts";
import type { FolderBook } from "./folder-book.ts";
import { append } from "./imap/append.ts";
import type { FetchedMail } from "./imap/fetched-mail.ts";
import type { ImapSession, SelectedFolder } from "./imap/imap-session.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { storableFlags } from "./imap/permanent-flags.ts";
import { removeByUid } from "./imap/remove-by-uid.ts";
import { ServerRefused, unlessRefused } from "./imap/server-refused.ts";
import { type KnownMail, knownMail, knownMails, since } from "./known-mails.ts";
import { type OutputReader, sizeOfOutputs } from "./program-outputs.ts";
import type { RewriteMarker } from "./rewrite-marker.ts";
import type { SourceFlags } from "./steps.ts";
import { isStored } from "./stored-mail.ts";

/** What rewriting needs of an execution. */
export interface RewriteOptions {
  readonly session: ImapSession;
  /** The selected folder, where the mails are. */
  readonly folder: string;
  readonly folders: FolderBook;
  readonly reselect: () => Promise<void>;
  readonly assertLease: () => void;
  /** Look for what was stored before, from this INTERNALDATE on (epoch ms): the record was rebuilt. */
  readonly searchCopiesSince: number | undefined;
  /** Longest mail that is rewritten, octets. */
  readonly rewriteBytes: number;
  readonly gate: ByteGate;
  readonly outputs: OutputReader;
  /** A mail was stored anew: in INBOX, or when it comes there, it is never to be taken for a new one. */
  readonly placed: (mail: SettledMail, isInInbox: boolean) => void;
}

/** One mail, one target of its plan that has edits. */
export interface Rewriting {
  readonly uid: number;
  readonly fingerprint: string;
  readonly target: Target & { readonly edits: NonNullable<Target["edits"]> };
  /** Of the target in the plan. */
  readonly place: number;
  /** How the mail in INBOX differs from what it was. */
  readonly flags: SourceFlags;
}

/** `refused`: nothing was stored, or it was taken back; a stable code. */
export type Rewritten =
  | { readonly kind: "stored"; readonly newUid: number; readonly newUidValidity: number }
  | { readonly kind: "gone" }
  | { readonly kind: "refused"; readonly reason: string };

/** A mail, what is made of it, and what is read back. */
const MAILS_AT_ONCE = 3;
/** What servers add to a mail that they store, at most: some header fields, and line ends. */
const ADDED_BYTES = 64 * 1024;

const refused = (reason: string): Rewritten => ({ kind: "refused", reason });

/** Stores mails of one folder anew, changed as their scripts want, beside the originals: these are for the caller to remove. */
export class Rewriter {
  readonly #options: RewriteOptions;
  readonly #journal: CopyJournal;
  readonly #session: ImapSession;
  /** `<folder>\0<uid>` of what was found to be a mail of this run. */
  readonly #taken = new Set<string>();

  constructor(options: RewriteOptions, journal: CopyJournal) {
    this.#options = options;
    this.#journal = journal;
    this.#session = options.session;
  }

  /**
   * The whole mail is fetched, changed, stored in the target with its date and flags (RFC 9051 §6.3.12), and read back
   * from there. What an earlier attempt stored is found by its marker and taken as it is. Its folder is selected before and after.
   */
  async rewrite(job: Rewriting): Promise<Rewritten> {
    const size = await this.#sizeOf(job.uid);
    if (size === null) return await this.#orphan(job);
    if (size > this.#options.rewriteBytes) return refused("too-large");
    const most = Math.max(size, sizeOfOutputs(job.target.edits));
    return await this.#options.gate.hold(most * MAILS_AT_ONCE, () => this.#rewriteSource(job, size));
  }

  async #rewriteSource(job: Rewriting, size: number): Promise<Rewritten> {
    const source = await this.#readWhole(job.uid, size + 1);
    if (source === null) return await this.#orphan(job);
    // A server whose sizes are estimates cannot tell whether this is all of it.
    if (source.bytes.length !== source.size) return refused("size-differs");
    // The UID was given to another mail meanwhile.
    if (fingerprintOf(source) !== job.fingerprint) return refused("not-this-mail");
    const { mailbox, edits } = job.target;
    const nonce = this.#journal.nonceOf(mailbox, job.uid);
    const outputs = await this.#options.outputs(edits);
    if (outputs === null) return refused("output-gone");
    const edited = (marker: RewriteMarker) => editedMail(source.bytes, { edits, outputs }, marker);
    const marker = { original: job.fingerprint, uid: job.uid, place: job.place, nonce };
    const wanted = edited(marker);
    if (wanted.kind === "refused") return wanted;
    return await this.#inFolder(job.target, async (folder) => {
      const newUidValidity = folder.uidValidity;
      const known = await this.#earlier(job, folder, (stored) => {
        const same = edited(stored);
        return same.kind === "edited" ? same.raw : null;
      });
      const newUid = known ?? (await this.#store(job, folder, { source, raw: wanted.raw, marker }));
      return newUid === null ? refused("altered") : { kind: "stored", newUid, newUidValidity };
    });
  }

  /**
   * Takes out what an attempt at another plan left: the mails were decided on anew since, and are to go elsewhere. Where
   * the original is no longer in INBOX (`here`: those that are), what was made of it is all that there is, and stays.
   */
  async withdrawStrays(strays: readonly Stray[], here: ReadonlySet<number>): Promise<void> {
    for (const { mailbox, from, nonce, uid } of strays) {
      const target = { mailbox, create: false, addFlags: [], removeFlags: [] };
      const withdraw = async (): Promise<void> => {
        for (const mail of await knownMails(this.#session, `UID ${from}:*`, from)) {
          if (mail.marker?.nonce !== nonce || mail.marker.uid !== uid) continue;
          if (here.has(uid)) await this.#remove(mail.uid);
          else this.#options.placed(mail, isInbox(mailbox));
        }
      };
      await unlessRefused(() => this.#inFolder(target, withdraw));
    }
  }

  /** Takes back what was stored, since the original could not go. */
  async withdraw(target: Target, uid: number): Promise<void> {
    await unlessRefused(() => this.#inFolder(target, () => this.#remove(uid)));
  }

  /** The original is away: by an earlier attempt, which stored the mail anew in full before, or by its owner. */
  async #orphan(job: Rewriting): Promise<Rewritten> {
    const { mailbox } = job.target;
    const nonce = this.#journal.nonceOf(mailbox, job.uid);
    return await this.#inFolder({ ...job.target, create: false }, async ({ uidValidity }) => {
      const from = this.#journal.storedFrom(mailbox, job.uid, uidValidity);
      const stored = from === null ? [] : await this.#marked(job, from);
      const mail = stored.find(({ marker }) => marker?.nonce === nonce);
      if (mail === undefined) return { kind: "gone" };
      this.#options.placed(mail, isInbox(mailbox));
      return { kind: "stored", newUid: mail.uid, newUidValidity: uidValidity };
    });
  }

  async #sizeOf(uid: number): Promise<number | null> {
    let size: number | null = null;
    await this.#session.fetch(String(uid), null, (mail) => {
      if (mail.uid === uid) size = mail.size;
    });
    return size;
  }

  /** At most so many octets: one that is longer than it should be is not read to its end. */
  async #readWhole(uid: number, limit: number): Promise<FetchedMail | null> {
    const found: FetchedMail[] = [];
    await this.#session.know(uid);
    await this.#session.fetch(String(uid), `[]<0.${limit}>`, (mail) => {
      if (mail.uid === uid) found.push(mail);
    });
    return found[0] ?? null;
  }

  async #inFolder<T>(target: Target, job: (folder: SelectedFolder) => Promise<T>): Promise<T> {
    const { selected } = this.#session;
    if (this.#isHere(target.mailbox) && selected !== null) return await job(selected);
    try {
      return await job(await this.#select(target));
    } finally {
      if (this.#session.closed === null) await this.#options.reselect();
    }
  }

  /** Whether the folder is that of the originals. */
  #isHere(mailbox: string): boolean {
    const { folder } = this.#options;
    return mailbox === folder || (isInbox(mailbox) && isInbox(folder));
  }

  async #select({ mailbox, create, specialUse }: Target): Promise<SelectedFolder> {
    const { folders } = this.#options;
    if (create && !(await folders.has(mailbox))) await folders.create(mailbox, specialUse);
    try {
      return await this.#session.select(mailbox);
    } catch (error) {
      const isAbsent = error instanceof ServerRefused && !error.isPassing;
      // The folder went away since it was listed.
      if (!isAbsent || !create || (await this.#session.status(mailbox)) !== null) throw error;
      await folders.create(mailbox, specialUse);
      return await this.#session.select(mailbox);
    }
  }

  /** The UID of what an earlier attempt stored in full; what it left besides is removed. */
  async #earlier(
    job: Rewriting,
    folder: SelectedFolder,
    wanted: (marker: RewriteMarker) => Uint8Array | null,
  ): Promise<number | null> {
    const from = this.#journal.storedFrom(job.target.mailbox, job.uid, folder.uidValidity);
    if (from === null) return null;
    const nonce = this.#journal.nonceOf(job.target.mailbox, job.uid);
    let kept: number | null = null;
    for (const { uid, marker } of await this.#marked(job, from)) {
      if (marker === null) continue;
      const raw = wanted(marker);
      const isWhole = kept === null && raw !== null && (await this.#isStored(job, uid, raw));
      if (isWhole) kept = uid;
      else if (marker.nonce === nonce) await this.#remove(uid);
    }
    return kept;
  }

  /**
   * Mails of the selected folder that were made of this one for this place, from a UID on. Two mails may have one
   * fingerprint; of our own attempts the UID tells them apart, and of others nothing is taken twice.
   */
  async #marked({ fingerprint, place, uid, target }: Rewriting, from: number): Promise<readonly KnownMail[]> {
    const { searchCopiesSince } = this.#options;
    const days = searchCopiesSince === undefined ? "" : ` ${since(searchCopiesSince)}`;
    const mails = await knownMails(this.#session, `UID ${from}:*${days}`, from);
    const nonce = this.#journal.nonceOf(target.mailbox, uid);
    return mails.filter(
      ({ marker, uid: stored }) =>
        marker?.original === fingerprint &&
        marker.place === place &&
        (marker.nonce !== nonce || marker.uid === uid) &&
        !this.#taken.has(`${target.mailbox}\0${stored}`),
    );
  }

  /** APPEND, and the proof that it is there. Null where it is there otherwise than it was sent: then it is removed. */
  async #store(
    job: Rewriting,
    folder: SelectedFolder,
    { source, raw, marker }: { readonly source: FetchedMail; readonly raw: Uint8Array; readonly marker: RewriteMarker },
  ): Promise<number | null> {
    const { addFlags, removeFlags, mailbox } = job.target;
    const flags = storableFlags(job.flags.asTarget(source.flags, { addFlags, removeFlags }), folder);
    this.#options.assertLease();
    const told = await append(this.#session, mailbox, { raw, flags, internalDate: source.internalDate });
    const from = this.#isHere(mailbox) ? job.uid + 1 : Math.max(1, folder.uidNext);
    const uid = told ?? (await this.#marked(job, from)).find((mail) => mail.marker?.nonce === marker.nonce)?.uid;
    if (uid === undefined) return null;
    return await this.#proven(job, uid, raw);
  }

  async #proven(job: Rewriting, uid: number, raw: Uint8Array): Promise<number | null> {
    try {
      if (await this.#isStored(job, uid, raw)) return uid;
    } catch (error) {
      // Passing trouble: the next attempt finds it.
      if (!(error instanceof ServerRefused) || error.isPassing) throw error;
    }
    await this.#remove(uid);
    return null;
  }

  async #isStored({ target }: Rewriting, uid: number, raw: Uint8Array): Promise<boolean> {
    const copy = await this.#readWhole(uid, 2 * raw.length + ADDED_BYTES);
    if (copy === null) return false;
    this.#options.placed(knownMail(copy), isInbox(target.mailbox));
    const isWhole = isStored(raw, copy.bytes);
    if (isWhole) this.#taken.add(`${target.mailbox}\0${uid}`);
    return isWhole;
  }

  /** From the selected folder; what cannot be removed stays. */
  async #remove(uid: number): Promise<void> {
    await unlessRefused(async () => void (await removeByUid(this.#session, [uid], this.#options.assertLease)));
  }
}
