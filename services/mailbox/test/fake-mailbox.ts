import { formatInternalDate } from "../src/imap/internal-date.ts";
import { store } from "./fake-answers.ts";

/** A mail of {@link FakeFolder}. Flags as the server shows them. */
export interface FakeMail {
  readonly uid: number;
  readonly raw: Buffer;
  /** Epoch ms, whole seconds. */
  readonly internalDate: number;
  /** RFC 8514: when it came into this folder, epoch ms, whole seconds. */
  readonly savedAt: number;
  readonly flags: Set<string>;
  /** RFC 7162 §3.1: of its last change. */
  modSeq: number;
}

const DAY_MS = 86_400_000;

/** One folder in memory, with UIDs as RFC 9051 §2.3.1.1 wants them. */
export class FakeFolder {
  readonly name: string;
  readonly attributes: readonly string[];
  uidValidity: number;
  uidNext = 1;
  /** HIGHESTMODSEQ. */
  modSeq = 1;
  /** RFC 8474 §4: empty where it has none. */
  mailboxId = "";
  mails: FakeMail[] = [];

  constructor(name: string, uidValidity: number, attributes: readonly string[] = []) {
    this.name = name;
    this.uidValidity = uidValidity;
    this.attributes = attributes;
  }

  add(raw: Buffer | string, mail: { readonly flags?: Iterable<string>; readonly internalDate?: number } = {}): number {
    const uid = this.uidNext;
    this.uidNext += 1;
    const savedAt = Math.floor(Date.now() / 1000) * 1000;
    const internalDate = Math.floor((mail.internalDate ?? savedAt) / 1000) * 1000;
    this.modSeq += 1;
    const flags = new Set(mail.flags);
    this.mails.push({ uid, raw: Buffer.from(raw), internalDate, savedAt, flags, modSeq: this.modSeq });
    return uid;
  }

  /** Another client, or ours, changes flags of these; RFC 7162 §3.1.3 UNCHANGEDSINCE leaves out those that changed. The answer. */
  store(set: string, request: string): string {
    const [, since, plain = request] = /^\(UNCHANGEDSINCE (\d+)\) (.*)$/.exec(request) ?? [];
    const isLeft = ({ modSeq }: FakeMail): boolean => since !== undefined && modSeq > Number(since);
    const modified = this.pick(set).filter(isLeft);
    this.modSeq += 1;
    for (const mail of this.pick(set)) if (!isLeft(mail) && store(mail.flags, plain)) mail.modSeq = this.modSeq;
    return modified.length === 0 ? "OK done" : `OK [MODIFIED ${modified.map(({ uid }) => uid).join(",")}] not all`;
  }

  remove(uids: ReadonlySet<number>): void {
    this.mails = this.mails.filter(({ uid }) => !uids.has(uid));
  }

  /** RFC 9051 §2.3.1.1: another UIDVALIDITY, and UIDs from 1 again. */
  renumber(): void {
    this.uidValidity += 1;
    this.mails = this.mails.map((mail, i) => ({ ...mail, uid: i + 1 }));
    this.uidNext = this.mails.length + 1;
  }

  /** By UID set; `*` is the last mail, and a range may be given backwards: `n:*` always names one. */
  pick(set: string): FakeMail[] {
    const highest = this.mails.at(-1)?.uid ?? 0;
    const ranges = set.split(",").map((part) => {
      const [from = 0, to = from] = part.split(":").map((word) => (word === "*" ? highest : Number(word)));
      return [Math.min(from, to), Math.max(from, to)] as const;
    });
    return this.mails.filter(({ uid }) => ranges.some(([from, to]) => from <= uid && uid <= to));
  }

  /** The mails that a FETCH is answered with: RFC 7162 §3.1.4 CHANGEDSINCE leaves out the others. */
  pickFor(set: string, request: string): FakeMail[] {
    const since = Number(/CHANGEDSINCE (\d+)/.exec(request)?.[1] ?? 0);
    return this.pick(set).filter(({ modSeq }) => modSeq > since);
  }

