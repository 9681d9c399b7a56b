import { folderIdOf, type ImapEvent, partitionOf } from "@tamis/contracts";
import { foldersWatched, type WatchedFolder } from "@tamis/kit";
import type { AccountMemory } from "./account-memory.ts";
import type { Elsewhere } from "./elsewhere.ts";
import { fetchAgain } from "./fetch-again.ts";
import type { Portion } from "./fetch-mails.ts";
import { isNews, lookInto, roomFor } from "./folder-visit.ts";
import type { FolderStatus } from "./imap/folder-status.ts";
import type { SelectedFolder } from "./imap/imap-session.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";
import type { InboxView } from "./inbox-view.ts";
import { OwnChanges } from "./own-changes.ts";
import { cutBatches, publishBatch, type ReadMail } from "./publish-mail.ts";
import { PublishedEvents } from "./published-events.ts";
import { isLost } from "./republish.ts";
import { newMark, type PendingEvent, pendingKey, type WatchMark } from "./watch-mark.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** The record of an account whose folders are quiet is written so often, so that after a restart it is known when they were looked at. */
const REMEMBER_LOOK_MS = 3_600_000;
/** Events published again at a time. */
const AGAIN_AT_ONCE = 64;
/** So often an event is tried whose mail the server refuses to give. */
const MAX_TRIES = 10;

/** A folder that is there, under the name it has in this account. */
interface Place {
  readonly watched: WatchedFolder;
  readonly name: string;
}

/**
 * The watched folders of one account (RFC 6785), on the connection of its INBOX. The server's word (NOTIFY, RFC 5465) is a hint:
 * what counts is STATUS, and what lies above the marks in the account's record. Without NOTIFY, STATUS is asked for regularly. Does
 * nothing at all where no folder is watched.
 */
export class FolderWatch {
  readonly #deps: WorkerDeps;
  readonly #memory: AccountMemory;
  readonly #view: InboxView;
  readonly #wanted: readonly WatchedFolder[];
  /** Null: not looked for yet. */
  #places: readonly Place[] | null = null;
  #placedAt = Number.NEGATIVE_INFINITY;
  #nextLook = Number.NEGATIVE_INFINITY;
  #lagTries = 0;
  #noted = performance.now();
  readonly #published: PublishedEvents;
  readonly #elsewhere: Elsewhere;

