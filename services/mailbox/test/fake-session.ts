import type { Socket } from "node:net";
import { annotationLine, listLines, statusLine, words } from "./fake-answers.ts";
import type { FakeCommand, FakeImap, Verdict } from "./fake-imap.ts";
import { type FakeFolder, type FakeMail, fetchItems } from "./fake-mailbox.ts";

const COMMAND = /^(\S+) ((?:UID )?\S+) ?(.*)$/i;

/** One connection to {@link FakeImap}. */
export class FakeSession {
  readonly #imap: FakeImap;
  readonly #socket: Socket;
  #input = "";
  #signedIn = false;
  #selected: FakeFolder | null = null;
  /** UIDs by sequence number, as this client was told. */
  #view: number[] = [];
  #idleTag: string | null = null;
  /** A command whose literal is on its way. */
  #upload: { readonly command: FakeCommand; readonly verdict: Verdict; readonly size: number } | null = null;
  /** The tag of an AUTHENTICATE that waits for its second line. */
  #authTag: string | null = null;
  /** The last words of a connection that is about to be cut. */
  #isMute = false;

  constructor(imap: FakeImap, socket: Socket) {
    this.#imap = imap;
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.#read(text));
    this.send(`* OK [CAPABILITY ${imap.capabilities}] ready`);
  }

  get isIdle(): boolean {
    return this.#idleTag !== null;
  }

  send(line: string | Buffer): void {
    this.sendRaw(Buffer.concat([Buffer.from(line), Buffer.from("\r\n")]));
  }

