/** A folder as STATUS told of it. */
interface Told {
  readonly uidValidity: number;
  readonly uidNext: number;
}

interface Folder extends Told {
  /** Since when each draft is there: UID → epoch ms. */
  readonly since: Map<number, number>;
}

/**
 * The drafts of an account that may be sent later, and since when each has been seen. A mail never changes (RFC 9051 §2.3.1.1): whoever saves a draft
 * stores another one, and that one is as new as it can be. Nothing of it is written down: after a restart they wait once more.
 */
export class WaitingDrafts {
  readonly #folders = new Map<string, Folder>();

  /** Whether anything may have come since the folder was looked through. */
  isNews(name: string, { uidValidity, uidNext }: Told): boolean {
    const known = this.#folders.get(name);
    return known === undefined || known.uidValidity !== uidValidity || uidNext > known.uidNext;
  }

  /** These are there now, and no others; `told` is from before they were looked for. */
  note(name: string, told: Told, uids: readonly number[], now: number): void {
    const known = this.#folders.get(name);
    const before = known?.uidValidity === told.uidValidity ? known.since : new Map<number, number>();
    const since = new Map(uids.map((uid) => [uid, before.get(uid) ?? now]));
    this.#folders.set(name, { ...told, since });
  }

  /** Those that nobody has touched for so long, with when they were first seen; the oldest first. */
  quiet(name: string, now: number, quietMs: number): readonly (readonly [number, number])[] {
    const since = this.#folders.get(name)?.since ?? new Map<number, number>();
    return [...since].filter(([, at]) => at + quietMs <= now).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  }

  /** When one of them has been left alone for so long; infinite where none waits. */
  nextAt(quietMs: number): number {
    const firsts = [...this.#folders.values()].map(({ since }) => Math.min(...since.values()));
    return Math.min(...firsts) + quietMs;
  }

  uidValidity(name: string): number {
    return this.#folders.get(name)?.uidValidity ?? 0;
  }

  /** It is not there any more, or not to be sent. */
  drop(name: string, uid: number): void {
    this.#folders.get(name)?.since.delete(uid);
  }

  /** It waits as long again. */
  postpone(name: string, uid: number, now: number): void {
    this.#folders.get(name)?.since.set(uid, now);
  }

  /** The folder is gone, or to be looked through anew. */
  forget(name: string): void {
    this.#folders.delete(name);
  }
}