  constructor(deps: WorkerDeps, memory: AccountMemory, view: InboxView, elsewhere: Elsewhere) {
    this.#elsewhere = elsewhere;
    this.#deps = deps;
    this.#memory = memory;
    this.#view = view;
    this.#published = new PublishedEvents(deps.config.republish_seconds * 1_000);
    this.#wanted = foldersWatched(deps.imapsieve, memory.account.address);
    if (this.#wanted.length === 0) return;
    view.session.guard = new OwnChanges(view.session, memory);
  }

  /** Milliseconds until there is something to do; infinite where no folder is watched. */
  get dueInMs(): number {
    if (this.#wanted.length === 0) return Number.POSITIVE_INFINITY;
    if (this.#memory.isFolderNews) return 0;
    return Math.max(0, Math.min(this.#nextLook, this.#published.nextDue(this.#memory.record)) - performance.now());
  }

  /** Looks at the folders, and publishes what happened there. Throws as the steps of `InboxWatch`. */
  async step(): Promise<void> {
    const places = await this.#whereabouts();
    const isTold = await this.#elsewhere.hear(
      "imapsieve",
      places.map(({ name }) => name),
    );
    this.#memory.isFolderNews = false;
    const { poll_seconds: poll } = this.#deps.imapsieve;
    const rhythm = isTold ? this.#deps.config.reconcile_minutes * 60_000 : poll * 1_000;
    this.#nextLook = performance.now() + rhythm;
    const { session } = this.#view;
    const statuses = await Promise.all(places.map(({ name }) => session.fullStatus(name)));
    for (const [i, place] of places.entries()) {
      const status = statuses[i];
      if (status === null || status === undefined) this.#places = null;
      else await this.#look(place, status);
    }
    await this.#publishAgain();
    if (performance.now() - this.#noted < REMEMBER_LOOK_MS) return;
    this.#noted = performance.now();
    this.#memory.dirty = true;
  }

  /** The folders that are there: looked up anew from time to time, and where one went away. */
  async #whereabouts(): Promise<readonly Place[]> {
    const isOld = performance.now() - this.#placedAt > this.#deps.config.reconcile_minutes * 60_000;
    const before = this.#places;
    if (before !== null && !isOld) return before;
    const found = await findPlaces(this.#view.folders, this.#wanted);
    this.#placedAt = performance.now();
    this.#places = found;
    this.#forgetOthers(found);
    const missing = this.#wanted.filter((wanted) => !found.some(({ watched }) => watched === wanted)).length;
    if (missing > 0) this.#deps.log.debug({ accountId: this.#memory.accountId, missing }, "watched-folders-missing");
    return found;
  }

  /** A folder that is gone, or watched no more: with its mail its events are over. */
  #forgetOthers(places: readonly Place[]): void {
    const { record } = this.#memory;
    const kept = places.flatMap(({ name }): [string, WatchMark][] => {
      const mark = record.watched.get(name);
      return mark === undefined ? [] : [[name, mark]];
    });
    if (kept.length === record.watched.size) return;
    record.watched = new Map(kept);
    this.#memory.dirty = true;
  }

  async #look(place: Place, status: FolderStatus): Promise<void> {
    const { record } = this.#memory;
    // Without UIDNEXT, which RFC 9051 §6.3.11 has, nothing tells what is new.
    if (status.uidNext === 0) return;
    const mark = record.watched.get(place.name);
    const lookedAt = Date.now();
    // Never seen before, or other mails under the same numbers: nothing that is there now is news (RFC 9051 §2.3.1.1).
    const isNew = mark?.uidValidity !== status.uidValidity || status.uidNext <= (mark?.through ?? 0);
    const current = isNew ? this.#begin(place.name, status) : mark;
    if (current === undefined) return;
    if (isNews({ mark: current, watched: place.watched, status }) && roomFor(this.#memory) > 0)
      await this.#visit(place, current, status);
    current.lookedAt = lookedAt;
  }

  #begin(name: string, { uidValidity, uidNext }: FolderStatus): WatchMark {
    const mark = newMark(name, { uidValidity, through: Math.max(0, uidNext - 1), lookedAt: Date.now() });
    const { record } = this.#memory;
    record.watched = new Map([...record.watched, [name, mark]]);
    this.#memory.dirty = true;
    return mark;
  }

  async #visit(place: Place, mark: WatchMark, status: FolderStatus): Promise<void> {
    await this.#in(place.name, async ({ uidValidity }) => {
      if (uidValidity !== mark.uidValidity) return;
      const { session } = this.#view;
      const memory = this.#memory;
      const visit = { session, memory, mark, watched: place.watched, status, lagTries: this.#lagTries };
      const { events, isMore, isLagging } = await lookInto(visit);
      this.#lagTries = isLagging ? this.#lagTries + 1 : 0;
      if (isMore) memory.isFolderNews = true;
      if (isLagging) this.#nextLook = Math.min(this.#nextLook, performance.now() + 200 * 2 ** this.#lagTries);
      // First written down: a crash after this publishes them later, and carries each out once.
      await memory.store.save(memory.record);
      await this.#publish(place, mark, events);
    });
  }

  /** The folder may have gone away, or must not be read: looked for again later. */
  async #in(name: string, work: (selected: SelectedFolder) => Promise<void>): Promise<void> {
    try {
      await inFolder(this.#view.session, this.#memory, { name, readOnly: true }, work);
    } catch (error) {
      if (!(error instanceof ServerRefused) || error.isPassing) throw error;
      this.#deps.log.warn(
        { accountId: this.#memory.accountId, folderId: folderIdOf(name), code: error.code },
        "watched-folder-refused",
      );
    }
  }

  /** Publishes events of mails of the selected folder. Those whose mail is gone are over. */
  async #publish({ name, watched }: Place, mark: WatchMark, events: readonly PendingEvent[]): Promise<void> {
    const { config } = this.#deps;
    const head = {
      ...this.#memory.head(),
      purpose: "event" as const,
      folder: { id: folderIdOf(name), name, uidValidity: mark.uidValidity },
      watched: { folder: watched.folder, user: this.#memory.account.user },
    };
    this.#published.begin(mark, events);
    // Two events of one mail go in two batches.
    const groups = byKind(events).flatMap((same) =>
      this.#published.tries(mark, same) > 0 ? same.map((event) => [event]) : [same],
    );
    for (const same of groups) {
      const uids = same.map(({ uid }) => uid).sort((a, b) => a - b);
      const portion = { reads: "whole", inlineBytes: config.inline_bytes } as const;
      const mails = await this.#read(uids, portion);
      if (mails === null) {
        this.#postpone(mark, same);
        continue;
      }
      const byUid = new Map(same.map((event) => [event.uid, event]));
      const told = mails.flatMap((mail) => {
        const event = byUid.get(mail.uid);
        return event === undefined ? [] : [{ ...mail, event: toldOf(event) }];
      });
      const again = `/event-${same[0]?.key}/r${this.#published.tries(mark, same)}.${Date.now().toString(36)}`;
      for (const batch of cutBatches(told)) await publishBatch(this.#deps, head, batch, again);
      this.#published.wait(mark, same);
      const there = new Set(told.map(({ uid }) => uid));
      for (const event of same) {
        if (there.has(event.uid)) continue;
        mark.pending.delete(pendingKey(event));
        this.#memory.dirty = true;
      }
    }
  }

  /** Null where the server refuses: one mail that it cannot give may be the reason. */
  async #read(uids: readonly number[], portion: Portion): Promise<readonly ReadMail[] | null> {
    try {
      return await fetchAgain(this.#view.session, uids, portion);
    } catch (error) {
      if (error instanceof ServerRefused) return null;
      throw error;
    }
  }

  /** Tried again ever later, each alone; not for ever. */
  #postpone(mark: WatchMark, events: readonly PendingEvent[]): void {
    const { accountId } = this.#memory;
    this.#published.wait(mark, events);
    for (const event of events) {
      if (this.#published.tries(mark, [event]) < MAX_TRIES) continue;
      this.#deps.log.warn({ accountId, folderId: folderIdOf(mark.folder), uid: event.uid }, "event-unreadable");
      mark.pending.delete(pendingKey(event));
      this.#memory.dirty = true;
    }
  }

  async #publishAgain(): Promise<void> {
    const { bus } = this.#deps;
    for (const place of this.#places ?? []) {
      const mark = this.#memory.record.watched.get(place.name);
      const due = mark === undefined ? [] : this.#published.due(mark, AGAIN_AT_ONCE);
      if (mark === undefined || due.length === 0) continue;
      const tries = this.#published.tries(mark, due);
      if (tries > 0 && !(await isLost(bus, partitionOf(this.#memory.accountId), { tries, waits: 0 }))) {
        this.#published.wait(mark, due);
        continue;
      }
      await this.#in(place.name, async ({ uidValidity }) => {
        if (uidValidity === mark.uidValidity) await this.#publish(place, mark, due);
      });
    }
  }
}

const toldOf = ({ key, cause, changedFlags, after }: PendingEvent): ImapEvent => ({
  key,
  cause,
  after,
  ...(changedFlags === undefined ? {} : { changedFlags }),
});

/** New mails, and changes of flags; of one mail at most one in each. */
function byKind(events: readonly PendingEvent[]): readonly (readonly PendingEvent[])[] {
  const groups: PendingEvent[][] = [];
  for (const event of events) {
    const group = groups.find((others) =>
      others.every(({ uid, cause }) => uid !== event.uid && (cause === "FLAG") === (event.cause === "FLAG")),
    );
    if (group === undefined) groups.push([event]);
    else group.push(event);
  }
  return groups;
}

/** A special use stands for the folder that has it. INBOX is watched as INBOX. */
async function findPlaces(folders: InboxView["folders"], wanted: readonly WatchedFolder[]): Promise<readonly Place[]> {
  const uses = wanted.some(({ folder }) => folder.startsWith("\\")) ? await folders.byUse() : {};
  const places = wanted.map((watched): Place => {
    const use = watched.folder.startsWith("\\");
    return { watched, name: use ? (uses[watched.folder.toLowerCase()]?.[0] ?? "") : watched.folder };
  });
  const named = places.filter(({ name }) => name !== "" && !isInbox(name));
  const exist = await folders.exist(named.map(({ name }) => name));
  const there = named.filter(({ name }) => exist[name] === true);
  return [...new Map(there.toReversed().map((place) => [place.name, place])).values()].toReversed();
}
