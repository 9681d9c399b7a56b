/** Lets connections to one host begin: so many per second, so many at once (a mass reconnect must not knock the server over). */
export class ConnectGate {
  readonly #perSecond: number;
  readonly #atOnce: number;
  #running = 0;
  #nextStart = 0;
  readonly #waiting = new Set<() => void>();

  constructor(perSecond: number, atOnce: number) {
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
  }

  /** Runs `connect` when it may. Rejects with the signal's reason where it is aborted while waiting. */
  async pass<T>(signal: AbortSignal, connect: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await connect();
    } finally {
      this.#running -= 1;
      this.#callNext();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    while (this.#running >= this.#atOnce && !signal.aborted) await this.#turn(signal);
    if (signal.aborted) {
      // Perhaps it was our turn.
      this.#callNext();
      signal.throwIfAborted();
    }
    this.#running += 1;
    const start = Math.max(this.#nextStart, performance.now());
    this.#nextStart = start + 1000 / this.#perSecond;
    const wait = start - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  #callNext(): void {
    if (this.#running >= this.#atOnce) return;
    const [wake] = this.#waiting;
    wake?.();
  }
}

/** One gate per host, made when first asked for. */
export function connectGates(perSecond: number, atOnce: number): (host: string | undefined) => ConnectGate {
  const gates = new Map<string | undefined, ConnectGate>();
  return (host) => {
    const gate = gates.get(host) ?? new ConnectGate(perSecond, atOnce);
    gates.set(host, gate);
    return gate;
  };
}
