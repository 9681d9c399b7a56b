import { setTimeout as delay } from "node:timers/promises";
import { Alarm } from "@tamis/store";
import { type DeliverDeps, deliver, putOff } from "./deliver.ts";
import type { ClaimedSending, Result, Work } from "./tables/work.ts";

export interface CourierOptions extends Omit<DeliverDeps, "isStopping" | "work" | "log"> {
  readonly work: Work;
  /** Names this process in leases. */
  readonly instance: string;
  /** Sendings at once. */
  readonly connections: number;
  readonly leaseMs: number;
  readonly log: DeliverDeps["log"] & { error(fields: Readonly<Record<string, unknown>>, event: string): void };
  /** Recipients of a sending came to a result, after so many ms. */
  readonly onResults: (sending: ClaimedSending, results: readonly Result[], ms: number) => void;
  /** Runs one sending, under its trace. */
  readonly traced: (sending: ClaimedSending, send: () => Promise<void>) => Promise<void>;
}

/** Of mails in memory: beyond it nothing is claimed, and no claim brings more, unless it is one mail, octets. */
export const MOST_OCTETS = 64 * 1024 * 1024;
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
  #octets = 0;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #renewing: NodeJS.Timeout | undefined;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#deps = { ...options, isStopping: () => this.#stopping.signal.aborted };
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
    this.#stopping.abort();
    this.#alarm.ring();
    await this.#loop;
    const cut = setTimeout(() => this.#options.pool.abort(), graceMs);
    await Promise.all(this.#running);
    clearTimeout(cut);
    clearInterval(this.#renewing);
    await this.#options.pool.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
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
    const { connections, work, now, leaseMs, instance, relay } = this.#options;
    const time = now().getTime();
    if (time < relay.pausedUntil) return Math.min(LOOK_MS, relay.pausedUntil - time);
    const room = (relay.isDown ? 1 : connections) - this.#running.size;
    if (room <= 0 || this.#octets >= MOST_OCTETS) return LOOK_MS;
    const lease = `${instance}/${++this.#claims}`;
    const sendings = await work.claim(room, { name: lease, until: new Date(time + leaseMs) }, now());
    if (sendings.length > 0) this.#leases.set(lease, sendings.length);
    for (const sending of sendings) this.#begin(lease, sending);
    return sendings.length < room ? this.#untilNext() : 0;
  }

  async #untilNext(): Promise<number> {
    const { work, now } = this.#options;
    const next = await work.nextDue(now());
    const left = next === null ? LOOK_MS : next.getTime() - now().getTime();
    return Math.min(LOOK_MS, Math.max(LEAST_PAUSE_MS, left));
  }

  #begin(lease: string, sending: ClaimedSending): void {
    const { traced, log } = this.#options;
    this.#octets += sending.octets.length;
    const done = traced(sending, () => this.#send(lease, sending))
      .catch((err: unknown) => log.error({ err, mailId: sending.mailId }, "sending-failed"))
      .finally(() => {
        this.#running.delete(done);
        this.#octets -= sending.octets.length;
        const left = (this.#leases.get(lease) ?? 0) - 1;
        if (left > 0) this.#leases.set(lease, left);
        else this.#leases.delete(lease);
        this.#alarm.ring();
      });
    this.#running.add(done);
  }

  async #send(lease: string, sending: ClaimedSending): Promise<void> {
    if (!(await this.#untilMoment(sending))) return putOff(lease, sending, this.#deps);
    const began = performance.now();
    const results = await deliver(lease, sending, this.#deps);
    this.#options.onResults(sending, results, performance.now() - began);
  }

  /** False where the process is to end before that. */
  async #untilMoment({ waitMs = 0 }: ClaimedSending): Promise<boolean> {
    if (waitMs <= 0) return true;
    const { signal } = this.#stopping;
    await delay(waitMs, undefined, { signal }).catch(() => {});
    return !signal.aborted;
  }

  async #renew(): Promise<void> {
    const { work, leaseMs, now, log } = this.#options;
    await work
      .renew([...this.#leases.keys()], new Date(now().getTime() + leaseMs))
      .catch((err: unknown) => log.warn({ err }, "lease-not-renewed"));
  }
}
