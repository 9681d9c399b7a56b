/** How many may leave in a minute, at most; absent: as many as the relay takes. */
export interface Rates {
  /** To one domain; `default` for those that are not named. */
  readonly perDomain: Readonly<Record<string, number>>;
  /** Of one sender. */
  readonly perSender: number | undefined;
}

const MINUTE_MS = 60_000;
/** What is not asked for within this is forgotten. */
const SWEEP_AT = 10_000;

/** When a mail may leave. `later`: not soon, nothing is kept for it, and at that moment it may ask again. */
export interface Slot {
  readonly kind: "soon" | "later";
  /** Epoch ms. */
  readonly at: number;
}

interface Limit {
  readonly name: string;
  readonly perMinute: number | undefined;
}

/** Gives each mail the moment when it may leave: one after the other at the distance that the rate demands, for its domain and its sender. */
export class Slots {
  readonly #rates: Rates;
  /** Name → when the next may leave, epoch ms. */
  readonly #next = new Map<string, number>();
  /** Name → when the next of those that have to come again may ask. */
  readonly #later = new Map<string, number>();

  constructor(rates: Rates) {
    this.#rates = rates;
  }

  /** The next moment for a mail; `soon` is what comes within `patienceMs`. */
  take(
    { sender, domain }: { readonly sender: string; readonly domain: string },
    { now, patienceMs }: { readonly now: number; readonly patienceMs: number },
  ): Slot {
    const { perDomain, perSender } = this.#rates;
    const limits: readonly Limit[] = [
      { name: `domain ${domain}`, perMinute: perDomain[domain] ?? perDomain["default"] },
      { name: `sender ${sender}`, perMinute: perSender },
    ];
    const soon = Math.max(now, ...limits.map(({ name }) => this.#next.get(name) ?? now));
    const isSoon = soon <= now + patienceMs;
    const at = isSoon ? soon : Math.max(soon, ...limits.map(({ name }) => this.#later.get(name) ?? soon));
    const moments = isSoon ? this.#next : this.#later;
    for (const { name, perMinute } of limits)
      if (perMinute !== undefined) moments.set(name, at + MINUTE_MS / perMinute);
    if (moments.size > SWEEP_AT) forget(moments, now);
    return { kind: isSoon ? "soon" : "later", at };
  }
}

function forget(moments: Map<string, number>, now: number): void {
  for (const [name, at] of moments) if (at <= now) moments.delete(name);
}
