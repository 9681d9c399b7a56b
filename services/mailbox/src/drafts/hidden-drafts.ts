import { RetryLater } from "@tamis/bus";
import { DRAFTS_PER_ASK, type DraftKeyword, type DraftNotice, type MailboxAnswer } from "@tamis/contracts";
import type { AccountMemory } from "../account-memory.ts";
import { fileCopy } from "../file-copy.ts";
import { FINGERPRINT_SECTION } from "../fingerprint.ts";
import { createUnsubscribed } from "../imap/create-unsubscribed.ts";
import type { ImapSession, SelectedFolder } from "../imap/imap-session.ts";
import { removeByUid } from "../imap/remove-by-uid.ts";
import { splitUidSets } from "../imap/sequence-set.ts";
import { inFolder } from "../in-folder.ts";
import type { InboxView } from "../inbox-view.ts";
import { type KnownMail, knownMail, onDayOf } from "../known-mails.ts";
import type { WorkerDeps } from "../worker-deps.ts";
import { askOutbox } from "./ask-outbox.ts";
import { type FlagChange, isDeleted, isGivenBack, leftIn, origin } from "./draft-keywords.ts";

export interface HiddenDraft extends KnownMail {
  readonly flags: readonly string[];
}

/** Which draft, as the ledger knows it. */
export interface NamedDraft {
  readonly fingerprint: string;
  /** Epoch ms; null: not known. */
  readonly internalDate: number | null;
}

/** Whose drafts, and the connection on which they are looked at. */
export interface DraftScene {
  readonly deps: Pick<WorkerDeps, "bus" | "drafts" | "log">;
  readonly memory: AccountMemory;
  readonly view: InboxView;
}

/** Where drafts lie until they are sent. What is there is evident on a look: which draft it is, where it lay, and whether it is on its way back. */
export class HiddenDrafts {
  readonly #scene: DraftScene;
  /** RFC 9051 §2.3.1.1: by which the UIDs that were listed last are these drafts. */
  #uidValidity = 0;

  constructor(scene: DraftScene) {
    this.#scene = scene;
  }

  /** Moves drafts of the selected folder there; the folder is made where it is not there. */
  async take(uids: readonly number[]): Promise<void> {
    const { deps, memory, view } = this.#scene;
    const { hidden } = deps.drafts;
    await createUnsubscribed(view.session, hidden);
    memory.store.assertLease();
    await view.session.move(uids, hidden);
  }

