import type { AccountState, MailboxStatus } from "@tamis/contracts";

const MINUTE_MS = 60_000;
const MAX_SAMPLES = 10_000;

/** What `tamis status` shows of one instance. */
export class MailboxStats {
  settled = 0;
  readonly #startedAt = Date.now();
  readonly #instance: string;
  readonly #states = new Map<string, { readonly state: AccountState; readonly reason: string }>();
  #samples: { readonly at: number; readonly lagMs: number }[] = [];

  constructor(instance: string) {
    this.#instance = instance;
  }

  setState(accountId: string, state: AccountState | null, reason = ""): void {
    if (state === null) this.#states.delete(accountId);
    else this.#states.set(accountId, { state, reason });
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
      troubled: troubled.slice(0, 1_000),
    };
  }
}

function quantile(sorted: readonly number[], q: number): number | null {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? null;
}
