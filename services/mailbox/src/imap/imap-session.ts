import { MDN_SENT } from "@tamis/contracts";
import { type ChangeGuard, guarded } from "./change-guard.ts";
import { type CopyResult, readCopyUid } from "./copy-uid.ts";
import { type FetchedMail, fetchedMail } from "./fetched-mail.ts";
import { type FolderStatus, folderStatus } from "./folder-status.ts";
import {
  type ConnectionLost,
  type Idle,
  ImapConnection,
  type ImapSockets,
  type Tagged,
  type Untagged,
} from "./imap-connection.ts";
import { type Folder, listFolders } from "./list-folders.ts";
import { isInbox } from "./mailbox-name.ts";
import { NoticeRhythm } from "./notice-rhythm.ts";
import { quotedName } from "./quoted-name.ts";
import { asNumber, type FetchItems, readFetchItems } from "./response-values.ts";
import { splitUidSets, uidMatcher } from "./sequence-set.ts";
import { ServerRefused } from "./server-refused.ts";

export interface SelectedFolder {
  readonly name: string;
  /** 0 where the server gives none. */
  readonly uidValidity: number;
  readonly uidNext: number;
  /** RFC 4315 §3: UIDs do not outlive the session. */
  readonly uidNotSticky: boolean;
  /** PERMANENTFLAGS in lower case; `null` where the server lists none: then any flag may be tried. */
  readonly permanentFlags: ReadonlySet<string> | null;
}

export interface SessionOptions {
  readonly silenceMs: number;
  readonly doneMs: number;
  /** The selected folder may have new mail: EXISTS grew. */
  readonly onExists: () => void;
  /** The first time that the rhythm of the server's notices is known. */
  readonly onRhythm?: () => void;
  readonly onClosed: (error: ConnectionLost) => void;
}

/** IMAP4rev1/rev2 as Tamis needs it: by UID only, never touching \Seen, never a bare EXPUNGE. */
export class ImapSession {
  readonly capabilities: ReadonlySet<string>;
  /** Messages in the selected folder as last announced. A hint, never the truth. */
  exists = 0;
  /** Messages announced by EXISTS since the connection began. */
  arrived = 0;
  readonly notices = new NoticeRhythm();
  /** Highest UID of the selected folder that this session was told of. */
  #knownUid = 0;
  #isIdle = false;
  selected: SelectedFolder | null = null;
  /** Called when the server tells of another folder (RFC 5465), or that it stops to; null: it was not asked to tell. */
  onElsewhere: ((isOverflow: boolean) => void) | null = null;
  guard: ChangeGuard | null = null;
  /** Called when the server tells of flags of the selected folder that somebody changed. A hint. */
  onFlags: (() => void) | null = null;
  readonly #connection: ImapConnection;
  readonly #options: SessionOptions;

