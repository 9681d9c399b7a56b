import type { Decision, Plan } from "@tamis/contracts";
import { FINGERPRINT_SECTION, fingerprintOf } from "../src/fingerprint.ts";
import type { CopyResult } from "../src/imap/copy-uid.ts";
import type { FetchedMail } from "../src/imap/fetched-mail.ts";
import type { ImapSession, SelectedFolder } from "../src/imap/imap-session.ts";
import type { Folder } from "../src/imap/list-folders.ts";
import { formatUidSet } from "../src/imap/sequence-set.ts";
import { ServerRefused } from "../src/imap/server-refused.ts";
import { FakeFolder, type FakeMail } from "./fake-mailbox.ts";

const ALL = ["MOVE", "UIDPLUS", "IDLE"];

/** An IMAP session without a connection: folders in memory, and what was asked of them. */
export class PlainSession {
  readonly closed = null;
  readonly folders = new Map<string, FakeFolder>();
  readonly capabilities: ReadonlySet<string>;
  /** `MOVE 1:2 A` … in order. */
  readonly calls: string[] = [];
  /** Command → the response code it is refused with. */
  readonly refusals = new Map<string, string>();
  /** Listed, and not given by FETCH. */
  readonly unreadable = new Set<number>();
  permanentFlags: ReadonlySet<string> | null = null;
  /** Before each call is carried out. */
  onCall: (call: string) => void = () => undefined;
  selected: SelectedFolder | null = null;

  constructor(capabilities: readonly string[] = ALL) {
    this.capabilities = new Set(capabilities);
    this.add("INBOX");
    this.selected = this.#describe(this.inbox);
  }

  get inbox(): FakeFolder {
    return this.folder("INBOX");
  }

  /** As what is tested takes it. */
  get asSession(): ImapSession {
    // Proof: every method called by the code under test is below, with the same signature.
    return this as unknown as ImapSession;
  }

  add(name: string, attributes: readonly string[] = []): FakeFolder {
    const folder = new FakeFolder(name, 100 + this.folders.size, attributes);
    this.folders.set(name, folder);
    return folder;
  }

  folder(name: string): FakeFolder {
    const folder = this.folders.get(name);
    if (folder === undefined) throw refusal("SELECT", "NONEXISTENT");
    return folder;
  }

  async select(name: string): Promise<SelectedFolder> {
    this.#call("SELECT", name);
    this.selected = this.#describe(this.folder(name));
    return this.selected;
  }

  async status(name: string): Promise<{ uidValidity: number; uidNext: number } | null> {
    this.#call("STATUS", name);
    return this.folders.get(name) ?? null;
  }

  async search(criteria: string): Promise<number[]> {
    this.#call("SEARCH", criteria);
    return this.#current.search(criteria).map(({ uid }) => uid);
  }

  async fetch(set: string, section: string | null, onMail: (mail: FetchedMail) => void): Promise<void> {
    this.#call("FETCH", set);
    for (const mail of this.#current.pick(set)) if (!this.unreadable.has(mail.uid)) onMail(fetched(mail, section));
    this.#refuse("FETCH given");
  }

  async move(uids: readonly number[], target: string): Promise<CopyResult> {
    this.#call("MOVE", `${formatUidSet(uids)} ${target}`);
    const result = this.#copy(uids, target);
    this.#current.remove(new Set(uids));
    return result;
  }

  async copy(uids: readonly number[], target: string): Promise<CopyResult> {
    this.#call("COPY", `${formatUidSet(uids)} ${target}`);
    return this.#copy(uids, target);
  }

  async store(uids: readonly number[], sign: "+" | "-", flags: readonly string[]): Promise<void> {
    this.#call("STORE", `${formatUidSet(uids)} ${sign}${flags.join(" ")}`);
    for (const mail of this.#current.pick(formatUidSet(uids)))
      for (const flag of flags) mail.flags[sign === "+" ? "add" : "delete"](flag);
  }

  async uidExpunge(uids: readonly number[]): Promise<void> {
    this.#call("EXPUNGE", formatUidSet(uids));
    const marked = this.#current.pick(formatUidSet(uids)).filter(({ flags }) => flags.has("\\Deleted"));
    this.#current.remove(new Set(marked.map(({ uid }) => uid)));
  }

  async create(name: string): Promise<void> {
    this.#call("CREATE", name);
    this.add(name);
  }

  async list(): Promise<readonly Folder[]> {
    this.#call("LIST", "");
    return [...this.folders.values()].map(({ name, attributes }) => ({
      name,
      attributes: new Set(attributes),
      separator: "/",
    }));
  }

  /** `Folder: uids` of every folder that holds mail. */
  places(): readonly string[] {
    return [...this.folders.values()]
      .filter(({ mails }) => mails.length > 0)
      .map(
        ({ name, mails }) =>
          `${name}: ${mails.map(({ raw }) => /^Subject: (.*)$/m.exec(raw.toString())?.[1]).join(" ")}`,
      );
  }

  get #current(): FakeFolder {
    return this.folder(this.selected?.name ?? "");
  }

  #copy(uids: readonly number[], name: string): CopyResult {
    const target = this.folders.get(name);
    if (target === undefined) throw refusal("COPY", "TRYCREATE");
    const mails = this.#current.pick(formatUidSet(uids));
    const pairs = mails.map(({ uid, raw, ...more }) => [uid, target.add(raw, more)] as const);
    return { uidValidity: target.uidValidity, uids: new Map(this.capabilities.has("UIDPLUS") ? pairs : []) };
  }

  #describe({ name, uidValidity, uidNext }: FakeFolder): SelectedFolder {
    return { name, uidValidity, uidNext, uidNotSticky: false, permanentFlags: this.permanentFlags };
  }

  #call(name: string, args: string): void {
    this.calls.push(`${name} ${args}`.trim());
    this.onCall(this.calls.at(-1) ?? "");
    this.#refuse(name);
  }

  #refuse(name: string): void {
    const code = this.refusals.get(name);
    if (code !== undefined) throw refusal(name, code);
  }
}

function refusal(command: string, code: string): ServerRefused {
  return new ServerRefused(command, { status: "NO", code, codeText: "", text: "no" });
}

function fetched({ uid, raw, internalDate, flags }: FakeMail, section: string | null): FetchedMail {
  return { uid, size: raw.length, internalDate, flags: [...flags], bytes: section === null ? Buffer.alloc(0) : raw };
}

/** A mail's text, known by its subject. */
export const text = (subject: string): string => `Message-ID: <${subject}@ac.test>\nSubject: ${subject}\n\nhello\n`;

/** A decision about a mail that is in the folder, or was. */
export function decisionOn(folder: FakeFolder, uid: number, plan: Plan): Decision {
  const mail = folder.mails.find((one) => one.uid === uid);
  const printed = mail === undefined ? null : fetched(mail, FINGERPRINT_SECTION);
  return {
    uid,
    internalDate: printed?.internalDate ?? 0,
    fingerprint: printed === null ? `gone-${uid}` : fingerprintOf(printed),
    plan,
    times: { seenAt: 1, fetchedAt: 2, receivedByFilterAt: 3, decidedAt: 4 },
  };
}
