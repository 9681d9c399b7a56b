import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bucket } from "@tamis/bus";
import { z } from "zod";

const seen = z.object({ first: z.number(), last: z.number() });
/** Epoch ms: when an account was first and last served. */
export type Seen = Readonly<z.infer<typeof seen>>;

const rosterFile = z.record(z.string(), seen);

/** How much older the stored "last seen" may be than the truth: a lost record makes Tamis look this much further back. */
const TOUCH_EVERY_MS = 5 * 60_000;

/**
 * Which accounts were served before, in a KV bucket and in a file of `state_dir`: so a lost record is told from a first
 * contact (design.md §Nothing is lost). Instances on one machine share the file; each writes the union.
 */
export class Roster {
  readonly #bucket: Bucket;
  readonly #path: string;
  readonly #file: Map<string, Seen>;
  readonly #written = new Map<string, number>();
  readonly #onUnsaved: (error: unknown) => void;
  #saveTimer: NodeJS.Timeout | null = null;

  /** `onUnsaved`: the file could not be written; the next touch tries again. */
  constructor(bucket: Bucket, stateDir: string, onUnsaved: (error: unknown) => void = () => undefined) {
    this.#bucket = bucket;
    this.#onUnsaved = onUnsaved;
    mkdirSync(stateDir, { recursive: true });
    this.#path = join(stateDir, "roster.json");
    this.#file = readRoster(this.#path);
  }

  /** When this account was served before; `null`: never. */
  async seen(accountId: string): Promise<Seen | null> {
    const entry = await this.#bucket.get(accountId);
    const stored = entry === null ? null : seen.parse(JSON.parse(Buffer.from(entry.value).toString("utf8")));
    const kept = this.#file.get(accountId) ?? null;
    if (stored === null || kept === null) return stored ?? kept;
    return union(stored, kept);
  }

  /** Neither the bucket nor the file knows any account. */
  async isEmpty(): Promise<boolean> {
    return this.#file.size === 0 && (await this.#bucket.keys()).length === 0;
  }

  /** The account is being served now. Written at most every five minutes. */
  async touch(accountId: string, now: number): Promise<void> {
    if (now - (this.#written.get(accountId) ?? 0) < TOUCH_EVERY_MS) return;
    const before = await this.seen(accountId);
    const entry: Seen = { first: before?.first ?? now, last: now };
    await this.#bucket.put(accountId, Buffer.from(JSON.stringify(entry)));
    this.#file.set(accountId, entry);
    this.#written.set(accountId, now);
    this.#saveTimer ??= setTimeout(() => this.#saveLater(), 1_000);
  }

  #saveLater(): void {
    try {
      this.save();
    } catch (error) {
      this.#onUnsaved(error);
    }
  }

  /** Writes the file now, whole, under another name first. Throws what the file system says. */
  save(): void {
    if (this.#saveTimer !== null) clearTimeout(this.#saveTimer);
    this.#saveTimer = null;
    for (const [accountId, other] of readRoster(this.#path)) {
      const own = this.#file.get(accountId);
      this.#file.set(accountId, own === undefined ? other : union(own, other));
    }
    // Several containers may share the folder, and each be process 1 in its own.
    const temporary = `${this.#path}.${randomUUID()}`;
    writeFileSync(temporary, JSON.stringify(Object.fromEntries(this.#file)), { mode: 0o600 });
    renameSync(temporary, this.#path);
  }
}

function union(one: Seen, other: Seen): Seen {
  return { first: Math.min(one.first, other.first), last: Math.max(one.last, other.last) };
}

/** A missing or damaged file knows nobody; the bucket still may. */
function readRoster(path: string): Map<string, Seen> {
  try {
    return new Map(Object.entries(rosterFile.parse(JSON.parse(readFileSync(path, "utf8")))));
  } catch {
    return new Map();
  }
}