  constructor(sockets: ImapSockets, capabilities: Iterable<string>, options: SessionOptions) {
    this.capabilities = new Set([...capabilities].map((capability) => capability.toUpperCase()));
    this.#options = options;
    this.#connection = new ImapConnection(sockets, {
      silenceMs: options.silenceMs,
      doneMs: options.doneMs,
      onUntagged: (untagged) => this.#onUntagged(untagged),
      onClosed: options.onClosed,
    });
  }

  /** Why the connection is of no more use; null while it is. */
  get closed(): ConnectionLost | null {
    return this.#connection.closed;
  }

  /** `performance.now()` when the server was last heard. */
  get lastHeard(): number {
    return this.#connection.lastHeard;
  }

  close(reason?: ConnectionLost): void {
    this.#connection.close(reason);
  }

  async logout(): Promise<void> {
    await this.#connection.command("LOGOUT").catch(() => undefined);
    this.close();
  }

  idle(): Idle {
    const { ended, done } = this.#connection.idle();
    this.#isIdle = true;
    this.notices.begin();
    return {
      ended,
      done: () => {
        this.#isIdle = false;
        done();
      },
    };
  }

  async noop(): Promise<void> {
    await this.command("NOOP");
  }

  /**
   * Makes sure that the session knows this UID before it is acted on. To a command on a UID that another session was told
   * of and this one not yet, a server answers OK and does nothing (RFC 9051 §6.4.9).
   */
  async know(uid: number): Promise<void> {
    if (uid <= this.#knownUid) return;
    await this.noop();
    this.#knownUid = uid;
  }

  /** RFC 9051 §6.3.2. `readOnly` = EXAMINE. Throws {@link ServerRefused} where there is no such folder. */
  async select(name: string, readOnly = false): Promise<SelectedFolder> {
    const seen: { flags: ReadonlySet<string> | null; codes: Map<string, string> } = { flags: null, codes: new Map() };
    this.selected = null;
    this.exists = 0;
    this.#knownUid = 0;
    const command = readOnly ? "EXAMINE" : "SELECT";
    await this.command(`${command} ${quotedName(name)}`, (untagged) => {
      // What lies there already did not arrive.
      if (untagged.kind === "EXISTS") this.exists = untagged.number;
      if (untagged.kind !== "OK") return untagged.kind === "EXISTS";
      const match = /\[([A-Z]+)(?: ([^\]]*))?\]/i.exec(untagged.raw.text);
      if (match?.[1] !== undefined) seen.codes.set(match[1].toUpperCase(), match[2] ?? "");
      return true;
    });
    const permanent = seen.codes.get("PERMANENTFLAGS");
    this.selected = {
      name: isInbox(name) ? "INBOX" : name,
      uidValidity: Number(seen.codes.get("UIDVALIDITY") ?? 0) || 0,
      uidNext: Number(seen.codes.get("UIDNEXT") ?? 0) || 0,
      uidNotSticky: seen.codes.has("UIDNOTSTICKY"),
      permanentFlags:
        permanent === undefined
          ? null
          : new Set(permanent.replace(/[()]/g, " ").toLowerCase().split(" ").filter(Boolean)),
    };
    // INBOX heard nothing while another folder was selected.
    if (isInbox(name)) this.#options.onExists();
    this.#knownUid = Math.max(0, this.selected.uidNext - 1);
    return this.selected;
  }

  /** RFC 9051 §6.3.11: UIDVALIDITY and UIDNEXT of a folder that is not selected; `null` where there is none. */
  status(name: string): Promise<FolderStatus | null> {
    return folderStatus(this.#connection, name, { items: "UIDVALIDITY UIDNEXT", isHearing: this.onElsewhere !== null });
  }

  /** The same, with HIGHESTMODSEQ where the server has CONDSTORE (RFC 7162 §3.1.7). */
  fullStatus(name: string): Promise<FolderStatus | null> {
    const items = `UIDVALIDITY UIDNEXT${this.hasModSeqs ? " HIGHESTMODSEQ" : ""}`;
    return folderStatus(this.#connection, name, { items, isHearing: true });
  }

  /** RFC 7162 §3.1: mails have mod-sequences. */
  get hasModSeqs(): boolean {
    return this.capabilities.has("CONDSTORE") || this.capabilities.has("QRESYNC");
  }

  /** Ascending UIDs. `criteria` is a search program, ASCII. */
  async search(criteria: string): Promise<number[]> {
    const uids: number[] = [];
    await this.command(`UID SEARCH ${criteria}`, (untagged) => {
      if (untagged.kind !== "SEARCH") return false;
      for (const word of untagged.raw.text.slice(untagged.position).split(" ")) {
        if (/^\d{1,10}$/.test(word) && word !== "0") uids.push(Number(word));
      }
      return true;
    });
    uids.sort((a, b) => a - b);
    this.#knownUid = Math.max(this.#knownUid, uids.at(-1) ?? 0);
    return uids;
  }

  /**
   * UID FETCH of one set, each mail as it arrives. `section` is a BODY.PEEK section with its partial (`[]<0.1000>`) or null.
   * Mails that are gone are simply not told of.
   */
  async fetch(set: string, section: string | null, onMail: (mail: FetchedMail) => void): Promise<void> {
    const body = section === null ? "" : ` BODY.PEEK${section}`;
    await this.fetchItems(set, `FLAGS INTERNALDATE RFC822.SIZE${body}`, (items) => onMail(fetchedMail(items)));
  }

  /**
   * UID FETCH of these items and the UID; RFC822.SIZE must be among them. Each mail's answers by item, in upper case. Servers answer
   * pipelined commands side by side (RFC 9051 §5.5): of two that ask for the same mails at once one must ask for BODYSTRUCTURE.
   */
  async fetchItems(set: string, wanted: string, onMail: (items: FetchItems) => void): Promise<void> {
    const isAskedFor = uidMatcher(set);
    const asksForStructure = wanted.includes("BODYSTRUCTURE");
    await this.command(`UID FETCH ${set} (UID ${wanted})`, (untagged) => {
      if (untagged.kind !== "FETCH") return false;
      const items = readFetchItems(untagged.raw, untagged.position);
      // A FETCH without our items is the server telling of a flag that another client changed.
      if (!items.has("RFC822.SIZE") || items.has("BODYSTRUCTURE") !== asksForStructure) return false;
      const uid = asNumber(items.get("UID"));
      if (!isAskedFor(uid)) return false;
      this.#knownUid = Math.max(this.#knownUid, uid);
      onMail(items);
      return true;
    });
  }

  /** RFC 6851 §3.1. Untagged or tagged COPYUID alike. Throws {@link ServerRefused}; a partial success shows in the folder only. */
  move(uids: readonly number[], target: string): Promise<CopyResult> {
    return guarded(this.guard?.transferring(uids, target), () => this.#transfer("UID MOVE", uids, target));
  }

  copy(uids: readonly number[], target: string): Promise<CopyResult> {
    return guarded(this.guard?.transferring(uids, target), () => this.#transfer("UID COPY", uids, target));
  }

  /** UID STORE ±FLAGS.SILENT. RFC 3503 §3: `$MDNSent` is never taken away, whoever wants it. */
  async store(uids: readonly number[], sign: "+" | "-", wanted: readonly string[]): Promise<void> {
    const flags = sign === "+" ? wanted : wanted.filter((flag) => flag.toLowerCase() !== MDN_SENT.toLowerCase());
    if (flags.length === 0) return;
    for (const { uids: part, set } of splitUidSets(uids)) {
      const store = async (): Promise<true> => {
        await this.command(`UID STORE ${set} ${sign}FLAGS.SILENT (${flags.join(" ")})`);
        return true;
      };
      await guarded(this.guard?.storing(part, sign, flags), store);
    }
  }

  /** RFC 4315 §2.1: removes only these of the \Deleted mails. */
  async uidExpunge(uids: readonly number[]): Promise<void> {
    if (!this.capabilities.has("UIDPLUS")) throw new Error("UID EXPUNGE without UIDPLUS");
    for (const { set } of splitUidSets(uids)) await this.command(`UID EXPUNGE ${set}`);
  }

  /**
   * CREATE and SUBSCRIBE; a folder that exists already is fine (RFC 5490 §3.2). `use`: with this attribute, `\\Junk`, where
   * the server can and will give it (RFC 6154 §3).
   */
  async create(name: string, use?: string): Promise<void> {
    const isOffered = use !== undefined && this.capabilities.has("CREATE-SPECIAL-USE") && /^\\[A-Za-z]+$/.test(use);
    const special = isOffered ? await this.#connection.command(`CREATE ${quotedName(name)} (USE (${use}))`) : null;
    const isDone = special !== null && (special.status === "OK" || special.code === "ALREADYEXISTS");
    const tagged = isDone ? special : await this.#connection.command(`CREATE ${quotedName(name)}`);
    if (tagged.status !== "OK" && tagged.code !== "ALREADYEXISTS" && (await this.status(name)) === null) {
      throw new ServerRefused("CREATE", tagged);
    }
    await this.#connection.command(`SUBSCRIBE ${quotedName(name)}`);
  }

  /** Every folder, with the special-use attributes where the server has them (RFC 6154 §2). */
  list(): Promise<readonly Folder[]> {
    return listFolders(this);
  }

  async #transfer(command: string, uids: readonly number[], target: string): Promise<CopyResult> {
    const result = { uidValidity: 0, uids: new Map<number, number>() };
    for (const { set } of splitUidSets(uids)) {
      const tagged = await this.#connection.command(`${command} ${set} ${quotedName(target)}`, (untagged) => {
        const match = untagged.kind === "OK" ? /\[COPYUID (\d+) ([\d:,]+) ([\d:,]+)\]/i.exec(untagged.raw.text) : null;
        if (match !== null) readCopyUid(match.slice(1), result);
        return match !== null;
      });
      if (tagged.status !== "OK") throw new ServerRefused(command, tagged);
      if (tagged.code === "COPYUID") readCopyUid(tagged.codeText.split(" "), result);
    }
    return result;
  }

  /** Sends a command that has no method here; throws {@link ServerRefused} where the server does not answer OK. */
  async command(text: string, onUntagged?: (untagged: Untagged) => boolean, literal?: Uint8Array): Promise<Tagged> {
    const tagged = await this.#connection.command(text, onUntagged, literal);
    if (tagged.status !== "OK") throw new ServerRefused(/^(?:UID )?\S+/.exec(text)?.[0] ?? "", tagged);
    return tagged;
  }

  #onUntagged({ kind, number, raw }: Untagged): void {
    // RFC 5465 §5.8: after an overflow it tells nothing any more, of the selected folder neither.
    const isOverflow = kind === "OK" && raw.text.includes("[NOTIFICATIONOVERFLOW");
    if (kind === "STATUS" || isOverflow) this.onElsewhere?.(isOverflow);
    if (kind === "OK" && this.#isIdle && this.notices.note(performance.now())) this.#options.onRhythm?.();
    if (kind === "FETCH") this.onFlags?.();
    if (kind === "EXISTS") {
      const more = number - this.exists;
      this.exists = number;
      if (more <= 0) return;
      this.arrived += more;
      this.#options.onExists();
    } else if (kind === "EXPUNGE") {
      this.exists = Math.max(0, this.exists - 1);
    }
  }
}