  /** Finishes what broke off: drafts that the ledger does not know of yet are confirmed there, and those on their way back go on. */
  async settle(): Promise<void> {
    const { deps, memory, view } = this.#scene;
    if ((await view.session.status(deps.drafts.hidden)) === null) return;
    const drafts = (await this.#list("ALL")).filter(({ flags }) => !isDeleted(flags));
    const returning = drafts.filter(({ flags }) => isGivenBack(flags));
    for (const draft of returning) await this.#moveBack([draft], await this.#homeOf(draft));
    const unknown = drafts.filter((draft) => !returning.includes(draft) && !memory.keptDrafts.has(draft.fingerprint));
    const names = [...new Set(unknown.map(({ fingerprint }) => fingerprint))];
    for (let at = 0; at < names.length; at += DRAFTS_PER_ASK) {
      const { id: accountId, address } = memory.account;
      const fingerprints = names.slice(at, at + DRAFTS_PER_ASK);
      const answer = await askOutbox(deps.bus, { op: "confirm", accountId, address, fingerprints });
      if (answer.kind !== "confirmed") throw new RetryLater("outbox did not confirm drafts", { code: answer.kind });
      for (const draft of answer.drafts)
        if (draft.state === "kept") memory.keptDrafts.add(draft.fingerprint);
        else await this.#refuse(draft);
    }
  }

  async #refuse({
    fingerprint,
    notice,
  }: {
    readonly fingerprint: string;
    readonly notice: DraftNotice;
  }): Promise<void> {
    await tellOwner(this.#scene, notice);
    await this.back({ fingerprint, internalDate: null }, "$TamisNotScheduled", (draft) => this.#homeOf(draft));
  }

  /** Gives a draft back, with the keyword, into the folder that `to` names. False: it is not there. */
  async back(
    named: NamedDraft,
    keyword: DraftKeyword,
    to: (draft: HiddenDraft) => Promise<string> = () => this.#drafts(),
  ): Promise<boolean> {
    this.#scene.memory.keptDrafts.delete(named.fingerprint);
    const drafts = (await this.#find(named)).filter(({ flags }) => !isDeleted(flags));
    for (const draft of drafts) {
      const home = await to(draft);
      // Before the MOVE: a look after a crash sees where it is to go.
      await this.#change(() => changeFlags(this.#scene, draft.uid, leftIn(home, keyword, draft.flags)));
      await this.#moveBack([draft], home);
    }
    return drafts.length > 0;
  }

  /** Takes a draft away that was sent. False: it is not there. */
  async remove(named: NamedDraft): Promise<boolean> {
    this.#scene.memory.keptDrafts.delete(named.fingerprint);
    const { memory, view } = this.#scene;
    // With those that an attempt before has marked already.
    const uids = (await this.#find(named)).map(({ uid }) => uid);
    if (uids.length === 0) return false;
    return await this.#change(async () => {
      memory.store.assertLease();
      // Without UIDPLUS nothing of a folder goes alone (RFC 4315 §2.1): it stays, marked.
      if (!view.session.capabilities.has("UIDPLUS")) await view.session.store(uids, "+", ["\\Deleted"]);
      else await removeByUid(view.session, uids, () => memory.store.assertLease());
      return true;
    });
  }

  async #moveBack(drafts: readonly HiddenDraft[], home: string): Promise<void> {
    const { memory, view } = this.#scene;
    await this.#change(async () => {
      memory.store.assertLease();
      await view.session.move(
        drafts.map(({ uid }) => uid),
        home,
      );
    });
  }

  /** Where the draft lay, if that folder is there; else where drafts are. */
  async #homeOf({ flags }: HiddenDraft): Promise<string> {
    const { deps, view } = this.#scene;
    const drafts = await this.#drafts();
    const found = origin(flags, [...deps.drafts.folders, drafts]);
    return found !== undefined && (await view.session.status(found)) !== null ? found : drafts;
  }

  /** RFC 6154 \Drafts, or a folder of that name. */
  async #drafts(): Promise<string> {
    const { view } = this.#scene;
    const [marked] = (await view.folders.byUse())["\\drafts"] ?? [];
    if (marked !== undefined) return marked;
    if ((await view.session.status("Drafts")) === null) await view.folders.create("Drafts", "\\Drafts");
    return "Drafts";
  }

  async #find({ fingerprint, internalDate }: NamedDraft): Promise<readonly HiddenDraft[]> {
    const { deps, view } = this.#scene;
    if ((await view.session.status(deps.drafts.hidden)) === null) return [];
    const there = await this.#list(internalDate === null ? "ALL" : onDayOf(internalDate));
    return there.filter((draft) => draft.fingerprint === fingerprint);
  }

  async #list(criteria: string): Promise<readonly HiddenDraft[]> {
    const { session } = this.#scene.view;
    return await this.#look(async ({ uidValidity }) => {
      this.#uidValidity = uidValidity;
      return await draftsIn(session, await session.search(criteria));
    });
  }

  /** What is done by UIDs that were listed before. */
  async #change<T>(work: () => Promise<T>): Promise<T> {
    return await this.#look(async ({ uidValidity }) => {
      if (uidValidity !== this.#uidValidity)
        throw new RetryLater("the folder of hidden drafts was made anew meanwhile", { code: "uidvalidity" });
      return await work();
    });
  }

  async #look<T>(work: (selected: SelectedFolder) => Promise<T>): Promise<T> {
    const { deps, memory, view } = this.#scene;
    return await inFolder(view.session, memory, { name: deps.drafts.hidden, readOnly: false }, work);
  }
}

/** These of the selected folder, with their flags. */
export async function draftsIn(session: ImapSession, uids: readonly number[]): Promise<readonly HiddenDraft[]> {
  const drafts: HiddenDraft[] = [];
  for (const { set } of splitUidSets([...uids]))
    await session.fetch(set, FINGERPRINT_SECTION, (mail) => drafts.push({ ...knownMail(mail), flags: mail.flags }));
  return drafts.sort((a, b) => a.uid - b.uid);
}

/** Of a mail of the selected folder. */
export async function changeFlags(
  { memory, view: { session } }: Pick<DraftScene, "memory" | "view">,
  uid: number,
  { add, remove }: FlagChange,
): Promise<void> {
  memory.store.assertLease();
  // What it says of where it lay is never two things.
  if (remove.length > 0) await session.store([uid], "-", remove);
  if (add.length > 0) await session.store([uid], "+", add);
}

/** A mail in INBOX, once, that no rule decides on. */
export async function tellOwner(
  { memory, view }: Pick<DraftScene, "memory" | "view">,
  { messageId, raw }: DraftNotice,
): Promise<void> {
  const { accountId } = memory;
  const date = Date.now();
  const ask = { op: "file-copy", accountId, mailbox: "INBOX", create: false, flags: [], messageId, date } as const;
  const answer: MailboxAnswer = await fileCopy(view, memory, { ask: { ...ask, object: "" }, raw: Buffer.from(raw) });
  if (answer.kind !== "done") throw new RetryLater("the owner of a draft could not be told", { code: answer.kind });
}
