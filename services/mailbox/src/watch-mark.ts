import { z } from "zod";
import { FlagMemory, storedFlags } from "./flag-memory.ts";
import { type JournaledCopy, journaledCopy } from "./journaled-copy.ts";
import { UidRanges } from "./uid-ranges.ts";

/** Events of one account under way at once: they are in its record. */
export const MAX_PENDING = 256;
/** Mails that we are about to put into one folder. */
const MAX_EXPECTED = 1_000;
/** Characters that the flags of one folder may take in the record. */
const FLAGS_LENGTH = 16_384;

const pendingEvent = z.object({
  uid: z.number().int(),
  /** `new`, or of a change of flags its mod-sequence (RFC 7162 §3.1). */
  key: z.string(),
  cause: z.enum(["APPEND", "COPY", "FLAG"]),
  changedFlags: z.array(z.string()).readonly().optional(),
  after: z.number(),
});
/** Something that happened to a mail: it waits for its decision. */
export type PendingEvent = Readonly<z.infer<typeof pendingEvent>>;

export const storedMark = z.object({
  folder: z.string(),
  uidValidity: z.number(),
  through: z.number(),
  modSeq: z.string(),
  lookedAt: z.number(),
  pending: z.array(pendingEvent),
  ours: z.array(z.tuple([z.number().int(), z.number().int()])),
  expected: z.array(z.string()),
  open: z.array(journaledCopy),
  flags: storedFlags,
});

/** Up to where the events of a watched folder are seen, and which of them are open. Part of the account's record. */
export interface WatchMark {
  readonly folder: string;
  readonly uidValidity: number;
  /** Highest UID that was looked at. */
  through: number;
  /** HIGHESTMODSEQ up to which flags were looked at, a decimal number; empty where they are not followed. */
  modSeq: string;
  /** Epoch ms. */
  lookedAt: number;
  /** By uid and key. */
  readonly pending: Map<string, PendingEvent>;
  /** UIDs above `through` that are known to be of our own making. */
  ours: UidRanges;
  /** Fingerprints, or nonces of a `RewriteMarker`, of mails that we were about to put there. */
  expected: string[];
  /** Copies begun because of events of this folder. */
  open: readonly JournaledCopy[];
  flags: FlagMemory;
}

export const pendingKey = ({ uid, key }: Pick<PendingEvent, "uid" | "key">): string => `${uid} ${key}`;

/** Nothing that is in the folder now is an event. */
export function newMark(folder: string, at: Pick<WatchMark, "uidValidity" | "through" | "lookedAt">): WatchMark {
  const { uidValidity, through, lookedAt } = at;
  return {
    folder,
    uidValidity,
    through,
    lookedAt,
    modSeq: "",
    pending: new Map(),
    ours: new UidRanges(),
    expected: [],
    open: [],
    flags: new FlagMemory(),
  };
}

/** We are about to put a mail there. */
export function expectArrival(mark: WatchMark, name: string): void {
  mark.expected = [...mark.expected, name].slice(-MAX_EXPECTED);
}

/** It is not expected any more: it came, or cannot come. False where it was not. */
export function dropExpected(mark: WatchMark, name: string): boolean {
  const at = mark.expected.indexOf(name);
  if (at < 0) return false;
  mark.expected = mark.expected.toSpliced(at, 1);
  return true;
}

/** Whether we put the mail into the folder; each expectation is for one mail. */
export function isOurs(
  mark: WatchMark,
  {
    uid,
    fingerprint,
    marker,
  }: { readonly uid: number; readonly fingerprint: string; readonly marker: { readonly nonce: string } | null },
): boolean {
  if (mark.ours.has(uid)) return true;
  return dropExpected(mark, fingerprint) || (marker !== null && dropExpected(mark, marker.nonce));
}

/** All up to this UID was looked at. */
export function advance(mark: WatchMark, through: number): void {
  mark.through = Math.max(mark.through, through);
  mark.ours = new UidRanges(mark.ours.toJSON().filter(([, to]) => to > mark.through));
}

export function encodeMark(mark: WatchMark): z.infer<typeof storedMark> {
  const { pending, ours, expected, open, flags, ...plain } = mark;
  flags.trim(FLAGS_LENGTH);
  return {
    ...plain,
    pending: [...pending.values()],
    ours: ours.toJSON().map(([from, to]) => [from, to]),
    expected: [...expected],
    open: open.map((copy) => ({ ...copy })),
    flags: flags.toJSON(),
  };
}

export function decodeMark(stored: z.infer<typeof storedMark>): WatchMark {
  return {
    ...stored,
    pending: new Map(stored.pending.map((event) => [pendingKey(event), event])),
    ours: new UidRanges(stored.ours),
    flags: new FlagMemory(stored.flags),
  };
}
