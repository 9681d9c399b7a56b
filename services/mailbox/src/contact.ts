import { type AccountRecord, isRewritten, newRecord, unsettled } from "./account-record.ts";
import { UNKNOWN_DUE } from "./due-list.ts";
import { FINGERPRINT_SECTION, fingerprintOf } from "./fingerprint.ts";
import type { FetchedMail } from "./imap/fetched-mail.ts";
import { ConnectionLost } from "./imap/imap-connection.ts";
import type { ImapSession, SelectedFolder } from "./imap/imap-session.ts";
import { formatSearchDate } from "./imap/internal-date.ts";
import { formatUidSet } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { markerOf } from "./rewrite-marker.ts";
import type { Roster } from "./roster.ts";

/** design.md §Nothing is lost: how far before the last known moment a lost record or a new UIDVALIDITY is caught up from. */
const OVERLAP_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** More than can be under way at once: such a record is looked through by SEARCH. */
const MANY = 20_000;

/** The account cannot be served before a person acts. `reason` is a stable code. */
export class NeedsPerson extends Error {
  override readonly name = "NeedsPerson";
  readonly reason: string;
  constructor(reason: string) {
    super(`a person must act: ${reason}`);
    this.reason = reason;
  }
}

export interface ContactDeps {
  readonly accountId: string;
  readonly firstContact: string;
  readonly roster: Roster;
  /** Whether this installation worked before (it published mail): then an empty roster is a loss. */
  readonly workedBefore: () => Promise<boolean>;
  /** From `tamis recover --since`: epoch ms. */
  readonly recoverSince: number | undefined;
}

/**
 * The record of an INBOX that has none: a first contact, or a record that was lost. Throws {@link NeedsPerson} where
 * nothing tells which of the two.
 */
export async function makeRecord(
  session: ImapSession,
  folder: SelectedFolder,
  deps: ContactDeps,
): Promise<AccountRecord> {
  const before = await deps.roster.seen(deps.accountId);
  const since = deps.recoverSince ?? (before === null ? undefined : before.last - OVERLAP_MS);
  if (since !== undefined) {
    const record = await recordSince(session, folder, since, FINGERPRINT_SECTION);
    record.rebuiltFrom = since;
    // What sleeps says so itself, by its keywords.
    record.snoozed = UNKNOWN_DUE;
    return record;
  }
  if ((await deps.roster.isEmpty()) && (await deps.workedBefore())) throw new NeedsPerson("recover-needed");
  if (deps.firstContact === "all") return newRecord(folder.uidValidity, 0, Date.now());
  if (deps.firstContact === "end") return newRecord(folder.uidValidity, await lastUid(session, folder), Date.now());
  return await recordSince(session, folder, Date.parse(deps.firstContact), null);
}

async function lastUid(session: ImapSession, folder: Pick<SelectedFolder, "uidNext">): Promise<number> {
  if (folder.uidNext > 0) return folder.uidNext - 1;
  return (await session.search("UID *")).at(-1) ?? 0;
}

/**
 * Mails with INTERNALDATE ≥ since are new, all others settled. Where a record was lost, `section` has the marker of those
 * that were stored anew: left alone, though anybody may write such a field, since nobody knows any more which are ours.
 */
async function recordSince(
  session: ImapSession,
  folder: SelectedFolder,
  since: number,
  section: string | null,
): Promise<AccountRecord> {
  const candidates = await fetchSince(session, since, section);
  const fresh = candidates
    .filter(({ internalDate, bytes }) => internalDate >= since && markerOf(bytes) === null)
    .map(({ uid }) => uid);
  return recordWithout(folder.uidValidity, fresh, await lastUid(session, folder));
}

/** Everything up to `last` is settled but `fresh`, which is not published yet. */
function recordWithout(uidValidity: number, fresh: readonly number[], last: number): AccountRecord {
  const ascending = [...fresh].sort((a, b) => a - b);
  const first = ascending[0] ?? last + 1;
  const record = newRecord(uidValidity, first - 1, Date.now());
  let next = first;
  for (const uid of ascending) {
    record.settled.add(next, uid - 1);
    next = uid + 1;
  }
  record.settled.add(next, last);
  return record;
}

/** Mails that came on `since`'s day or later (SEARCH knows days only; one more, since servers differ in their zone). */
async function fetchSince(
  session: ImapSession,
  since: number,
  section: string | null,
): Promise<readonly FetchedMail[]> {
  const uids = await session.search(since <= 0 ? "ALL" : `SINCE ${formatSearchDate(since - DAY_MS)}`);
  const mails: FetchedMail[] = [];
  for (let i = 0; i < uids.length; i += 500) {
    await session.fetch(formatUidSet(uids.slice(i, i + 500)), section, (mail) => mails.push(mail));
  }
  return mails;
}

