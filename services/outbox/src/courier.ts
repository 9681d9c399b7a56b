import { Alarm } from "./alarm.ts";
import { type DeliverDeps, deliver } from "./deliver.ts";
import type { Pace } from "./pace.ts";
import type { ClaimedSending, Result, Work } from "./tables/work.ts";

export interface CourierOptions extends Omit<DeliverDeps, "isStopping" | "work" | "log"> {
  readonly work: Work;
  /** Names this process in leases. */
  readonly instance: string;
  /** Sendings at once. */
  readonly connections: number;
  readonly pace: Pace | null;
  readonly leaseMs: number;
  readonly log: DeliverDeps["log"] & { error(fields: Readonly<Record<string, unknown>>, event: string): void };
  /** Recipients of a sending came to a result, after so many ms. */
  readonly onResults: (sending: ClaimedSending, results: readonly Result[], ms: number) => void;
  /** Runs one sending, under its trace. */
  readonly traced: (sending: ClaimedSending, send: () => Promise<void>) => Promise<void>;
}

/** Between two looks at the ledger, where nobody says that there is something to do, ms. */
const LOOK_MS = 1_000;
const LEAST_PAUSE_MS = 10;

/** Takes what is due out of the ledger and gives it to the relay. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #deps: DeliverDeps;
  readonly #alarm = new Alarm();
  readonly #running = new Set<Promise<void>>();
  /** Leases in use: lease → its sendings under way. */
  readonly #leases = new Map<string, number>();
  #claims = 0;
  #stopping = false;
  #loop: Promise<void> = Promise.resolve();
  #renewing: NodeJS.Timeout | undefined;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#deps = { ...options, isStopping: () => this.#stopping };
  }

  start(): void {
    this.#loop = this.#run();
    this.#renewing = setInterval(() => void this.#renew(), this.#options.leaseMs / 3);
  }

  /** There may be something to do. */
  wake(): void {
    this.#alarm.ring();
  }

  /** Takes nothing new, and waits for what is under way, at most `graceMs`: after that connections are cut. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#alarm.ring();
    await this.#loop;
    const cut = setTimeout(() => this.#options.pool.abort(), graceMs);
    await Promise.all(this.#running);
    clearTimeout(cut);
    clearInterval(this.#renewing);
    await this.#options.pool.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      let pause = LOOK_MS;
      try {
        pause = await this.#round();
      } catch (err) {
        this.#options.log.warn({ err }, "claim-failed");
      }
      if (pause > 0) await this.#alarm.wait(pause);
    }
  }

  /** Claims what there is room for; how long to wait for the next look, ms. */
  async #round(): Promise<number> {
    const { connections, pace, work, now, leaseMs, instance, relay } = this.#options;
    const time = now().getTime();
    if (time < relay.pausedUntil) return Math.min(LOOK_MS, relay.pausedUntil - time);
    const room = (relay.isDown ? 1 : connections) - this.#running.size;
    if (room <= 0) return LOOK_MS;
    const allowed = pace?.take(room, time) ?? room;
    if (allowed === 0) return Math.max(LEAST_PAUSE_MS, Math.min(LOOK_MS, pace?.waitMs ?? 0));
    const lease = `${instance}/${++this.#claims}`;
    const sendings = await work.claim(allowed, { name: lease, until: new Date(time + leaseMs) }, now());
    pace?.giveBack(allowed - sendings.length);
    if (sendings.length > 0) this.#leases.set(lease, sendings.length);
    for (const sending of sendings) this.#begin(lease, sending);
    return sendings.length < allowed ? this.#untilNext() : 0;
  }

  async #untilNext(): Promise<number> {
    const { work, now } = this.#options;
    const next = await work.nextDue(now());
    const left = next === null ? LOOK_MS : next.getTime() - now().getTime();
    return Math.min(LOOK_MS, Math.max(LEAST_PAUSE_MS, left));
  }

  #begin(lease: string, sending: ClaimedSending): void {
    const { traced, log } = this.#options;
    const done = traced(sending, () => this.#send(lease, sending))
      .catch((err: unknown) => log.error({ err, mailId: sending.mailId }, "sending-failed"))
      .finally(() => {
        this.#running.delete(done);
        const left = (this.#leases.get(lease) ?? 0) - 1;
        if (left > 0) this.#leases.set(lease, left);
        else this.#leases.delete(lease);
        this.#alarm.ring();
      });
    this.#running.add(done);
  }

  async #send(lease: string, sending: ClaimedSending): Promise<void> {
    const began = performance.now();
    const results = await deliver(lease, sending, this.#deps);
    this.#options.onResults(sending, results, performance.now() - began);
  }

  async #renew(): Promise<void> {
    const { work, leaseMs, now, log } = this.#options;
    await work
      .renew([...this.#leases.keys()], new Date(now().getTime() + leaseMs))
      .catch((err: unknown) => log.warn({ err }, "lease-not-renewed"));
  }
}
