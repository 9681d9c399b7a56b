import { z } from "zod";
import { type UidRange, UidRanges } from "./uid-ranges.ts";

const ranges = z.array(z.tuple([z.number().int(), z.number().int()]));

/** A {@link FlagMemory} as it is written: whose flags are known, and by flag the mails that have it. */
export const storedFlags = z.object({ known: ranges, flags: z.record(z.string(), ranges) });
export type StoredFlags = Readonly<z.infer<typeof storedFlags>>;

/** A mail with its flags as the server shows them. */
export interface FlaggedMail {
  readonly uid: number;
  readonly flags: readonly string[];
}

/** RFC 3501 §2.3.2: of the session, not of the mail. */
const RECENT = "\\recent";

/**
 * Which flags the mails of one folder had when they were last looked at: IMAP tells that a mail changed (RFC 7162 §3.1.4) and how
 * it is now, not how it was. By flag, as ranges: in most folders nearly all mails are \\Seen. Holds state.
 */
export class FlagMemory {
  #known: UidRanges;
  /** By lower-case name (RFC 9051 §2.3.2). */
  readonly #flags: Map<string, { readonly name: string; uids: UidRanges }>;

  constructor(stored: StoredFlags = { known: [], flags: {} }) {
    this.#known = new UidRanges(stored.known);
    this.#flags = new Map(
      Object.entries(stored.flags).map(([name, uids]) => [name.toLowerCase(), { name, uids: new UidRanges(uids) }]),
    );
  }

  /** Begins with these mails, ascending, and nothing else. Of UIDs between two of them, which no mail has any more, nothing matters. */
  static of(mails: readonly FlaggedMail[]): FlagMemory {
    const memory = new FlagMemory();
    const last = new Map<string, number>();
    for (const [i, { uid, flags }] of mails.entries()) {
      const before = mails[i - 1]?.uid;
      memory.#known.add(before === undefined ? uid : before + 1, uid);
      for (const name of flags.filter(isLasting)) {
        const follows = before !== undefined && last.get(name.toLowerCase()) === before;
        memory.#uidsWith(name).add(follows ? before + 1 : uid, uid);
        last.set(name.toLowerCase(), uid);
      }
    }
    return memory;
  }

  knows(uid: number): boolean {
    return this.#known.has(uid);
  }

  /** The flags that differ from those remembered, in order of their names; all of them are remembered then. */
  update({ uid, flags }: FlaggedMail): readonly string[] {
    const now = new Map(flags.filter(isLasting).map((name) => [name.toLowerCase(), name]));
    const changed: string[] = [];
    for (const [key, { name, uids }] of this.#flags) {
      if (!uids.has(uid) || now.has(key)) continue;
      uids.remove(uid);
      changed.push(name);
    }
    for (const [key, name] of now) {
      if (this.#flags.get(key)?.uids.has(uid) === true) continue;
      this.#uidsWith(name).add(uid);
      changed.push(name);
    }
    this.#known.add(uid);
    return changed.sort();
  }

  /** What a STORE of ours changes. Returns those of these mails that it changes something of, as far as it is known. */
  store(uids: readonly number[], sign: "+" | "-", flags: readonly string[]): readonly number[] {
    const changed = new Set<number>();
    for (const name of flags.filter(isLasting)) {
      const having = this.#uidsWith(name);
      for (const uid of uids) {
        if (!this.#known.has(uid) || having.has(uid) === (sign === "+")) continue;
        if (sign === "+") having.add(uid);
        else having.remove(uid);
        changed.add(uid);
      }
    }
    return [...changed];
  }

  /** Forgets the oldest mails until what is written has at most so many characters. */
  trim(maxLength: number): void {
    let known = this.#known.toJSON();
    while (known.length > 0 && JSON.stringify(this).length > maxLength) {
      const [first, last] = [known[0]?.[0] ?? 0, known.at(-1)?.[1] ?? 0];
      const cut = first + Math.max(1, Math.ceil((last - first) / 2));
      this.#known = from(this.#known, cut);
      for (const entry of this.#flags.values()) entry.uids = from(entry.uids, cut);
      known = this.#known.toJSON();
    }
  }

  toJSON(): StoredFlags {
    const flags = [...this.#flags.values()].filter(({ uids }) => uids.toJSON().length > 0);
    return {
      known: pairs(this.#known),
      flags: Object.fromEntries(flags.map(({ name, uids }) => [name, pairs(uids)])),
    };
  }

  #uidsWith(name: string): UidRanges {
    const entry = this.#flags.get(name.toLowerCase()) ?? { name, uids: new UidRanges() };
    this.#flags.set(name.toLowerCase(), entry);
    return entry.uids;
  }
}

const isLasting = (name: string): boolean => name.toLowerCase() !== RECENT;

const pairs = (uids: UidRanges): [number, number][] => uids.toJSON().map(([low, high]) => [low, high]);

const from = (uids: UidRanges, cut: number): UidRanges =>
  new UidRanges(uids.toJSON().flatMap(([low, high]): UidRange[] => (high < cut ? [] : [[Math.max(low, cut), high]])));
