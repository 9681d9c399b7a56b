import { RetryLater } from "@tamis/bus";
import { outgoingObjects } from "@tamis/contracts";
import { type DraftsWanted, draftsWanted } from "@tamis/kit";
import type { AccountMemory } from "../account-memory.ts";
import type { Elsewhere } from "../elsewhere.ts";
import type { SelectedFolder } from "../imap/imap-session.ts";
import { parseInternalDate } from "../imap/internal-date.ts";
import { storableFlags } from "../imap/permanent-flags.ts";
import { asNumber, asText } from "../imap/response-values.ts";
import { ServerRefused } from "../imap/server-refused.ts";
import { inFolder } from "../in-folder.ts";
import type { InboxView } from "../inbox-view.ts";
import type { WorkerDeps } from "../worker-deps.ts";
import { askOutbox } from "./ask-outbox.ts";
import { fromKeyword, isDeleted, isLeftIn, leftIn, takenFrom } from "./draft-keywords.ts";
import { changeFlags, type DraftScene, draftsIn, type HiddenDraft, HiddenDrafts, tellOwner } from "./hidden-drafts.ts";

/** What failed is tried again at least so often. */
const AGAIN_AT_MOST_MS = 300_000;
/** A server tells of no folder that is not there (RFC 5465 §6): one that its owner makes is looked for so much less often than folders are elsewhere. */
const MISSING_POLLS = 5;
/** Drafts that are taken before other things have their turn. */
const AT_ONCE = 8;
/** Drafts of one folder that are looked at: the newest. */
const MAX_DRAFTS = 1_000;

/** A folder with drafts that are to be sent later. */
interface Place {
  readonly name: string;
  /** `drafts`: only those with the fields of Send Later. */
  readonly kind: "scheduled" | "drafts";
}

/** A draft as it lies in its folder. */
interface ReadDraft extends HiddenDraft {
  readonly size: number;
  /** RFC 8514 §4.2: when it came into this folder, as the server knows, epoch ms; 0 where it does not. */
  readonly savedAt: number;
  /** null: too long to be handed over. */
  readonly raw: Uint8Array | null;
}

/**
 * Drafts that people leave to be sent later, on the connection of their INBOX: what has lain untouched for a while is offered to `outbox`, moved
 * out of the reach of other programs, and confirmed there. Nothing is written down: what was done shows in the folders and in the ledger.
 */
export class DraftWatch {
  readonly #deps: WorkerDeps;
  readonly #memory: AccountMemory;
  readonly #view: InboxView;
  readonly #elsewhere: Elsewhere;
  readonly #scene: DraftScene;
  readonly #hidden: HiddenDrafts;
  #account: AccountMemory["account"] | null = null;
  #wanted: DraftsWanted | null = null;
  #nextLook = Number.NEGATIVE_INFINITY;
  /** What lies hidden is as it should be. */
  #isSettled = false;
  #isMade = false;
  /** The folder for drafts, as last asked for. */
  #drafts: { readonly name: string | null; readonly at: number } | null = null;
  /** Servers that cannot do it are not asked again in this session. */
  #isUnable = false;

  constructor(deps: WorkerDeps, memory: AccountMemory, view: InboxView, elsewhere: Elsewhere) {
    this.#deps = deps;
    this.#memory = memory;
    this.#view = view;
    this.#elsewhere = elsewhere;
    this.#scene = { deps, memory, view };
    this.#hidden = new HiddenDrafts(this.#scene);
    // Asked again in each session: the ledger may be another one.
    memory.keptDrafts.clear();
  }

