import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { parseInternalDate } from "../src/imap/internal-date.ts";
import { FakeFolder, type FakeMail } from "./fake-mailbox.ts";
import { FakeSession } from "./fake-session.ts";

/** A command as it came; `verb` holds UID with it. */
export interface FakeCommand {
  readonly tag: string;
  readonly verb: string;
  readonly args: string;
}

/**
 * What becomes of a command: `pass` = as a good server does; `silent` = no answer; `cut` = the connection is reset before
 * anything is done; `act-then-cut` = all is done, and reset before the answer; lines = they alone are sent, with the tag in place of `TAG`.
 */
export type Verdict = "pass" | "silent" | "cut" | "act-then-cut" | readonly string[];

/** How this server differs from a good one. May be changed at any time. */
export interface FakeFaults {
  /** Asked at each command after sign-in; may change the mailbox first. */
  verdict: (command: FakeCommand) => Verdict;
  /** The server's words to a sign-in, `NO …`; null lets it in. */
  refuse: (user: string, password: string) => string | null;
  /** UIDs that are counted and listed and not given. */
  readonly unreadable: Set<number>;
  /** Where COPYUID stands. `none` leaves out APPENDUID too. `standard`: untagged for MOVE (RFC 6851 §4.3), tagged for COPY (RFC 4315 §3). */
  copyUid: "standard" | "tagged" | "untagged" | "none";
  /** Lines of the answer to SELECT that are left out, by their response code. */
  readonly withoutCodes: Set<string>;
  /** More lines in the answer to SELECT. */
  readonly selectLines: string[];
  permanentFlags: string;
  /** What is kept of a mail that is stored by APPEND. */
  storeAs: (raw: Buffer) => Buffer;
  /** RFC822.SIZE as told, by the true one. */
  sizeFactor: number;
  /** DONE is not answered. */
  ignoreDone: boolean;
  /** Nothing is read or said any more, and connections stay open: a half-open peer. */
  dead: boolean;
}

export const GOOD_CAPABILITIES = "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE UIDPLUS MOVE NAMESPACE LIST-EXTENDED SPECIAL-USE";

/** An IMAP server on loopback for one user, all in memory, that can be told what to do wrong. */
export class FakeImap {
  readonly faults: FakeFaults = {
    verdict: () => "pass",
    refuse: () => null,
    unreadable: new Set(),
    copyUid: "standard",
    withoutCodes: new Set(),
    selectLines: [],
    permanentFlags: "\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*",
    storeAs: (raw) => raw,
    sizeFactor: 1,
    ignoreDone: false,
    dead: false,
  };
  /** In order, of all connections, without those of the sign-in. */
  readonly commands: FakeCommand[] = [];
  readonly folders = new Map<string, FakeFolder>();
  /** RFC 5464: `<folder> <entry>` → the value as it goes over the wire. */
  readonly annotations = new Map<string, string>();
  readonly sessions = new Set<FakeSession>();
  /** Sign-ins tried. */
  signIns = 0;
  readonly capabilities: string;
  readonly #server: Server;
  #nextUidValidity = 1_000;

  private constructor(capabilities: string) {
    this.capabilities = capabilities;
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.addFolder("INBOX");
    this.addFolder("Trash", ["\\Trash"]);
  }

  static async start(capabilities = GOOD_CAPABILITIES): Promise<FakeImap> {
    const imap = new FakeImap(capabilities);
    imap.#server.listen(0, "127.0.0.1");
    await once(imap.#server, "listening");
    return imap;
  }

  get port(): number {
    // Proof: it listens on TCP.
    return (this.#server.address() as AddressInfo).port;
  }

  get inbox(): FakeFolder {
    return this.folder("INBOX");
  }

  folder(name: string): FakeFolder {
    const folder = this.folders.get(name);
    if (folder === undefined) throw new Error(`no folder ${name} at the fake server`);
    return folder;
  }

  addFolder(name: string, attributes: readonly string[] = []): FakeFolder {
    const folder = new FakeFolder(name, this.#nextUidValidity, attributes);
    this.#nextUidValidity += 1;
    this.folders.set(name, folder);
    return folder;
  }

  /** These mails come into INBOX at once; idle connections hear of it in one EXISTS. */
  arrive(...raws: readonly (string | Buffer)[]): readonly number[] {
    const uids = raws.map((raw) => this.inbox.add(raw));
    this.announce();
    return uids;
  }

  /** Another client removes these from a folder. */
  expunge(folder: FakeFolder, uids: Iterable<number>): void {
    folder.remove(new Set(uids));
    this.announce();
  }

  /** Copies within the server: the UIDs there, in order. */
  copy(mails: readonly FakeMail[], target: FakeFolder): readonly number[] {
    return mails.map(({ raw, flags, internalDate }) => target.add(raw, { flags, internalDate }));
  }

  /** Tells idle connections what changed. */
  announce(): void {
    for (const session of this.sessions) session.announce();
  }

  /** Sends a line to every connection that is idle. */
  say(line: string): void {
    for (const session of this.sessions) if (session.isIdle) session.send(line);
  }

  /** How often a command came. */
  count(verb: string): number {
    return this.commands.filter((command) => command.verb === verb).length;
  }

  /** `Folder: message-id` of every mail, sorted. */
  places(): readonly string[] {
    const places: string[] = [];
    for (const { name, mails } of this.folders.values())
      for (const { raw } of mails)
        places.push(`${name}: ${/^Message-ID: <([^@>]*)/im.exec(raw.toString("latin1"))?.[1] ?? "?"}`);
    return places.sort();
  }

  /** RFC 9051 §6.3.12, RFC 4315 §3: the answer to APPEND. */
  append(args: string, raw: Buffer): string {
    const [, name = "", flags = "", date = ""] = /^"(.*?)" \(([^)]*)\)(?: "(.*?)")? \{\d+\}$/.exec(args) ?? [];
    const folder = this.folders.get(name);
    if (folder === undefined) return "NO [TRYCREATE] no such folder";
    const uid = folder.add(this.faults.storeAs(raw), {
      flags: flags.split(" ").filter(Boolean),
      internalDate: parseInternalDate(date),
    });
    return this.faults.copyUid === "none" ? "OK done" : `OK [APPENDUID ${folder.uidValidity} ${uid}] done`;
  }

  #accept(socket: Socket): void {
    const session = new FakeSession(this, socket);
    this.sessions.add(session);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sessions.delete(session));
  }

  async stop(): Promise<void> {
    for (const session of this.sessions) session.cut();
    this.#server.close();
    await once(this.#server, "close");
  }
}
