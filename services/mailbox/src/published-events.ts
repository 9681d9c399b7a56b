import type { AccountRecord } from "./account-record.ts";
import { type PendingEvent, pendingKey, type WatchMark } from "./watch-mark.ts";

interface Published {
  /** `performance.now()` of the last time. */
  readonly at: number;
  /** 0: NATS has not taken it yet. */
  readonly tries: number;
}

/** When the open events of an account were published, and when they are to be again because their decisions do not come. */
export class PublishedEvents {
  readonly #afterMs: number;
  readonly #published = new Map<string, Published>();

  /** `afterMs`: how long a decision is waited for at first; twice as long after each further try, at most 16 times. */
  constructor(afterMs: number) {
    this.#afterMs = afterMs;
  }

  /** They are about to be published: until they are they are due at once. */
  begin(mark: WatchMark, events: readonly PendingEvent[]): void {
    for (const event of events) {
      const { tries } = this.#published.get(nameOf(mark, event)) ?? { tries: 0 };
      this.#published.set(nameOf(mark, event), { at: Number.NEGATIVE_INFINITY, tries });
    }
  }

  /** Published, or found to be on their way still: waited for anew. */
  wait(mark: WatchMark, events: readonly PendingEvent[]): void {
    for (const event of events)
      this.#published.set(nameOf(mark, event), { at: performance.now(), tries: this.tries(mark, [event]) + 1 });
  }

  /** How often one of these was published, at most. */
  tries(mark: WatchMark, events: readonly PendingEvent[]): number {
    return Math.max(0, ...events.map((event) => this.#published.get(nameOf(mark, event))?.tries ?? 0));
  }

  /** Those whose decision did not come in time, or that were not published; at most `max`. */
  due(mark: WatchMark, max: number): readonly PendingEvent[] {
    const now = performance.now();
    return [...mark.pending.values()].filter((event) => this.#dueAt(mark, event) <= now).slice(0, max);
  }

  /** `performance.now()` when the next of these folders' events is due; what is known of closed ones is forgotten. */
  nextDue({ watched }: Pick<AccountRecord, "watched">): number {
    let next = Number.POSITIVE_INFINITY;
    const open = new Set<string>();
    for (const mark of watched.values()) {
      for (const event of mark.pending.values()) {
        next = Math.min(next, this.#dueAt(mark, event));
        open.add(nameOf(mark, event));
      }
    }
    for (const name of this.#published.keys()) if (!open.has(name)) this.#published.delete(name);
    return next;
  }

  /** One from before this connection may be under way still. */
  #dueAt(mark: WatchMark, event: PendingEvent): number {
    const name = nameOf(mark, event);
    const { at, tries } = this.#published.get(name) ?? { at: performance.now(), tries: 1 };
    this.#published.set(name, { at, tries });
    return at + this.#afterMs * 2 ** Math.min(4, Math.max(0, tries - 1));
  }
}

const nameOf = (mark: WatchMark, event: PendingEvent): string => `${mark.folder}\0${pendingKey(event)}`;
