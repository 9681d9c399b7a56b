import { foreignPrefixes } from "./imap/foreign-prefixes.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import type { Folder } from "./imap/list-folders.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import { formatUidSet } from "./imap/sequence-set.ts";

/** How long a listing is believed. A folder that vanishes meanwhile shows by TRYCREATE. */
const FRESH_MS = 60_000;

const VIEWS = ["\\all", "\\flagged", "\\important"] as const;
const SET_ASIDE = ["\\trash", "\\junk", "\\drafts", "\\sent", "\\snoozed"] as const;
/** RFC 9051 §7.3.1: what LIST says of a folder besides its uses. */
const NO_USE: ReadonlySet<string> = new Set([
  "\\noinferiors",
  "\\noselect",
  "\\nonexistent",
  "\\haschildren",
  "\\hasnochildren",
  "\\marked",
  "\\unmarked",
  "\\subscribed",
  "\\remote",
]);

/** tamis.yaml, section `mailbox`. */
interface FolderSettings {
  /** `auto` or a folder's name. */
  readonly trash: string;
  /** A folder's name. */
  readonly snoozed: string;
  /** Where drafts lie until they are sent: nobody's business but theirs. */
  readonly hidden?: string;
}

/** The folders of one account as last listed, for the time of one session. */
export class FolderBook {
  readonly #session: ImapSession;
  readonly #settings: FolderSettings;
  #folders: Map<string, Folder> | null = null;
  #listedAt = 0;
  #foreign: readonly string[] | null = null;

  constructor(session: ImapSession, settings: FolderSettings) {
    this.#session = session;
    this.#settings = settings;
  }

  async has(name: string): Promise<boolean> {
    return (await this.#list()).has(isInbox(name) ? "INBOX" : name);
  }

  /** RFC 5490 §3.1 for several names. A folder made since the last listing counts: an absent name lists again. */
  async exist(names: readonly string[]): Promise<Record<string, boolean>> {
    const folders = await this.#list(0);
    return Object.fromEntries(names.map((name) => [name, isUsable(folders.get(isInbox(name) ? "INBOX" : name))]));
  }

  /** RFC 6154 §2: the folders of each use, `\\junk`, in lower case. */
  async byUse(): Promise<Record<string, string[]>> {
    const uses: Record<string, string[]> = {};
    for (const folder of (await this.#list(0)).values()) {
      if (!isUsable(folder)) continue;
      for (const attribute of folder.attributes) {
        if (!attribute.startsWith("\\") || NO_USE.has(attribute)) continue;
        uses[attribute] = [...(uses[attribute] ?? []), folder.name];
      }
    }
    return uses;
  }

  /** `use`: the attribute that it is to have (RFC 6154 §3). */
  async create(name: string, use?: string): Promise<void> {
    await this.#session.create(name, use);
    this.#folders?.set(name, { name, attributes: new Set(), separator: "" });
  }

  /** RFC 6154: the folder marked \Trash, or the one that the settings name; `null` where there is none. */
  async trash(): Promise<string | null> {
    const { trash } = this.#settings;
    return trash === "auto" ? await this.#ofUse("\\trash") : trash;
  }

  /**
   * The folder marked \Snoozed, else the one that the settings name. A server that snoozes by itself (capability SNOOZE) lets
   * nobody put anything into its own.
   */
  async snoozed(): Promise<string> {
    const own = this.#session.capabilities.has("SNOOZE") ? null : await this.#ofUse("\\snoozed");
    return own ?? this.#settings.snoozed;
  }

  async #ofUse(use: string): Promise<string | null> {
    for (const folder of (await this.#list()).values()) if (folder.attributes.has(use)) return folder.name;
    return null;
  }

  /** Which of these UIDs are in the selected folder. */
  async stillHere(uids: readonly number[]): Promise<readonly number[]> {
    if (uids.length === 0) return [];
    const asked = new Set(uids);
    const first = Math.min(...uids);
    const last = Math.max(...uids);
    const set = uids.length < 200 ? formatUidSet([...uids].sort((a, b) => a - b)) : `${first}:${last}`;
    return (await this.#session.search(`UID ${set}`)).filter((uid) => asked.has(uid));
  }

  /** Every folder of the account's own that can be selected, INBOX first, without views over others (RFC 6154 §2, RFC 8457). */
  async all(): Promise<readonly string[]> {
    this.#foreign ??= await foreignPrefixes(this.#session);
    const foreign = this.#foreign;
    const own = [...(await this.#list(0)).values()].filter(
      (folder) =>
        isUsable(folder) &&
        isNoView(folder) &&
        folder.name !== this.#settings.hidden &&
        !foreign.some((prefix) => folder.name.startsWith(prefix)),
    );
    return ["INBOX", ...own.map(({ name }) => name).filter((name) => name !== "INBOX")];
  }

  /** Those in which mail is kept to be read: without Trash, Junk, Drafts, Sent and what sleeps. */
  async ordinary(): Promise<readonly string[]> {
    const names = await this.all();
    const aside = [await this.trash(), await this.snoozed()];
    const folders = await this.#list();
    return names.filter((name) => {
      const attributes = folders.get(name)?.attributes;
      return name === "INBOX" || (!aside.includes(name) && !SET_ASIDE.some((use) => attributes?.has(use) === true));
    });
  }

  async #list(maxAgeMs = FRESH_MS): Promise<Map<string, Folder>> {
    if (this.#folders === null || performance.now() - this.#listedAt > maxAgeMs) {
      this.#folders = new Map((await this.#session.list()).map((folder) => [folder.name, folder]));
      this.#listedAt = performance.now();
    }
    return this.#folders;
  }
}

const isNoView = ({ attributes }: Folder): boolean => !VIEWS.some((view) => attributes.has(view));

function isUsable(folder: Folder | undefined): boolean {
  return folder !== undefined && !folder.attributes.has("\\nonexistent") && !folder.attributes.has("\\noselect");
}
