import type { WatchedFolder } from "@tamis/kit";
import type { AccountMemory } from "./account-memory.ts";
import { causeOf } from "./event-cause.ts";
import { FINGERPRINT_SECTION } from "./fingerprint.ts";
import { FlagMemory } from "./flag-memory.ts";
import { changedSince } from "./imap/changed-flags.ts";
import type { FetchedMail } from "./imap/fetched-mail.ts";
import type { FolderStatus } from "./imap/folder-status.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { formatUidSet, splitUidSets } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { knownMail } from "./known-mails.ts";
import { advance, isOurs, MAX_PENDING, type PendingEvent, pendingKey, type WatchMark } from "./watch-mark.ts";

/** Mails looked at in one visit: their first bytes are in memory at once. */
const AT_ONCE = 64;
/** Mails of a folder, the newest, whose flags are remembered. */
const REMEMBERED = 10_000;
/** So often a mail that the server lists and does not give is asked for again. */
const MAX_LAG_TRIES = 5;

/** A watched folder of an account, as it is found. */
export interface Visit {
  readonly session: ImapSession;
  readonly memory: AccountMemory;
  readonly mark: WatchMark;
  readonly watched: Pick<WatchedFolder, "causes">;
  /** From before the folder was selected. */
  readonly status: FolderStatus;
  /** How often in a row mails were listed and not given. */
  readonly lagTries: number;
}

/** What a visit found: events, already among the open ones of the mark, and whether there is more to see. */
export interface Found {
  readonly events: readonly PendingEvent[];
  readonly isMore: boolean;
  readonly isLagging: boolean;
}

/** Whether anything happened in the folder since it was looked at. */
export function isNews({ mark, watched, status }: Pick<Visit, "mark" | "watched" | "status">): boolean {
  if (status.uidNext > mark.through + 1) return true;
  return followsFlags(watched, status) && (mark.modSeq === "" || (status.modSeq ?? 0n) > BigInt(mark.modSeq));
}

const followsFlags = ({ causes }: Pick<WatchedFolder, "causes">, { modSeq }: FolderStatus): boolean =>
  causes.includes("FLAG") && modSeq !== null;

/** The folder is selected. What is new there and not ours becomes an open event; nothing is published yet. */
export async function lookInto(visit: Visit): Promise<Found> {
  const arrived = await lookForMails(visit);
  const changed = await lookForFlags(visit);
  return {
    events: [...arrived.events, ...changed.events],
    isMore: arrived.isMore || changed.isMore,
    isLagging: arrived.isLagging,
  };
}

/** How many more events the account's record may hold. */
export function roomFor({ record }: Pick<AccountMemory, "record">): number {
  return MAX_PENDING - [...record.watched.values()].reduce((sum, { pending }) => sum + pending.size, 0);
}

async function lookForMails({ session, memory, mark, watched, lagTries }: Visit): Promise<Found> {
  const { causes } = watched;
  const from = mark.through + 1;
  // `n:*` names the last mail even where its UID is below n (RFC 9051 §9).
  const listed = (await session.search(`UID ${from}:*`)).filter((uid) => uid >= from);
  const slice = listed.slice(0, Math.max(0, Math.min(AT_ONCE, roomFor(memory))));
  if (slice.length === 0) return { events: [], isMore: false, isLagging: false };
  const mails = new Map<number, FetchedMail>();
  try {
    await session.fetch(formatUidSet(slice), FINGERPRINT_SECTION, (mail) => mails.set(mail.uid, mail));
  } catch (error) {
    // Over one broken mail: those given before it are there.
    if (!(error instanceof ServerRefused) || error.isPassing) throw error;
  }
  const events: PendingEvent[] = [];
  const lagging = lagTries < MAX_LAG_TRIES ? slice.find((uid) => !mails.has(uid)) : undefined;
  const given = slice.filter((uid) => lagging === undefined || uid < lagging);
  for (const uid of given) {
    const mail = mails.get(uid);
    if (mail === undefined) continue;
    const known = knownMail(mail);
    if (mark.modSeq !== "") mark.flags.update(mail);
    if (isOurs(mark, known)) continue;
    const isKnown = memory.record.prints.has(known.fingerprint);
    const cause = causeOf({ internalDate: mail.internalDate, isKnown, after: mark.lookedAt });
    if (causes.includes(cause)) events.push({ uid, key: "new", cause, after: mark.lookedAt });
  }
  for (const event of events) mark.pending.set(pendingKey(event), event);
  advance(mark, given.at(-1) ?? mark.through);
  return { events, isMore: listed.length > given.length && lagging === undefined, isLagging: lagging !== undefined };
}

async function lookForFlags(visit: Visit): Promise<Found> {
  const { session, memory, mark, watched, status } = visit;
  if (!followsFlags(watched, status)) return { events: [], isMore: false, isLagging: false };
  const target = String(status.modSeq);
  if (mark.modSeq === "") {
    await rememberFlags(visit, target);
    return { events: [], isMore: false, isLagging: false };
  }
  const events: PendingEvent[] = [];
  const room = Math.min(AT_ONCE, roomFor(memory));
  const changes = mark.through === 0 ? [] : await changedSince(session, mark.modSeq, mark.through);
  for (const { uid, flags, modSeq } of changes) {
    if (events.length >= room) return { events, isMore: true, isLagging: false };
    const isRemembered = mark.flags.knows(uid);
    const changedFlags = mark.flags.update({ uid, flags });
    // How it was before is not known: what changed cannot be told.
    if (!isRemembered || changedFlags.length === 0) continue;
    const event: PendingEvent = { uid, key: modSeq, cause: "FLAG", changedFlags, after: mark.lookedAt };
    mark.pending.set(pendingKey(event), event);
    events.push(event);
  }
  mark.modSeq = target;
  return { events, isMore: false, isLagging: false };
}

async function rememberFlags({ session, mark }: Visit, modSeq: string): Promise<void> {
  const uids = (await session.search("ALL")).slice(-REMEMBERED).filter((uid) => uid <= mark.through);
  const mails: FetchedMail[] = [];
  for (const { set } of splitUidSets(uids)) await session.fetch(set, null, (mail) => mails.push(mail));
  mark.flags = FlagMemory.of(mails.sort((a, b) => a.uid - b.uid));
  mark.modSeq = modSeq;
}
