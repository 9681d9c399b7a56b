/** How many may leave in a minute, at most; absent: as many as the relay takes. */
export interface Rates {
  /** Of whatever leaves. */
  readonly inAll?: number | undefined;
  /** To one domain; `default` for those that are not named. */
  readonly perDomain: Readonly<Record<string, number>>;
  /** Of one sender. */
  readonly perSender?: number | undefined;
}

/** What is limited of a mail. */
export interface PacedMail {
  readonly sender: string;
  readonly domain: string;
  /** Those of one queue that cannot leave soon come again one after the other; no other queue waits behind them. */
  readonly queue: string;
  /** It shares the mail of the one before it: together they are one of all that leave. */
  readonly isTogether?: boolean;
}

/** When a mail may leave. `later`: not soon, nothing is kept for it, and at that moment it may ask again. */
export interface Slot {
  readonly kind: "soon" | "later";
  /** Epoch ms. */
  readonly at: number;
}

interface Limit {
  readonly name: string;
  readonly perMinute: number;
}

const MINUTE_MS = 60_000;

function limitsOf({ inAll, perDomain, perSender }: Rates, { domain, sender, isTogether }: PacedMail): readonly Limit[] {
  const own: Limit[] = [];
  // A domain may have the name of what every object has.
  const toDomain = Object.hasOwn(perDomain, domain) ? perDomain[domain] : perDomain["default"];
  if (toDomain !== undefined) own.push({ name: `domain ${domain}`, perMinute: toDomain });
  if (perSender !== undefined) own.push({ name: `sender ${sender}`, perMinute: perSender });
  // Spaced by itself, it may miss the mail that it would have shared.
  const isCounted = inAll !== undefined && (own.length > 0 || isTogether !== true);
  return isCounted ? [...own, { name: "all", perMinute: inAll }] : own;
}

const laterOf = (queue: string, name: string): string => `later ${queue} ${name}`;

/** The names of all moments that count for this mail; none: nothing is limited. */
export function momentNames(rates: Rates, mail: PacedMail): readonly string[] {
  return limitsOf(rates, mail).flatMap(({ name }) => [name, laterOf(mail.queue, name)]);
}

/** Gives each mail the moment when it may leave: one after the other at the distance that the rates demand. */
export class Moments {
  readonly #rates: Rates;
  /** Name → when the next may leave, or ask again, epoch ms. */
  readonly #next: Map<string, number>;
  readonly #changed = new Set<string>();
  #last: Slot | null = null;

  /** `next`: as {@link changed} had it before. */
  constructor(rates: Rates, next: Iterable<readonly [string, number]>) {
    this.#rates = rates;
    this.#next = new Map(next);
  }

  /** The next moment for a mail; `soon` is what comes within `patienceMs`. */
  take(mail: PacedMail, { now, patienceMs }: { readonly now: number; readonly patienceMs: number }): Slot {
    const limits = limitsOf(this.#rates, mail);
    const shared = mail.isTogether === true ? this.#last : null;
    if (limits.length === 0) return shared ?? { kind: "soon", at: now };
    const nextOf = (names: readonly string[], least: number): number =>
      Math.max(least, ...names.map((name) => this.#next.get(name) ?? least));
    const names = limits.map(({ name }) => name);
    const laters = names.map((name) => laterOf(mail.queue, name));
    const soon = nextOf(names, now);
    const isSoon = soon <= now + patienceMs;
    const at = isSoon ? soon : nextOf(laters, soon);
    for (const [index, { perMinute }] of limits.entries())
      this.#set((isSoon ? names : laters)[index] ?? "", at + MINUTE_MS / perMinute);
    this.#last = { kind: isSoon ? "soon" : "later", at };
    return this.#last;
  }

  /** What is to be kept for those that come after. */
  get changed(): readonly (readonly [string, number])[] {
    return [...this.#changed].map((name) => [name, this.#next.get(name) ?? 0]);
  }

  #set(name: string, at: number): void {
    this.#next.set(name, at);
    this.#changed.add(name);
  }
}