/**
 * Whether INBOX has other UIDs than the record speaks of. QUIRK: a server that lost its index begins at 1 again and keeps
 * its UIDVALIDITY, against RFC 9051 §2.3.1.1; its UIDNEXT gives it away.
 */
export function isRenumbered(folder: SelectedFolder, record: AccountRecord): boolean {
  if (folder.uidValidity !== record.uidValidity) return true;
  return folder.uidNext > 0 && folder.uidNext <= record.published;
}

/**
 * Selects INBOX again, after a look into another folder or from time to time. Throws {@link ConnectionLost} where it was
 * renumbered, so that the worker opens it with the record that belongs to it, and where it cannot be had now.
 */
export async function reselectInbox(session: ImapSession, record: AccountRecord): Promise<void> {
  let folder: SelectedFolder;
  try {
    folder = await session.select("INBOX");
  } catch (error) {
    if (!(error instanceof ServerRefused)) throw error;
    throw new ConnectionLost("protocol", "INBOX cannot be selected any more", { cause: error });
  }
  if (isRenumbered(folder, record)) throw new ConnectionLost("renumbered", "INBOX was renumbered");
}

/**
 * RFC 9051 §2.3.1.1: the server renumbered INBOX. Mails younger than the newest settled one minus an hour whose
 * fingerprint is not settled are new; the others are left alone.
 */
export async function renumber(
  session: ImapSession,
  folder: SelectedFolder,
  old: AccountRecord,
): Promise<AccountRecord> {
  const since = old.newest === 0 ? old.lastSeen - OVERLAP_MS : old.newest - OVERLAP_MS;
  const candidates = await fetchSince(session, since, FINGERPRINT_SECTION);
  const fresh = candidates.filter(
    (mail) => mail.internalDate >= since && !old.prints.has(fingerprintOf(mail)) && !isRewritten(old, mail.bytes),
  );
  const record = recordWithout(
    folder.uidValidity,
    fresh.map(({ uid }) => uid),
    await lastUid(session, folder),
  );
  record.prints = old.prints;
  record.newest = old.newest;
  record.snoozed = old.snoozed;
  record.watched = old.watched;
  record.asked = old.asked;
  // Copies begun for mails that are new again: looked for before they are made.
  record.rebuiltFrom = old.open.length > 0 ? since : old.rebuiltFrom;
  return record;
}

/**
 * Counts as published what a holder before us handed over without hearing what became of it. Those of these mails that are still there are
 * returned, ascending: nobody may have them.
 */
export async function findHandedOver(
  session: ImapSession,
  folder: Pick<SelectedFolder, "uidNext">,
  record: AccountRecord,
): Promise<readonly number[]> {
  const { published } = record;
  const handed = Math.min(record.handed, await lastUid(session, folder));
  record.handed = Math.max(handed, published);
  if (handed <= published) return [];
  const here = await session.search(`UID ${published + 1}:${handed}`);
  record.published = handed;
  return here.filter((uid) => uid > published && uid <= handed && !record.settled.has(uid));
}

/**
 * The published, unsettled mails, ascending. Those that are no longer in INBOX are among them: we may have moved them,
 * and their decision, on the way again, tells. Only where there are too many to wait for are these settled as gone.
 */
export async function findUnsettled(session: ImapSession, record: AccountRecord): Promise<readonly number[]> {
  const gaps = unsettled(record);
  if (gaps.reduce((sum, [from, to]) => sum + to - from + 1, 0) <= MANY) {
    return gaps.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  }
  const here: number[] = [];
  for (let i = 0; i < gaps.length; i += 200) {
    const set = gaps
      .slice(i, i + 200)
      .map(([from, to]) => `${from}:${to}`)
      .join(",");
    here.push(...(await session.search(`UID ${set}`)));
  }
  const present = here.filter((uid) => uid <= record.published && !record.settled.has(uid)).sort((a, b) => a - b);
  for (const [from, to] of gaps) settleAbsent(record, from, to, present);
  return present;
}

function settleAbsent(record: AccountRecord, from: number, to: number, present: readonly number[]): void {
  let next = from;
  for (const uid of present) {
    if (uid < from || uid > to) continue;
    record.settled.add(next, uid - 1);
    next = uid + 1;
  }
  record.settled.add(next, to);
}
