import type { AccountState, MailboxStatus } from "@tamis/contracts";
import { type DueList, nextDueAt } from "./due-list.ts";

const MINUTE_MS = 60_000;
const MAX_SAMPLES = 10_000;

/** What `tamis status` shows of one instance. */
export class MailboxStats {
  settled = 0;
  snoozed = 0;
  woken = 0;
  /** When snoozed mail wakes next, epoch ms, by account. */
  readonly #wakes = new Map<string, number>();
  readonly #startedAt = Date.now();
  readonly #instance: string;
  readonly #states = new Map<string, { readonly state: AccountState; readonly reason: string }>();
  #samples: { readonly at: number; readonly lagMs: number }[] = [];

  constructor(instance: string) {
    this.#instance = instance;
  }

  setState(accountId: string, state: AccountState | null, reason = ""): void {
    if (state !== null) this.#states.set(accountId, { state, reason });
    else {
      this.#states.delete(accountId);
      this.#wakes.delete(accountId);
    }
  }

  setNextWake(accountId: string, list: DueList | undefined): void {
    if (list === undefined) this.#wakes.delete(accountId);
    else this.#wakes.set(accountId, nextDueAt(list));
  }

  /** One mail settled; `lagMs` = from its being seen to now. */
  noteSettled(lagMs: number): void {
    this.settled += 1;
    this.#samples.push({ at: Date.now(), lagMs });
    if (this.#samples.length > 2 * MAX_SAMPLES) this.#samples = this.#samples.slice(-MAX_SAMPLES);
  }

  countsByState(): Readonly<Partial<Record<AccountState, number>>> {
    const counts: Partial<Record<AccountState, number>> = {};
    for (const { state } of this.#states.values()) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  report(partitions: number, wanted: number): MailboxStatus {
    const recent = this.#samples.filter(({ at }) => Date.now() - at < MINUTE_MS).map(({ lagMs }) => lagMs);
    recent.sort((a, b) => a - b);
    const troubled = [...this.#states]
      .filter(([, { state, reason }]) => state === "parked" || state === "held" || reason !== "")
      .map(([accountId, { state, reason }]) => ({ accountId, state, reason }));
    return {
      v: 1,
      instance: this.#instance,
      startedAt: this.#startedAt,
      partitions,
      wanted,
      accounts: this.countsByState(),
      settled: this.settled,
      settledLastMinute: recent.length,
      lagP50Ms: quantile(recent, 0.5),
      lagP99Ms: quantile(recent, 0.99),
      snooze: this.#snoozes(),
      troubled: troubled.slice(0, 1_000),
    };
  }

  #snoozes(): NonNullable<MailboxStatus["snooze"]> {
    let nextAt = Number.POSITIVE_INFINITY;
    for (const at of this.#wakes.values()) nextAt = Math.min(nextAt, at);
    const { snoozed, woken } = this;
    return { snoozed, woken, accounts: this.#wakes.size, nextAt: Number.isFinite(nextAt) ? nextAt : null };
  }
}

function quantile(sorted: readonly number[], q: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? null;
}
