import { z } from "zod";
import { type DueList, dueList } from "./due-list.ts";
import { type JournaledCopy, journaledCopy } from "./journaled-copy.ts";
import { type AskedMarks, askedMark } from "./receipts/asked-mark.ts";
import { markerOf } from "./rewrite-marker.ts";
import { type UidRange, UidRanges } from "./uid-ranges.ts";
import { decodeMark, encodeMark, storedMark, type WatchMark } from "./watch-mark.ts";

/** design.md §Nothing is lost: at most so many fingerprints; 43 KB of the 64 KB a record may have. */
const MAX_PRINTS = 4_000;
const MAX_RECORD_BYTES = 65_536;
/** Kept even where the other parts leave no room for them. */
const MIN_PRINTS = 500;
const PRINT_BYTES = 8;

const uidRange = z.tuple([z.number().int(), z.number().int()]);

const storedRecord = z.object({
  v: z.literal(1),
  token: z.number(),
  uidValidity: z.number(),
  published: z.number(),
  handed: z.number().optional(),
  settled: z.array(uidRange),
  newest: z.number(),
  /** 8 bytes each, oldest first, base64. */
  prints: z.string(),
  /** The copies begun and not yet known to be done. */
  open: z.array(journaledCopy),
  /** Made again from the roster: each copy is looked for before it is made. */
  rebuiltFrom: z.number().optional(),
  lastSeen: z.number(),
  snoozed: dueList.optional(),
  /** Folders whose mail scripts are run on because of what happens there over IMAP. */
  watched: z.array(storedMark).optional(),
  /** Folders with mail on which receipts are asked. */
  asked: z.array(askedMark).optional(),
});

/**
 * What Tamis knows of one account's INBOX. `published` = highest UID that JetStream acknowledged, or whose decision it did. `settled` =
 * every UID that was applied, kept, parked or gone: its first range is the low mark, the rest lies above it.
 */
export interface AccountRecord {
  uidValidity: number;
  published: number;
  /**
   * Highest UID handed to `filter`, or about to be, which may be decided on and carried out before anybody hears of it; of no meaning below
   * `published`.
   */
  handed: number;
  settled: UidRanges;
  /** INTERNALDATE of the newest settled mail, epoch ms; 0 = none. */
  newest: number;
  prints: Fingerprints;
  open: readonly JournaledCopy[];
  rebuiltFrom: number | undefined;
  /** Epoch ms. */
  lastSeen: number;
  /** When snoozed mails wake; undefined: none sleep. */
  snoozed: DueList | undefined;
  /** By the names of the folders; INBOX is none of them. */
  watched: ReadonlyMap<string, WatchMark>;
  /** By the names of the folders. */
  asked: AskedMarks;
}

/** The last fingerprints, oldest forgotten first. */
export class Fingerprints {
  readonly #order = new Set<string>();

  constructor(hex: Iterable<string> = []) {
    for (const print of hex) this.add(print);
  }

  has(print: string): boolean {
    return this.#order.has(print);
  }