  /** The search keys below, all of which must hold. */
  search(criteria: string): FakeMail[] {
    const words = criteria.split(" ");
    let found = this.mails;
    while (words.length > 0) found = found.filter(this.#key(words));
    return found;
  }

  #key(words: string[]): (mail: FakeMail) => boolean {
    const word = words.shift();
    switch (word) {
      case "UID": {
        const named = new Set(this.pick(words.shift() ?? ""));
        return (mail) => named.has(mail);
      }
      case "SINCE": {
        const since = Date.parse(`${words.shift()} UTC`);
        return ({ internalDate }) => Math.floor(internalDate / DAY_MS) * DAY_MS >= since;
      }
      case "BEFORE": {
        const before = Date.parse(`${words.shift()} UTC`);
        return ({ internalDate }) => internalDate < before;
      }
      case "KEYWORD":
        return withFlag(words.shift() ?? "");
      case "UNKEYWORD": {
        const has = withFlag(words.shift() ?? "");
        return (mail) => !has(mail);
      }
      case "SEEN":
        return withFlag("\\Seen");
      case "UNDELETED":
        return ({ flags }) => !flags.has("\\Deleted");
      case "MODSEQ": {
        const least = Number(words.shift());
        return ({ modSeq }) => modSeq >= least;
      }
      case "OR": {
        const [one, other] = [this.#key(words), this.#key(words)];
        return (mail) => one(mail) || other(mail);
      }
      case "HEADER": {
        const name = `${words.shift()?.toLowerCase()}:`;
        const value = words.shift()?.replaceAll('"', "") ?? "";
        return ({ raw }) =>
          raw
            .toString("latin1")
            .split("\r\n")
            .some((line) => line.toLowerCase().startsWith(name) && line.includes(value));
      }
      case "ALL":
        return () => true;
      default:
        throw new Error(`the fake server does not know SEARCH ${word}`);
    }
  }
}

const withFlag =
  (name: string) =>
  ({ flags }: FakeMail): boolean =>
    [...flags].some((flag) => flag.toLowerCase() === name.toLowerCase());

/** The items of one FETCH answer, with the body section as a literal. Reading without PEEK sets \Seen. */
export function fetchItems(mail: FakeMail, request: string, sizeFactor = 1): Buffer {
  const body = /BODY(\.PEEK)?(\[[^\]]*\])(?:<(\d+)\.(\d+)>)?/.exec(request);
  if (body !== null && body[1] === undefined) mail.flags.add("\\Seen");
  const items = [
    `UID ${mail.uid}`,
    `FLAGS (${[...mail.flags].join(" ")})`,
    `INTERNALDATE "${formatInternalDate(mail.internalDate)}"`,
    `RFC822.SIZE ${Math.round(mail.raw.length * sizeFactor)}`,
    ...(request.includes("SAVEDATE") ? [`SAVEDATE "${formatInternalDate(mail.savedAt)}"`] : []),
    ...(/CHANGEDSINCE|MODSEQ/.test(request) ? [`MODSEQ (${mail.modSeq})`] : []),
  ];
  if (body === null) return Buffer.from(items.join(" "), "latin1");
  const [, , section = "[]", from, length] = body;
  let bytes = sectionOf(mail.raw, section);
  if (from !== undefined) bytes = bytes.subarray(Number(from), Number(from) + Number(length));
  const name = `BODY${section}${from === undefined ? "" : `<${from}>`}`;
  return Buffer.concat([Buffer.from(`${items.join(" ")} ${name} {${bytes.length}}\r\n`, "latin1"), bytes]);
}

function sectionOf(raw: Buffer, section: string): Buffer {
  const end = raw.indexOf("\r\n\r\n");
  const header = raw.subarray(0, end < 0 ? raw.length : end + 4);
  if (section === "[]") return raw;
  const names = /FIELDS \(([^)]*)\)/.exec(section)?.[1]?.toLowerCase().split(" ");
  if (names === undefined) return header;
  const fields = header.toString("latin1").split(/\r\n(?![ \t])/);
  const wanted = fields.filter((field) => names.includes(field.slice(0, field.indexOf(":")).toLowerCase()));
  return Buffer.from(`${wanted.join("\r\n")}${wanted.length === 0 ? "" : "\r\n"}\r\n`, "latin1");
}
