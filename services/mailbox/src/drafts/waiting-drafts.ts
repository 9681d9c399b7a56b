/** A folder as STATUS told of it. */
interface Told {
  readonly uidValidity: number;
  readonly uidNext: number;
}

/** Epoch ms. */
interface Waiting {
  /** When it was first seen there: what its words count from. */
  readonly seenAt: number;
  /** Since when it is to lie untouched. */
  readonly since: number;
}

interface Folder extends Told {
  /** By UID. */
  readonly drafts: Map<number, Waiting>;
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
    const before = known?.uidValidity === told.uidValidity ? known.drafts : new Map<number, Waiting>();
    const drafts = new Map(uids.map((uid) => [uid, before.get(uid) ?? { seenAt: now, since: now }]));
    this.#folders.set(name, { ...told, drafts });
  }

  /** Those that nobody has touched for so long, with when they were first seen; the oldest first. */
  quiet(name: string, now: number, quietMs: number): readonly (readonly [number, number])[] {
    return [...(this.#folders.get(name)?.drafts ?? [])]
      .filter(([, { since }]) => since + quietMs <= now)
      .map(([uid, { seenAt }]) => [uid, seenAt] as const)
      .sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  }

  /** When one of them has been left alone for so long; infinite where none waits. */
  nextAt(quietMs: number): number {
    const all = [...this.#folders.values()].flatMap(({ drafts }) => [...drafts.values()]);
    return Math.min(...all.map(({ since }) => since)) + quietMs;
  }

  uidValidity(name: string): number {
    return this.#folders.get(name)?.uidValidity ?? 0;
  }

  /** It is not there any more, or not to be sent. */
  drop(name: string, uid: number): void {
    this.#folders.get(name)?.drafts.delete(uid);
  }

  /** It waits as long again. */
  postpone(name: string, uid: number, now: number): void {
    const { drafts } = this.#folders.get(name) ?? {};
    drafts?.set(uid, { seenAt: drafts.get(uid)?.seenAt ?? now, since: now });
  }

  /** The folder is gone, or to be looked through anew. */
  forget(name: string): void {
    this.#folders.delete(name);
  }
}
