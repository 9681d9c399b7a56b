import type { ReadMail } from "./publish-mail.ts";

interface Awaited {
  readonly since: number;
  readonly tries: number;
  /** How often it was postponed since it was last published. */
  readonly waits: number;
}

/** Mails published whose decision has not come: for how long, and how often they were published. */
export class AwaitedDecisions {
  readonly #mails = new Map<number, Awaited>();
  #lastPublished = Number.NEGATIVE_INFINITY;

  get size(): number {
    return this.#mails.size;
  }

  /** Milliseconds since the last publication: decisions follow within few. */
  get quietMs(): number {
    return performance.now() - this.#lastPublished;
  }

  add(mails: readonly Pick<ReadMail, "uid">[]): void {
    this.#lastPublished = performance.now();
    for (const { uid } of mails) {
      const tries = (this.#mails.get(uid)?.tries ?? 0) + 1;
      this.#mails.set(uid, { since: this.#lastPublished, tries, waits: 0 });
    }
  }

  delete(uid: number): void {
    this.#mails.delete(uid);
  }

  /** Keeps what is known of these, forgets the rest, begins to wait for the new ones; `due` makes all of them due at once. */
  reset(uids: readonly number[], due: boolean): void {
    const before = new Map(this.#mails);
    this.#mails.clear();
    for (const uid of uids) {
      const known = before.get(uid) ?? { since: performance.now(), tries: 1, waits: 0 };
      this.#mails.set(uid, due ? { ...known, since: Number.NEGATIVE_INFINITY } : known);
    }
  }

  /** Waiting longer than `afterMs`, twice as long after each further try, at most 16 times. Ascending. */
  due(afterMs: number): readonly number[] {
    const now = performance.now();
    const due: number[] = [];
    // Asked at each step of a backlog: nothing is made of the thousands that are not due.
    for (const [uid, mail] of this.#mails) if (now >= dueAt(mail, afterMs)) due.push(uid);
    return due.sort((a, b) => a - b);
  }

  /** How often a mail was published, at most, among these. */
  tries(uids: readonly number[]): number {
    return Math.max(0, ...uids.map((uid) => this.#mails.get(uid)?.tries ?? 0));
  }

  /** How often one of these was postponed, at most, since it was published. */
  waits(uids: readonly number[]): number {
    return Math.max(0, ...uids.map((uid) => this.#mails.get(uid)?.waits ?? 0));
  }

  /** It seems that nothing was lost, it only takes long: wait again as long. */
  postpone(uids: readonly number[]): void {
    for (const uid of uids) {
      const mail = this.#mails.get(uid);
      if (mail !== undefined) this.#mails.set(uid, { ...mail, since: performance.now(), waits: mail.waits + 1 });
    }
  }

  /** Milliseconds until the next one is due; infinite when nothing is awaited. */
  nextDueMs(afterMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const mail of this.#mails.values()) next = Math.min(next, dueAt(mail, afterMs));
    return Math.max(0, next - performance.now());
  }
}

function dueAt({ since, tries }: Awaited, afterMs: number): number {
  return since + afterMs * 2 ** Math.min(4, tries - 1);
}
