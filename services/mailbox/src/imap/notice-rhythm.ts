/** Untagged OKs that follow each other faster are of other kinds. */
const SHORTEST_NOTICE_MS = 1_000;

/**
 * A server's regular "still here" within one IDLE (Dovecot, Cyrus): once its rhythm is known, its silence means
 * something. Times are `performance.now()`.
 */
export class NoticeRhythm {
  /** How often the server says by itself that it is there, ms; infinite while it never did. */
  everyMs = Number.POSITIVE_INFINITY;
  #last = Number.NaN;

  /** Another IDLE begins: only two notices of the same one tell the rhythm. */
  begin(): void {
    this.#last = Number.NaN;
  }

  /** True the first time that the rhythm is known. */
  note(at: number): boolean {
    const gap = at - this.#last;
    this.#last = at;
    if (!(gap > SHORTEST_NOTICE_MS)) return false;
    const isFirst = this.everyMs === Number.POSITIVE_INFINITY;
    this.everyMs = gap;
    return isFirst;
  }

  /** The server was there all the same: its notices are rarer than they seemed. */
  slowDown(): void {
    this.everyMs *= 2;
  }
}