  add(print: string): void {
    this.#order.delete(print);
    this.#order.add(print);
    if (this.#order.size <= MAX_PRINTS) return;
    const [oldest] = this.#order;
    if (oldest !== undefined) this.#order.delete(oldest);
  }

  delete(print: string): void {
    this.#order.delete(print);
  }

  /** The newest, at most `max`. */
  toBase64(max = MAX_PRINTS): string {
    return Buffer.from([...this.#order].slice(-max).join(""), "hex").toString("base64");
  }

  static fromBase64(text: string): Fingerprints {
    const bytes = Buffer.from(text, "base64");
    const hex: string[] = [];
    for (let i = 0; i + PRINT_BYTES <= bytes.length; i += PRINT_BYTES)
      hex.push(bytes.toString("hex", i, i + PRINT_BYTES));
    return new Fingerprints(hex);
  }
}

/** A record for a mailbox whose mails up to and including `through` are left alone. */
export function newRecord(uidValidity: number, through: number, now: number): AccountRecord {
  return {
    uidValidity,
    published: through,
    handed: through,
    settled: new UidRanges(through > 0 ? [[1, through]] : []),
    newest: 0,
    prints: new Fingerprints(),
    open: [],
    rebuiltFrom: undefined,
    lastSeen: now,
    snoozed: undefined,
    watched: new Map(),
    asked: new Map(),
  };
}

/** A mail of INBOX as it is settled. */
export interface SettledMail {
  readonly uid: number;
  readonly fingerprint: string;
  /** INTERNALDATE, epoch ms. */
  readonly internalDate: number;
}

/** Marks a mail as settled; it is known again by its fingerprint. */
export function settle(record: AccountRecord, mail: SettledMail): void {
  record.settled.add(mail.uid);
  record.prints.add(mail.fingerprint);
  record.newest = Math.max(record.newest, mail.internalDate);
}

/** UIDs between the mark `published` and `through` that none of these mails has, ascending, are settled: nothing will ever come of them. */
export function settleGaps(record: AccountRecord, mails: readonly { readonly uid: number }[], through: number): void {
  let next = record.published + 1;
  for (const { uid } of mails) {
    if (uid > next) record.settled.add(next, uid - 1);
    next = Math.max(next, uid + 1);
  }
  if (through >= next) record.settled.add(next, through);
}

/**
 * What is new of these mails. One known by its fingerprint was put back into INBOX by its owner and is left there, and so is one that a holder
 * before us stored anew and had no time to write down: these are settled.
 */
export function freshOf<T extends SettledMail & { readonly bytes: Uint8Array }>(
  record: AccountRecord,
  mails: readonly T[],
): readonly T[] {
  return mails.filter((mail) => {
    if (record.settled.has(mail.uid)) return false;
    const isKnown = record.prints.has(mail.fingerprint) || isRewritten(record, mail.bytes);
    if (isKnown) settle(record, mail);
    return !isKnown;
  });
}

/** Moves the mark `published` over what is settled right behind it: nothing has to come of that any more. */
export function passSettled(record: AccountRecord): void {
  record.published = record.settled.endOf(record.published + 1) ?? record.published;
}

/** Whether a mail, by its first bytes, was stored anew by a plan that is under way. */
export function isRewritten(
  { open: ofInbox, watched }: Pick<AccountRecord, "open" | "watched">,
  bytes: Uint8Array,
): boolean {
  const open = [...ofInbox, ...[...watched.values()].flatMap((mark) => mark.open)];
  if (open.every(({ nonce }) => nonce === undefined)) return false;
  const marker = markerOf(bytes);
  return marker !== null && open.some(({ nonce }) => nonce === marker.nonce);
}

/** Whether a mail of this copy waits still: then the journal keeps it, whatever is carried out meanwhile. */
export function isOpen(record: AccountRecord, copy: JournaledCopy): boolean {
  return copy.uids.some(([from, to]) => !record.settled.hasAll(from, to));
}

/** Published and not settled: what waits for a decision or its execution, as ranges in which UIDs may be missing. */
export function unsettled(record: AccountRecord): UidRange[] {
  return record.settled.missing(record.published);
}

/** At most 64 KB: where many ranges need the room, the oldest fingerprints are left out. */
export function encodeRecord(record: AccountRecord, token: number): Uint8Array {
  const rest: Omit<z.infer<typeof storedRecord>, "prints"> = {
    v: 1,
    token,
    uidValidity: record.uidValidity,
    published: record.published,
    ...(record.handed > record.published ? { handed: record.handed } : {}),
    settled: record.settled.toJSON().map(([from, to]) => [from, to]),
    newest: record.newest,
    open: record.open.map((copy) => ({ ...copy })),
    ...(record.rebuiltFrom === undefined ? {} : { rebuiltFrom: record.rebuiltFrom }),
    lastSeen: record.lastSeen,
    ...(record.snoozed === undefined ? {} : { snoozed: record.snoozed }),
    ...(record.watched.size === 0 ? {} : { watched: [...record.watched.values()].map(encodeMark) }),
    ...(record.asked.size === 0 ? {} : { asked: [...record.asked.values()] }),
  };
  const text = JSON.stringify(rest);
  const room = MAX_RECORD_BYTES - Buffer.byteLength(text) - ',"prints":""'.length;
  const prints = record.prints.toBase64(Math.max(MIN_PRINTS, Math.floor(((room - 4) * 3) / 4 / PRINT_BYTES)));
  return Buffer.from(`${text.slice(0, -1)},"prints":"${prints}"}`);
}

/** Throws `SyntaxError` or `ZodError` where the bytes are no record: a person must look. */
export function decodeRecord(bytes: Uint8Array): { readonly record: AccountRecord; readonly token: number } {
  const stored = storedRecord.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  return {
    token: stored.token,
    record: {
      uidValidity: stored.uidValidity,
      published: stored.published,
      handed: stored.handed ?? stored.published,
      settled: new UidRanges(stored.settled),
      newest: stored.newest,
      prints: Fingerprints.fromBase64(stored.prints),
      open: stored.open,
      rebuiltFrom: stored.rebuiltFrom,
      lastSeen: stored.lastSeen,
      snoozed: stored.snoozed,
      watched: new Map(stored.watched?.map((mark) => [mark.folder, decodeMark(mark)])),
      asked: new Map(stored.asked?.map((mark) => [mark.folder, mark])),
    },
  };
}
