import { type Decision, folderIdOf, readWake, type Wake, wakeKeyword, wakeMinute } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { actOnStored } from "./act-on-stored.ts";
import { afterMinute, dueAt, dueListOf, nextDueAt, UNKNOWN_DUE } from "./due-list.ts";
import { FINGERPRINT_SECTION, fingerprintOf } from "./fingerprint.ts";
import { finishWaking } from "./finish-waking.ts";
import type { FetchedMail } from "./imap/fetched-mail.ts";
import type { SelectedFolder } from "./imap/imap-session.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { formatUidSet } from "./imap/sequence-set.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import type { InboxView } from "./inbox-view.ts";
import { now } from "./publish-mail.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** What could not be woken is tried again at least so often. */
const AGAIN_AT_MOST_MS = 600_000;
/** After so many failures in a row, two minutes, mail wakes in INBOX, wherever it was to. */
const PATIENCE = 6;
/** Mails woken at a time. */
const AT_ONCE = 256;
/** Of more minutes than these the folder is looked through as a whole: one command instead of many. */
const FEW_MINUTES = 4;

/** A snoozed mail whose time has come. */
interface Sleeper {
  readonly uid: number;
  readonly internalDate: number;
  readonly fingerprint: string;
  readonly flags: readonly string[];
  readonly wake: Wake;
}

/** What is due, as it was found in the folder. */
interface Found {
  readonly uidValidity: number;
  readonly sleepers: readonly Sleeper[];
  /** Nothing else is due. */
  readonly isAll: boolean;
}

/**
 * Wakes the snoozed mails of one account, on one connection. The truth is the folder: what lies in it with the keyword of a minute
 * that has begun. A mail that its owner took out, or whose keyword he took away, is none of them.
 */
export class Waker {
  readonly #deps: WorkerDeps;
  readonly #memory: AccountMemory;
  readonly #view: InboxView;
  /** This session has seen the folder as a whole. */
  #hasLooked = false;

  constructor(deps: WorkerDeps, memory: AccountMemory, view: InboxView) {
    this.#deps = deps;
    this.#memory = memory;
    this.#view = view;
    deps.stats.setNextWake(memory.accountId, memory.record.snoozed);
  }

  /** How long until there is something to do. Without snoozed mail: for ever. */
  dueInMs(): number {
    const { loaded, account, wakeTries } = this.#memory;
    // While only watched, nothing is moved; it wakes when Tamis acts again.
    if (loaded?.snoozed === undefined || account.mode === "observe") return Number.POSITIVE_INFINITY;
    const due = this.#hasLooked ? nextDueAt(loaded.snoozed) - this.#deps.clock() : 0;
    return Math.max(due, wakeTries.notBefore - performance.now());
  }