  /** Milliseconds until there is something to do; infinite where drafts are nobody's business. */
  dueInMs(): number {
    if (this.#wantedNow() === null || this.#isUnable) return Number.POSITIVE_INFINITY;
    const { waitingDrafts, draftTries, isDraftNews } = this.#memory;
    const quietIn = waitingDrafts.nextAt(this.#quietMs) - this.#deps.clock();
    const due = isDraftNews ? 0 : Math.min(this.#nextLook - performance.now(), quietIn);
    return Math.max(0, due, draftTries.notBefore - performance.now());
  }

  /** Looks at the folders, and takes what is quiet. Throws as the steps of `InboxWatch`; whatever broke off is finished by the next. */
  async step(): Promise<void> {
    const { draftTries, accountId } = this.#memory;
    // Before: what ends the connection each time must not keep the account from its mail.
    const againMs = this.#deps.config.wake_again_seconds * 1_000 * 2 ** Math.min(20, draftTries.failures);
    draftTries.failures += 1;
    draftTries.notBefore = performance.now() + Math.min(AGAIN_AT_MOST_MS, againMs);
    try {
      await this.#round();
      Object.assign(draftTries, { failures: 0, notBefore: Number.NEGATIVE_INFINITY });
    } catch (error) {
      if (!(error instanceof ServerRefused) && !(error instanceof RetryLater)) throw error;
      this.#memory.isDraftNews = true;
      this.#deps.log.warn({ accountId, code: error.code }, "drafts-wait");
    }
  }

  get #quietMs(): number {
    return this.#deps.drafts.quiet_seconds * 1_000;
  }

  #wantedNow(): DraftsWanted | null {
    const { account } = this.#memory;
    if (this.#account !== account) this.#wanted = draftsWanted(this.#deps.drafts, account);
    this.#account = account;
    return this.#wanted;
  }

  async #round(): Promise<void> {
    const wanted = this.#wantedNow();
    if (wanted === null) return;
    if (!this.#view.session.capabilities.has("MOVE")) return this.#giveUp("no-move");
    this.#memory.isDraftNews = false;
    await this.#settle();
    const wantedPlaces = await this.#places(wanted);
    const places = await this.#lookAtAll(wantedPlaces);
    const isTold = await this.#elsewhere.hear(
      "drafts",
      places.map(({ name }) => name),
    );
    const { config, drafts } = this.#deps;
    const toldOfAll = config.reconcile_minutes * 60_000;
    const toldOfSome = Math.min(toldOfAll, drafts.poll_seconds * 1_000 * MISSING_POLLS);
    const told = places.length < wantedPlaces.length ? toldOfSome : toldOfAll;
    this.#nextLook = performance.now() + (isTold ? told : drafts.poll_seconds * 1_000);
    for (const place of places) await this.#takeQuiet(place);
  }

  #giveUp(reason: string): void {
    this.#isUnable = true;
    this.#deps.log.warn({ accountId: this.#memory.accountId, reason }, "drafts-not-possible");
  }

