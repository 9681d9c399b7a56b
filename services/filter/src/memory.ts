import { createHmac, randomBytes } from "node:crypto";
import { type Bucket, RetryLater } from "@tamis/bus";
import {
  decodeScriptMemory,
  encodeScriptMemory,
  isMarked,
  type ScriptMark,
  type ScriptMemory,
  withMarks,
} from "@tamis/contracts";

/** Something that scripts remember: a mail seen (RFC 7352), or a sender answered (RFC 5230 §4.1). */
export interface Remembered {
  readonly kind: "duplicate" | "vacation";
  readonly key: string;
  /** Fingerprint of the mail that asks, or that makes the mark. */
  readonly mail: string;
}

/** The memory of one account while one batch of its mail is decided on: marks of earlier mails count at once. */
export interface MemorySession {
  /** Whether another mail left this mark, within its time. */
  knows(what: Remembered): Promise<boolean>;
  /** Marks; nobody else sees it before {@link commit}. */
  mark(what: Remembered, seconds: number): Promise<void>;
  /** Takes a mark back that was made in this session. */
  release(what: Remembered): Promise<void>;
  /**
   * Writes what was marked since the last time. False: somebody else marked meanwhile what this session took for unknown, so what was
   * decided has to be decided again, in another session.
   */
  commit(): Promise<boolean>;
}

/** Somebody else was faster: see {@link MemorySession.commit}. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
}

export interface MemoryOptions {
  readonly bucket: Pick<Bucket, "get" | "create" | "update">;
  /** A record that cannot be read: it is begun anew. */
  readonly onCorrupt: (fields: { readonly accountId: string }) => void;
}

/** Opens sessions. Without `remembers` nothing is written: a preview leaves no trace. */
export type OpenMemory = (account: {
  readonly accountId: string;
  /** Epoch ms. */
  readonly now: number;
  readonly remembers: boolean;
}) => MemorySession;

/** Writers of one record at once; each conflict means that another one got through. */
const MAX_TRIES = 16;

/** Sessions over KV `memory`; each reads its account's record when it is first asked. */
export function openMemory(options: MemoryOptions): OpenMemory {
  return (account) => new Session(account, options);
}

interface Read {
  readonly memory: ScriptMemory;
  /** Null: there is no record yet. */
  readonly revision: number | null;
}

class Session implements MemorySession {
  readonly #account: Parameters<OpenMemory>[0];
  readonly #options: MemoryOptions;
  /** What this session took for unknown, and for which mail. */
  readonly #unknown: { readonly hash: string; readonly mail: string }[] = [];
  #read: Read | null = null;
  #added: ScriptMark[] = [];
  #released: ScriptMark[] = [];
  #dirty = false;

  constructor(account: Parameters<OpenMemory>[0], options: MemoryOptions) {
    this.#account = account;
    this.#options = options;
  }

  async knows(what: Remembered): Promise<boolean> {
    const memory = await this.#current();
    const { hash, mail } = namesOf(memory.salt, what);
    const known = isMarked(memory, hash, { mail, now: this.#account.now });
    if (!known) this.#unknown.push({ hash, mail });
    return known;
  }

  async mark(what: Remembered, seconds: number): Promise<void> {
    const memory = await this.#current();
    const { hash, mail } = namesOf(memory.salt, what);
    const { now } = this.#account;
    // RFC 7352 §3.3, `:last`: a double makes the time of the mark longer, and leaves it to the first mail. A mark of its own would speak
    // against that one, were it decided on again, and each would be the other's double.
    const first = memory.marks.find((mark) => mark.hash === hash && mark.mail !== mail && mark.endsAt * 1000 > now);
    this.#added.push({ hash, mail: first?.mail ?? mail, endsAt: Math.ceil(now / 1000) + seconds });
    this.#dirty = true;
  }

  async release(what: Remembered): Promise<void> {
    const { salt } = await this.#current();
    const { hash, mail } = namesOf(salt, what);
    const isIt = (mark: ScriptMark): boolean => mark.hash === hash && mark.mail === mail;
    this.#released.push(...this.#added.filter(isIt));
    this.#added = this.#added.filter((mark) => !isIt(mark));
    this.#dirty = true;
  }

  async commit(): Promise<boolean> {
    if (!this.#dirty || !this.#account.remembers) return true;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const before = await this.#reading();
      const octets = encodeScriptMemory(await this.#current(), this.#account.now);
      if (await this.#write(octets, before.revision)) return true;
      this.#read = null;
      if (this.#isOvertaken(before.memory, (await this.#reading()).memory)) return false;
    }
    throw new RetryLater("the memory of an account is written by too many at once", { code: "memory-busy" });
  }

  /** Whether what others wrote makes something known that this session took for unknown. Hashes of another salt cannot be compared. */
  #isOvertaken(before: ScriptMemory, after: ScriptMemory): boolean {
    if (after.salt !== before.salt) return true;
    const own = new Set(this.#added.map(markName));
    const others = { ...after, marks: after.marks.filter((mark) => !own.has(markName(mark))) };
    return this.#unknown.some(({ hash, mail }) => isMarked(others, hash, { mail, now: this.#account.now }));
  }

  async #write(octets: Uint8Array, revision: number | null): Promise<boolean> {
    const { bucket } = this.#options;
    const { accountId } = this.#account;
    const written =
      revision === null ? await bucket.create(accountId, octets) : await bucket.update(accountId, octets, revision);
    if (written === null) return false;
    this.#read = { memory: await this.#current(), revision: written };
    this.#dirty = false;
    return true;
  }

  async #current(): Promise<ScriptMemory> {
    const { memory } = await this.#reading();
    const gone = new Set(this.#released.map(markName));
    const marks = memory.marks.filter((mark) => !gone.has(markName(mark)));
    return withMarks({ ...memory, marks }, this.#added);
  }

  async #reading(): Promise<Read> {
    if (this.#read !== null) return this.#read;
    const entry = await this.#options.bucket.get(this.#account.accountId);
    this.#read =
      entry === null
        ? { memory: blank(), revision: null }
        : { memory: this.#decoded(entry.value), revision: entry.revision };
    return this.#read;
  }

  #decoded(octets: Uint8Array): ScriptMemory {
    try {
      return decodeScriptMemory(octets);
    } catch {
      this.#options.onCorrupt({ accountId: this.#account.accountId });
      return blank();
    }
  }
}

const markName = ({ hash, mail }: ScriptMark): string => `${hash}${mail}`;

const blank = (): ScriptMemory => ({ salt: randomBytes(16).toString("hex"), marks: [] });

/**
 * What a mark is called, and the mail that it is of. A reply that was sent stays sent: its mark is under another name than that of its
 * mail, which `mailbox` takes back when the plan of the mail fails.
 */
function namesOf(salt: string, { kind, key, mail }: Remembered): { readonly hash: string; readonly mail: string } {
  return {
    hash: hashOf(salt, [kind, key]),
    mail: kind === "duplicate" ? mail : hashOf(salt, ["answered because of", mail]),
  };
}

/** 64 bits of a keyed hash: who reads the record learns neither Message-IDs nor senders. */
function hashOf(salt: string, parts: readonly string[]): string {
  return createHmac("sha256", Buffer.from(salt, "hex")).update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