  /** Wakes what is due. Rejects as `execute` and `Bus.publishFact` do; whatever broke off is finished by the next call. */
  async wake(): Promise<void> {
    const { record, store, wakeTries } = this.#memory;
    // Before: what ends the connection each time must not keep the account from its new mail.
    const againMs = this.#deps.config.wake_again_seconds * 1_000 * 2 ** Math.min(20, wakeTries.failures);
    wakeTries.failures += 1;
    wakeTries.notBefore = performance.now() + Math.min(AGAIN_AT_MOST_MS, againMs);
    try {
      const brokeOff = record.snoozed?.waking !== undefined;
      await finishWaking(this.#deps, this.#memory, this.#view);
      const isDone = await this.#wakeDue(brokeOff);
      if (isDone) Object.assign(wakeTries, { failures: 0, notBefore: Number.NEGATIVE_INFINITY });
    } catch (error) {
      if (!(error instanceof ServerRefused)) throw error;
      const { code } = error;
      this.#deps.log.warn({ accountId: this.#memory.accountId, code }, "wake-refused");
    }
    await store.save(record);
    this.#deps.stats.setNextWake(this.#memory.accountId, record.snoozed);
  }

  /** `retried`: an earlier wake may have got through. False: something is to be tried again later. */
  async #wakeDue(retried: boolean): Promise<boolean> {
    const { record } = this.#memory;
    const at = this.#deps.clock();
    const name = record.snoozed?.mailbox || (await this.#view.folders.snoozed());
    const found = await this.#look(name, at);
    if (found === null) {
      record.snoozed = undefined;
      return true;
    }
    const failed = found.sleepers.length === 0 ? 0 : await this.#move(name, found, retried);
    if (failed === 0 && found.isAll && record.snoozed !== undefined)
      record.snoozed = afterMinute(record.snoozed, Math.floor(at / 60_000));
    return failed === 0;
  }

  /** What is due in the folder; null where there is no such folder. */
  async #look(name: string, at: number): Promise<Found | null> {
    const { session } = this.#view;
    try {
      return await inFolder(session, this.#memory, { name, readOnly: true }, async (selected) => {
        const uids = await this.#dueUids(selected, at);
        const sleepers: Sleeper[] = [];
        const first = uids.slice(0, AT_ONCE);
        if (first.length > 0)
          await session.fetch(formatUidSet(first), FINGERPRINT_SECTION, (mail) => {
            const { uid, internalDate, flags } = mail;
            const wake = wakeOf(mail);
            if (wake !== null && wake.until <= at)
              sleepers.push({ uid, internalDate, flags, wake, fingerprint: fingerprintOf(mail) });
          });
        const isAll = first.length === uids.length;
        return { uidValidity: selected.uidValidity, isAll, sleepers: sleepers.sort((a, b) => a.uid - b.uid) };
      });
    } catch (error) {
      if (!(error instanceof ServerRefused) || error.isPassing || (await session.status(name)) !== null) throw error;
      return null;
    }
  }

  /** The list is made anew where it may not tell all. */
  async #dueUids({ name, uidValidity }: SelectedFolder, at: number): Promise<readonly number[]> {
    const { session } = this.#view;
    const { record } = this.#memory;
    const list = record.snoozed ?? UNKNOWN_DUE;
    const minutes = dueAt(list, at);
    const isKnown = this.#hasLooked && (list.uidValidity === uidValidity || list.uidValidity === 0);
    if (isKnown && minutes.length <= FEW_MINUTES && nextDueAt(list) > 0) {
      const uids = new Set<number>();
      for (const minute of minutes)
        for (const uid of await session.search(`KEYWORD ${wakeKeyword(minute)}`)) uids.add(uid);
      return [...uids].sort((a, b) => a - b);
    }
    const all: number[] = [];
    const due: number[] = [];
    if (session.exists > 0)
      await session.fetch("1:*", null, (mail) => {
        const wake = wakeOf(mail);
        if (wake === null) return;
        all.push(wakeMinute(wake));
        if (wake.until <= at) due.push(mail.uid);
      });
    record.snoozed = dueListOf({ mailbox: name, uidValidity }, all);
    this.#hasLooked = true;
    return due.sort((a, b) => a - b);
  }

  /** Moves them, one command for each folder; how many could not be. */
  async #move(name: string, { uidValidity, sleepers }: Found, retried: boolean): Promise<number> {
    const { record, store, wakeTries } = this.#memory;
    const isThere = await this.#view.folders.exist([...new Set(sleepers.map(({ wake }) => wake.mailbox))]);
    const ground = { isThere, name, isStuck: wakeTries.failures > PATIENCE };
    const decisions = sleepers.map((sleeper) => decisionOn(sleeper, placeOf(sleeper.wake, ground)));
    const list = record.snoozed ?? UNKNOWN_DUE;
    const minutes = [...new Set(sleepers.map(({ wake }) => wakeMinute(wake)))];
    const waking = { mailboxes: [...new Set(decisions.map(mailboxOf))], minutes };
    record.snoozed = { ...list, waking: { ...waking, isTold: false } };
    await store.save(record);
    const mails = await actOnStored(this.#deps, this.#memory, this.#view, {
      folder: { id: folderIdOf(name), name, uidValidity },
      decisions,
      observed: false,
      retried,
      about: {},
      wokenFor: new Map(sleepers.map(({ uid, wake }) => [uid, wake.until])),
    });
    this.#note(mails);
    record.snoozed = { ...list, waking: { ...waking, isTold: true } };
    await finishWaking(this.#deps, this.#memory, this.#view);
    return mails.filter(({ result }) => result === "failed").length;
  }

  #note(mails: Awaited<ReturnType<typeof actOnStored>>): void {
    const { metrics, stats, log, config } = this.#deps;
    const woken = mails.filter(({ result }) => result === "moved" || result === "kept");
    if (woken.length === 0) return;
    const late = woken.map(({ appliedAt, wokenFor = appliedAt }) => Math.max(0, this.#deps.clock() - wokenFor));
    metrics.woken.add(woken.length);
    for (const ms of late) metrics.wakeLateness.record(ms / 1_000);
    stats.woken += woken.length;
    const latestMs = Math.max(...late);
    const fields = { accountId: this.#memory.accountId, mails: woken.length, latestMs };
    if (latestMs > config.wake_late_seconds * 1_000) log.warn(fields, "woken-late");
    else log.debug(fields, "woken");
  }
}

/** Of a mail in the folder for snoozed mail. What its owner deleted does not come back. */
function wakeOf({ flags }: FetchedMail): Wake | null {
  return flags.some((flag) => flag.toLowerCase() === "\\deleted") ? null : readWake(flags);
}

interface Ground {
  readonly isThere: Readonly<Record<string, boolean>>;
  /** The folder for snoozed mail. */
  readonly name: string;
  readonly isStuck: boolean;
}

/** The draft: INBOX where there is no such mailbox by now. What would wake where it sleeps wakes in INBOX too. */
function placeOf(wake: Wake, { isThere, name, isStuck }: Ground): Pick<Wake, "mailbox" | "create" | "specialUse"> {
  const { mailbox, create, specialUse } = wake;
  const isPossible = mailbox !== name && !isStuck && (create || isThere[mailbox] === true);
  if (!isPossible || isInbox(mailbox)) return { mailbox: "INBOX", create: false };
  return { mailbox, create, ...(specialUse === undefined ? {} : { specialUse }) };
}

function decisionOn(
  { uid, internalDate, fingerprint, flags, wake }: Sleeper,
  place: Pick<Wake, "mailbox" | "create" | "specialUse">,
): Decision {
  const has = new Set(flags.map((flag) => flag.toLowerCase()));
  const at = now();
  return {
    uid,
    internalDate,
    fingerprint,
    plan: {
      copies: [],
      destination: {
        kind: "folder",
        ...place,
        // Only what changes: a failure takes it back.
        addFlags: wake.addFlags.filter((flag) => !has.has(flag.toLowerCase())),
        removeFlags: wake.removeFlags.filter((flag) => has.has(flag.toLowerCase())),
      },
    },
    times: { seenAt: at, fetchedAt: at, receivedByFilterAt: at, decidedAt: at },
  };
}

function mailboxOf({ plan: { destination } }: Decision): string {
  return destination.kind === "folder" ? destination.mailbox : "INBOX";
}