  async #places({ folders, isHandedOver }: DraftsWanted): Promise<readonly Place[]> {
    const places: Place[] = folders.map((name) => ({ name, kind: "scheduled" }));
    const drafts = isHandedOver ? await this.#draftsFolder() : null;
    if (drafts !== null && !folders.includes(drafts)) places.push({ name: drafts, kind: "drafts" });
    return places;
  }

  async #draftsFolder(): Promise<string | null> {
    const maxAgeMs = this.#deps.config.reconcile_minutes * 60_000;
    if (this.#drafts !== null && performance.now() - this.#drafts.at < maxAgeMs) return this.#drafts.name;
    const [name = null] = (await this.#view.folders.byUse())["\\drafts"] ?? [];
    this.#drafts = { name, at: performance.now() };
    return name;
  }

  /** Those that are there. */
  async #lookAtAll(places: readonly Place[]): Promise<readonly Place[]> {
    const { session } = this.#view;
    const { waitingDrafts } = this.#memory;
    await this.#makeFirst();
    const statuses = await Promise.all(places.map(({ name }) => session.fullStatus(name)));
    const there: Place[] = [];
    for (const [i, place] of places.entries()) {
      const status = statuses[i] ?? null;
      if (status === null) waitingDrafts.forget(place.name);
      else {
        there.push(place);
        if (!waitingDrafts.isNews(place.name, status)) continue;
        const uids = await inFolder(session, this.#memory, { name: place.name, readOnly: true }, () =>
          this.#candidates(place),
        );
        waitingDrafts.note(place.name, status, uids, this.#deps.clock());
      }
    }
    return there;
  }

  /** Once a session, where the settings want a folder and the account has none of them. */
  async #makeFirst(): Promise<void> {
    const { folders, create } = this.#deps.drafts;
    const [first] = folders;
    if (!create || first === undefined || this.#isMade) return;
    this.#isMade = true;
    const exist = await this.#view.folders.exist(folders);
    if (Object.values(exist).some((isThere) => isThere)) return;
    this.#memory.store.assertLease();
    await this.#view.folders.create(first);
  }

  /** Of the selected folder. What was left there for its owner stays. */
  async #candidates({ name, kind }: Place): Promise<readonly number[]> {
    const { session } = this.#view;
    const criteria = kind === "drafts" ? 'UNDELETED HEADER X-Send-Later-At ""' : "UNDELETED";
    const uids = (await session.search(criteria)).slice(-MAX_DRAFTS);
    if (uids.length === 0) return [];
    return (await draftsIn(session, uids)).filter(({ flags }) => !isLeftIn(name, flags)).map(({ uid }) => uid);
  }

  async #takeQuiet(place: Place): Promise<void> {
    const { waitingDrafts } = this.#memory;
    const quiet = waitingDrafts.quiet(place.name, this.#deps.clock(), this.#quietMs);
    const taken: number[] = [];
    for (const [uid, seenAt] of quiet.slice(0, AT_ONCE)) {
      const draft = await this.#read(place, uid);
      if (this.#isUnable) return;
      if (draft === null) waitingDrafts.drop(place.name, uid);
      else if (await this.#offer(place, draft, seenAt)) taken.push(uid);
    }
    if (quiet.length > AT_ONCE) this.#memory.isDraftNews = true;
    if (taken.length === 0) return;
    this.#isSettled = false;
    await this.#move(place, taken);
    await this.#settle();
  }

  async #settle(): Promise<void> {
    if (!this.#isSettled) await this.#hidden.settle();
    this.#isSettled = true;
  }

  /** Null where it is not there any more. */
  async #read({ name }: Place, uid: number): Promise<ReadDraft | null> {
    const { session } = this.#view;
    return await this.#in(name, async (selected) => {
      if (storableFlags(["$TamisNotScheduled", fromKeyword(name)], selected).length < 2) {
        this.#giveUp("no-keywords");
        return null;
      }
      const [draft] = (await draftsIn(session, [uid])).filter(({ flags }) => !isDeleted(flags));
      return draft === undefined ? null : await this.#readWhole(draft);
    });
  }

  async #readWhole(draft: HiddenDraft): Promise<ReadDraft | null> {
    const { config, rewriting } = this.#deps;
    const { session } = this.#view;
    let [size, savedAt] = [0, 0];
    const items = session.capabilities.has("SAVEDATE") ? "RFC822.SIZE SAVEDATE" : "RFC822.SIZE";
    await session.fetchItems(`${draft.uid}`, items, (told) => {
      size = asNumber(told.get("RFC822.SIZE"));
      savedAt = parseInternalDate(asText(told.get("SAVEDATE")));
    });
    if (size > config.rewrite_bytes) return { ...draft, size, savedAt, raw: null };
    return await rewriting.hold(size, async () => {
      const found: Uint8Array[] = [];
      // All of it, whatever the server said of its size.
      await session.fetch(`${draft.uid}`, "[]", (mail) => found.push(mail.bytes));
      const [raw] = found;
      return raw === undefined ? null : { ...draft, size: raw.length, savedAt, raw };
    });
  }

  /** True: it may be moved. Else its owner was told why it is not sent, or it is offered again later. */
  async #offer(place: Place, draft: ReadDraft, seenAt: number): Promise<boolean> {
    const { bus, clock, log } = this.#deps;
    const { account, waitingDrafts } = this.#memory;
    const { fingerprint, internalDate, size, savedAt, raw } = draft;
    const object = raw === null ? null : `offer-${account.id}-${fingerprint}`;
    if (raw !== null && object !== null) await (await bus.objects(outgoingObjects)).put(object, raw);
    const { id: accountId, address, identities = [], user } = account;
    const who = { accountId, address, identities, user };
    // Whoever held the account before may have seen it earlier, or nobody for a while.
    const putAt = savedAt === 0 ? seenAt : Math.min(seenAt, savedAt);
    const what = { fingerprint, internalDate, seenAt: putAt, size, object };
    const answer = await askOutbox(bus, { op: "offer", ...who, place: place.kind, ...what });
    log.info({ accountId, fingerprint, result: answer.kind }, "draft-offered");
    if (answer.kind === "offered") return true;
    if (answer.kind === "refused") {
      await tellOwner(this.#scene, answer.notice);
      await this.#in(place.name, async () => {
        await changeFlags(this.#scene, draft.uid, leftIn(place.name, "$TamisNotScheduled", draft.flags));
      });
      waitingDrafts.drop(place.name, draft.uid);
    } else waitingDrafts.postpone(place.name, draft.uid, clock());
    return false;
  }

  async #move({ name }: Place, uids: readonly number[]): Promise<void> {
    const { session } = this.#view;
    await this.#in(name, async () => {
      const drafts = await draftsIn(session, uids);
      // Before the MOVE: where it lies then it must say where it lay.
      for (const { uid, flags } of drafts) await changeFlags(this.#scene, uid, takenFrom(name, flags));
      if (drafts.length > 0) await this.#hidden.take(drafts.map(({ uid }) => uid));
    });
    for (const uid of uids) this.#memory.waitingDrafts.drop(name, uid);
  }

  /** With the folder selected, where its UIDs are still those that were seen. */
  async #in<T>(name: string, work: (selected: SelectedFolder) => Promise<T>): Promise<T | null> {
    const { waitingDrafts } = this.#memory;
    return await inFolder(this.#view.session, this.#memory, { name, readOnly: false }, async (selected) => {
      if (selected.uidValidity === waitingDrafts.uidValidity(name)) return await work(selected);
      waitingDrafts.forget(name);
      this.#memory.isDraftNews = true;
      return null;
    });
  }
}
