import { randomBytes } from "node:crypto";
import type { Target } from "@tamis/contracts";
import type { ImapSession } from "./imap/imap-session.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import type { JournaledCopy } from "./journaled-copy.ts";
import { type KnownMail, knownMails, since } from "./known-mails.ts";
import type { Steps } from "./steps.ts";
import { UidRanges } from "./uid-ranges.ts";

/** What the journal needs of an execution. */
export interface JournalOptions {
  readonly session: ImapSession;
  /** Selects the folder worked in again after a look into another; throws when its UIDVALIDITY changed. */
  readonly reselect: () => Promise<void>;
  /** Copies begun before, in this or another process. */
  readonly open: readonly JournaledCopy[];
  /** Look for each copy before it is made, from this INTERNALDATE on (epoch ms): the record was rebuilt. */
  readonly searchCopiesSince: number | undefined;
}

/**
 * COPY is not evident on retry (design.md §Nothing is lost): before the first one, the target's UIDVALIDITY and UIDNEXT
 * are written down; when an earlier attempt may have happened, the fingerprints among the target's UIDs ≥ that UIDNEXT
 * tell which copies are there.
 */
export class CopyJournal {
  readonly entries: readonly JournaledCopy[];
  /** `<folder>\0<uid>` of copies that an earlier attempt made. */
  readonly #there: ReadonlySet<string>;
  readonly #options: JournalOptions;

  private constructor(entries: readonly JournaledCopy[], there: ReadonlySet<string>, options: JournalOptions) {
    this.entries = entries;
    this.#there = there;
    this.#options = options;
  }

  static async prepare(plans: readonly Steps[], options: JournalOptions): Promise<CopyJournal> {
    const entries: JournaledCopy[] = [];
    const there = new Set<string>();
    for (const [mailbox, mails] of byFolder(plans, ({ edits }) => edits === undefined)) {
      const earlier = begunBefore(options, mailbox, mails).filter(({ nonce }) => nonce === undefined);
      const found = await findCopies(mailbox, mails, earlier, options);
      for (const uid of found) there.add(`${mailbox}\0${uid}`);
      entries.push(...earlier, ...(await journalOf(mailbox, mails, earlier, options.session)));
    }
    for (const [mailbox, mails] of byFolder(plans, ({ edits }) => edits !== undefined)) {
      const earlier = begunBefore(options, mailbox, mails).filter(({ nonce }) => nonce !== undefined);
      const fresh = await journalOf(mailbox, mails, earlier, options.session);
      const nonce = randomBytes(4).toString("hex");
      entries.push(...earlier, ...fresh.map((entry) => ({ ...entry, nonce })));
    }
    return new CopyJournal(entries, there, options);
  }

  isThere(mailbox: string, uid: number): boolean {
    return this.#there.has(`${mailbox}\0${uid}`);
  }

  /** Of the marker of what is stored anew in this folder. */
  nonceOf(mailbox: string, uid: number): string {
    return this.#rewriteOf(mailbox, uid)?.nonce ?? "";
  }

  /** From which UID on an earlier attempt may have stored it anew; null where there was none. */
  storedFrom(mailbox: string, uid: number, uidValidity: number): number | null {
    const { open, searchCopiesSince } = this.#options;
    if (searchCopiesSince !== undefined) return 1;
    const entry = this.#rewriteOf(mailbox, uid);
    if (entry === undefined || !open.includes(entry)) return null;
    return entry.uidValidity === uidValidity ? entry.uidNext : 1;
  }

  /** What was stored anew for plans that are not those of these mails any more. */
  strays(plans: readonly Steps[]): readonly Stray[] {
    return plans.flatMap(({ uid, copies }) =>
      this.#options.open.flatMap((entry): Stray[] => {
        const { mailbox, nonce, uidNext: from } = entry;
        const isWanted = copies.some(({ target }) => target.mailbox === mailbox && target.edits !== undefined);
        return nonce === undefined || isWanted || !includes(entry, uid) ? [] : [{ mailbox, from, nonce, uid }];
      }),
    );
  }

  #rewriteOf(mailbox: string, uid: number): JournaledCopy | undefined {
    return this.entries.find((entry) => entry.nonce !== undefined && entry.mailbox === mailbox && includes(entry, uid));
  }
}

/** A mail of INBOX (by its UID) that an attempt may have stored anew in a folder, from a UID on. */
export interface Stray {
  readonly mailbox: string;
  readonly from: number;
  readonly nonce: string;
  readonly uid: number;
}

