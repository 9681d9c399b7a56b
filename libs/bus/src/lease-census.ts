/** Who takes part, and since when partitions have been free, as seen over the polls. */
export class LeaseCensus {
  #members: readonly string[] = [];
  readonly #freeSince = new Map<number, number>();

  members(): readonly string[] {
    return this.#members;
  }

  /** `true` when somebody came or went since the last poll. */
  see(members: readonly string[], wanted: ReadonlySet<number>, taken: ReadonlySet<number>): boolean {
    const changed = members.length !== this.#members.length || members.some((name) => !this.#members.includes(name));
    this.#members = members;
    if (changed) this.#freeSince.clear();
    for (const p of this.#freeSince.keys()) if (taken.has(p) || !wanted.has(p)) this.#freeSince.delete(p);
    for (const p of wanted) if (!taken.has(p) && !this.#freeSince.has(p)) this.#freeSince.set(p, performance.now());
    return changed;
  }

  /** Partitions that nobody took for so long, though everybody could. */
  orphaned(forMs: number): ReadonlySet<number> {
    const before = performance.now() - forMs;
    return new Set([...this.#freeSince].filter(([, since]) => since < before).map(([p]) => p));
  }

  /** What was free may be its holder's again in a moment: the count begins anew. */
  restart(): void {
    this.#freeSince.clear();
  }
}
