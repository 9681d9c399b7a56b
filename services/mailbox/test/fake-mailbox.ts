import { formatInternalDate } from "../src/imap/internal-date.ts";
import { store } from "./fake-answers.ts";

/** A mail of {@link FakeFolder}. Flags as the server shows them. */
export interface FakeMail {
  readonly uid: number;
  readonly raw: Buffer;
  /** Epoch ms, whole seconds. */
  readonly internalDate: number;
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
    const internalDate = Math.floor((mail.internalDate ?? Date.now()) / 1000) * 1000;
    this.modSeq += 1;
    this.mails.push({ uid, raw: Buffer.from(raw), internalDate, flags: new Set(mail.flags), modSeq: this.modSeq });
    return uid;
  }

  /** Another client, or ours, changes flags of these. */
  store(set: string, request: string): void {
    this.modSeq += 1;
    for (const mail of this.pick(set)) if (store(mail.flags, request)) mail.modSeq = this.modSeq;
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

  /** `UID set`, `SINCE date`, `BEFORE date`, `KEYWORD flag`, `UNDELETED` and `ALL`, all of which must hold. */
  search(criteria: string): FakeMail[] {
    const words = criteria.split(" ");
    let found = this.mails;
    while (words.length > 0) {
      const word = words.shift();
      if (word === "UID") {
        const named = new Set(this.pick(words.shift() ?? ""));
        found = found.filter((mail) => named.has(mail));
      } else if (word === "SINCE") {
        const since = Date.parse(`${words.shift()} UTC`);
        found = found.filter(({ internalDate }) => Math.floor(internalDate / DAY_MS) * DAY_MS >= since);
      } else if (word === "BEFORE") {
        const before = Date.parse(`${words.shift()} UTC`);
        found = found.filter(({ internalDate }) => internalDate < before);
      } else if (word === "KEYWORD") {
        const keyword = (words.shift() ?? "").toLowerCase();
        found = found.filter(({ flags }) => [...flags].some((flag) => flag.toLowerCase() === keyword));
      } else if (word === "HEADER") {
        const name = `${words.shift()?.toLowerCase()}:`;
        const value = words.shift()?.replaceAll('"', "") ?? "";
        const lines = (mail: FakeMail): readonly string[] => mail.raw.toString("latin1").split("\r\n");
        found = found.filter((mail) =>
          lines(mail).some((line) => line.toLowerCase().startsWith(name) && line.includes(value)),
        );
      } else if (word === "UNDELETED") found = found.filter(({ flags }) => !flags.has("\\Deleted"));
      else if (word !== "ALL") throw new Error(`the fake server does not know SEARCH ${word}`);
    }
    return found;
  }
}

/** The items of one FETCH answer, with the body section as a literal. Reading without PEEK sets \Seen. */
export function fetchItems(mail: FakeMail, request: string, sizeFactor = 1): Buffer {
  const body = /BODY(\.PEEK)?(\[[^\]]*\])(?:<(\d+)\.(\d+)>)?/.exec(request);
  if (body !== null && body[1] === undefined) mail.flags.add("\\Seen");
  const items = [
    `UID ${mail.uid}`,
    `FLAGS (${[...mail.flags].join(" ")})`,
    `INTERNALDATE "${formatInternalDate(mail.internalDate)}"`,
    `RFC822.SIZE ${Math.round(mail.raw.length * sizeFactor)}`,
    ...(request.includes("CHANGEDSINCE") ? [`MODSEQ (${mail.modSeq})`] : []),
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