/** The mails by the folders of those of their copies that are meant. */
function byFolder(plans: readonly Steps[], isMeant: (target: Target) => boolean): ReadonlyMap<string, Steps[]> {
  const folders = new Map<string, Steps[]>();
  for (const steps of plans)
    for (const { target } of steps.copies)
      if (isMeant(target)) folders.set(target.mailbox, [...(folders.get(target.mailbox) ?? []), steps]);
  return folders;
}

function begunBefore({ open }: JournalOptions, mailbox: string, mails: readonly Steps[]): readonly JournaledCopy[] {
  return open.filter((entry) => entry.mailbox === mailbox && mails.some(({ uid }) => includes(entry, uid)));
}

function includes(entry: JournaledCopy, uid: number): boolean {
  return entry.uids.some(([from, to]) => from <= uid && uid <= to);
}

async function journalOf(
  mailbox: string,
  mails: readonly Steps[],
  earlier: readonly JournaledCopy[],
  session: ImapSession,
): Promise<JournaledCopy[]> {
  const fresh = mails.filter(({ uid }) => !earlier.some((entry) => includes(entry, uid)));
  if (fresh.length === 0) return [];
  const ranges = new UidRanges(fresh.map(({ uid }) => [uid, uid]));
  const uids = ranges.toJSON().map(([from, to]): [number, number] => [from, to]);
  // A folder that does not exist yet will begin at UID 1, under a UIDVALIDITY that nobody knows.
  const { uidValidity, uidNext } = (await session.status(mailbox)) ?? { uidValidity: 0, uidNext: 1 };
  return [{ mailbox, uidValidity, uidNext: Math.max(1, uidNext), uids }];
}

/** Its UIDVALIDITY; `null` where there is no such folder. Throws where the server only cannot tell now: a copy may be there. */
async function examine(mailbox: string, session: ImapSession): Promise<number | null> {
  try {
    return (await session.select(mailbox, true)).uidValidity;
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.isPassing || (await session.status(mailbox)) !== null) throw error;
    return null;
  }
}

/** UIDs in INBOX whose copy lies in the folder already. */
async function findCopies(
  mailbox: string,
  mails: readonly Steps[],
  earlier: readonly JournaledCopy[],
  options: JournalOptions,
): Promise<number[]> {
  const { session, searchCopiesSince } = options;
  if (earlier.length === 0 && searchCopiesSince === undefined) return [];
  const uidValidity = await examine(mailbox, session);
  if (uidValidity === null) {
    await options.reselect();
    return [];
  }
  // A folder with another UIDVALIDITY than noted is looked through as a whole.
  const known = earlier.filter((entry) => entry.uidValidity === uidValidity);
  const from =
    searchCopiesSince === undefined && known.length === earlier.length
      ? Math.min(...known.map((entry) => entry.uidNext))
      : 1;
  const criteria = `UID ${from}:*${searchCopiesSince === undefined ? "" : ` ${since(searchCopiesSince)}`}`;
  const take = takingFrom(await knownMails(session, criteria, from));
  await options.reselect();
  const asked =
    searchCopiesSince === undefined ? mails.filter(({ uid }) => earlier.some((entry) => includes(entry, uid))) : mails;
  return asked.filter(({ fingerprint }) => take(fingerprint) !== undefined).map(({ uid }) => uid);
}

/** Mails of a folder by fingerprint. */
export interface FolderPrints {
  readonly uidValidity: number;
  /** The UID of a mail with this fingerprint. Two mails may have one: each is given once. */
  readonly take: (fingerprint: string) => number | undefined;
}

/** The mails of a folder that came on that day (epoch ms) or later; none where there is no such folder. The folder worked in is selected again. */
export async function printsIn(
  mailbox: string,
  day: number,
  { session, reselect }: Pick<JournalOptions, "session" | "reselect">,
): Promise<FolderPrints> {
  const uidValidity = await examine(mailbox, session);
  const mails = uidValidity === null ? [] : await knownMails(session, since(day));
  await reselect();
  return { uidValidity: uidValidity ?? 0, take: takingFrom(mails) };
}

/** A mail that was rewritten to the same length is no copy of what it was made of. */
function takingFrom(mails: readonly KnownMail[]): FolderPrints["take"] {
  const copies = mails.filter((mail) => mail.marker?.original !== mail.fingerprint);
  const here = Map.groupBy(copies, ({ fingerprint }) => fingerprint);
  return (fingerprint) => here.get(fingerprint)?.shift()?.uid;
}