  /** Bytes without the end of a line. */
  sendRaw(bytes: string | Buffer): void {
    if (!this.#isMute && !this.#imap.faults.dead && !this.#socket.destroyed) this.#socket.write(bytes);
  }

  cut(): void {
    this.#socket.resetAndDestroy();
  }

  /** Tells an idle client what changed in its folder. */
  announce(): void {
    if (this.isIdle) this.#sync();
  }

  /** RFC 9051 §7.5.1: EXPUNGE one by one, then one EXISTS for all that came. */
  #sync(): void {
    if (this.#selected === null) return;
    const here = new Set(this.#selected.mails.map(({ uid }) => uid));
    for (let i = this.#view.length - 1; i >= 0; i--) {
      if (here.has(this.#view[i] ?? 0)) continue;
      this.#view.splice(i, 1);
      this.send(`* ${i + 1} EXPUNGE`);
    }
    const known = this.#view.length;
    for (const { uid } of this.#selected.mails) if (uid > (this.#view[known - 1] ?? 0)) this.#view.push(uid);
    if (this.#view.length > known) this.send(`* ${this.#view.length} EXISTS`);
  }

  #read(text: string): void {
    this.#input += text;
    for (;;) {
      const upload = this.#upload;
      if (upload !== null) {
        if (this.#input.length < upload.size + 2) return;
        this.#upload = null;
        const raw = this.#input.slice(0, upload.size);
        this.#input = this.#input.slice(upload.size + 2);
        this.#act(upload.command, upload.verdict, Buffer.from(raw, "latin1"));
        continue;
      }
      const end = this.#input.indexOf("\r\n");
      if (end < 0) return;
      const line = this.#input.slice(0, end);
      this.#input = this.#input.slice(end + 2);
      if (!this.#imap.faults.dead) this.#onLine(line);
    }
  }

  #onLine(line: string): void {
    if (this.#authTag !== null) this.#authenticate(this.#authTag, line);
    else if (this.#idleTag !== null) this.#onDone(line);
    else {
      const [, tag = "", verb = "", args = ""] = COMMAND.exec(line) ?? [];
      const command = { tag, verb: verb.toUpperCase(), args };
      if (this.#signedIn) this.#onCommand(command);
      else this.#signIn(command);
    }
  }

  #onDone(line: string): void {
    this.#imap.commands.push({ tag: "", verb: line, args: "" });
    if (this.#imap.faults.ignoreDone) return;
    const tag = this.#idleTag;
    this.#idleTag = null;
    this.send(line === "DONE" ? `${tag} OK IDLE completed` : `${tag} BAD expected DONE`);
  }

  #signIn({ tag, verb, args }: FakeCommand): void {
    const [first = "", second] = words(args);
    if (verb === "CAPABILITY") {
      this.send(`* CAPABILITY ${this.#imap.capabilities}`);
      this.send(`${tag} OK done`);
    } else if (verb === "LOGIN") {
      this.#welcome(tag, first, second ?? "");
    } else if (verb !== "AUTHENTICATE") {
      this.send(`${tag} BAD sign in first`);
    } else if (second !== undefined) {
      this.#authenticate(tag, second);
    } else {
      this.#authTag = tag;
      this.send("+ ");
    }
  }

  /** RFC 4616: authzid NUL authcid NUL password. */
  #authenticate(tag: string, base64: string): void {
    this.#authTag = null;
    const [, user = "", password = ""] = Buffer.from(base64, "base64").toString("utf8").split("\0");
    this.#welcome(tag, user, password);
  }

  #welcome(tag: string, user: string, password: string): void {
    this.#imap.signIns += 1;
    const refused = this.#imap.faults.refuse(user, password);
    this.#signedIn = refused === null;
    this.send(`${tag} ${refused ?? `OK [CAPABILITY ${this.#imap.capabilities}] welcome`}`);
  }

  #onCommand(command: FakeCommand): void {
    this.#imap.commands.push(command);
    const verdict = this.#imap.faults.verdict(command);
    if (verdict === "cut") this.cut();
    else if (typeof verdict !== "string") {
      for (const line of verdict) this.send(line.replace("TAG", command.tag));
    } else if (verdict !== "silent") {
      const size = /\{(\d+)\}$/.exec(command.args)?.[1];
      if (size === undefined) this.#act(command, verdict);
      else {
        this.#upload = { command, verdict, size: Number(size) };
        this.send("+ go on");
      }
    }
  }

  #act(command: FakeCommand, verdict: Verdict, literal?: Buffer): void {
    this.#isMute = verdict === "act-then-cut";
    const answer = literal === undefined ? this.#answer(command) : this.#imap.append(command.args, literal);
    if (literal !== undefined) this.#sync();
    if (answer !== null) this.send(`${command.tag} ${answer}`);
    if (this.#isMute) this.cut();
  }

  #answer(command: FakeCommand): string | null {
    if (!command.verb.startsWith("UID ")) return this.#answerPlain(command);
    if (this.#selected === null) return "BAD no folder is selected";
    this.#sync();
    const [set = "", ...rest] = command.args.split(" ");
    const answer = this.#answerUid(this.#selected, command.verb, set, rest.join(" "));
    this.#sync();
    return answer;
  }

  #answerPlain({ tag, verb, args }: FakeCommand): string | null {
    switch (verb) {
      case "NOOP":
        this.#sync();
        return "OK done";
      case "NAMESPACE":
        this.send('* NAMESPACE (("" "/")) NIL NIL');
        return "OK done";
      case "LIST":
        for (const line of listLines(this.#imap.folders.values(), args)) this.send(line);
        return "OK done";
      case "GETMETADATA":
        this.send(annotationLine(this.#imap.annotations, args));
        return "OK done";
      case "SELECT":
      case "EXAMINE":
        return this.#select(words(args)[0] ?? "");
      case "STATUS":
        return this.#status(words(args)[0] ?? "", args);
      case "CREATE":
        this.#imap.addFolder(words(args)[0] ?? "", [/\(USE \((.*)\)\)$/.exec(args)?.[1] ?? ""].filter(Boolean));
        return "OK done";
      case "SUBSCRIBE":
      case "NOTIFY":
        return "OK done";
      case "IDLE":
        if (!this.#imap.capabilities.includes("IDLE")) return "BAD unknown command";
        this.#idleTag = tag;
        this.send("+ idling");
        this.#sync();
        return null;
      case "LOGOUT":
        this.send("* BYE until soon");
        return "OK done";
      default:
        return "BAD unknown command";
    }
  }

  #select(name: string): string {
    const folder = this.#imap.folders.get(name);
    this.#selected = folder ?? null;
    if (folder === undefined) return "NO [NONEXISTENT] no such folder";
    this.#view = folder.mails.map(({ uid }) => uid);
    const { faults } = this.#imap;
    this.send("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)");
    this.send(`* ${this.#view.length} EXISTS`);
    this.send("* 0 RECENT");
    const codes = {
      PERMANENTFLAGS: `(${faults.permanentFlags})`,
      UIDVALIDITY: String(folder.uidValidity),
      UIDNEXT: String(folder.uidNext),
    };
    for (const [code, value] of Object.entries(codes))
      if (!faults.withoutCodes.has(code)) this.send(`* OK [${code} ${value}] so it is`);
    for (const line of faults.selectLines) this.send(line);
    return "OK [READ-WRITE] selected";
  }

  #status(name: string, items: string): string {
    const folder = this.#imap.folders.get(name);
    if (folder === undefined) return "NO [NONEXISTENT] no such folder";
    if (folder.attributes.includes("\\Noselect")) return "NO [CANNOT] only a name";
    this.send(statusLine(folder, items));
    return "OK done";
  }

  #answerUid(folder: FakeFolder, verb: string, set: string, rest: string): string {
    switch (verb) {
      case "UID SEARCH":
        this.send(
          `* SEARCH ${folder
            .search(`${set}${rest === "" ? "" : ` ${rest}`}`)
            .map(({ uid }) => uid)
            .join(" ")}`,
        );
        return "OK done";
      case "UID FETCH":
        for (const mail of folder.pickFor(set, rest)) this.#fetch(mail, rest);
        return "OK done";
      case "UID STORE":
        return folder.store(set, rest);
      case "UID COPY":
      case "UID MOVE":
        return this.#transfer(folder, verb, set, words(rest)[0] ?? "");
      case "UID EXPUNGE":
        folder.remove(
          new Set(
            folder
              .pick(set)
              .filter(({ flags }) => flags.has("\\Deleted"))
              .map(({ uid }) => uid),
          ),
        );
        return "OK done";
      default:
        return "BAD unknown command";
    }
  }

  #fetch(mail: FakeMail, request: string): void {
    const sequence = this.#view.indexOf(mail.uid) + 1;
    if (sequence === 0 || this.#imap.faults.unreadable.has(mail.uid)) return;
    this.send(
      Buffer.concat([
        Buffer.from(`* ${sequence} FETCH (`),
        fetchItems(mail, request, this.#imap.faults.sizeFactor),
        Buffer.from(")"),
      ]),
    );
  }

  #transfer(folder: FakeFolder, verb: string, set: string, name: string): string {
    const target = this.#imap.folders.get(name);
    if (target === undefined) return "NO [TRYCREATE] no such folder";
    const mails = folder.pick(set);
    if (mails.length === 0) return "OK no messages found";
    const uids = this.#imap.copy(mails, target);
    const code = `[COPYUID ${target.uidValidity} ${mails.map(({ uid }) => uid).join(",")} ${uids.join(",")}]`;
    const { copyUid: wanted } = this.#imap.faults;
    const usual = verb === "UID MOVE" ? "untagged" : "tagged";
    const copyUid = wanted === "standard" ? usual : wanted;
    if (copyUid === "untagged") this.send(`* OK ${code} so it is`);
    if (verb === "UID MOVE") folder.remove(new Set(mails.map(({ uid }) => uid)));
    return copyUid === "tagged" ? `OK ${code} done` : "OK done";
  }
}
