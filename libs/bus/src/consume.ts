import { millis } from "@nats-io/transport-node";
import { headerNames } from "@tamis/contracts";
import type { Arrival } from "./arrival.ts";
import { atMost } from "./at-most.ts";
import { BusUnusable } from "./errors.ts";
import { Intake } from "./intake.ts";
import type { Link } from "./link.ts";
import type { Park } from "./parking.ts";
import { frames, type Settlement, settlementOf } from "./settle.ts";
import { consumerInfo } from "./streams.ts";
import { sweep } from "./sweep.ts";
import { attributesOf, beginSpan, endSpan, type Telemetry, templateOf } from "./telemetry.ts";
import type { ConsumeSpec, Consumption } from "./types.ts";

const GRACE_MS = 10_000;
const FLUSH_MS = 2_000;
/** After what could not be parked: the parking is full or away. */
const UNPARKABLE_MS = 30_000;
/** Looks for what a killed server forgot to delete, after each start and return. */
const SWEEPS = 8;
/** Of how many messages it is remembered that they were put off by `RetryLater`. */
const REMEMBERED = 10_000;

export interface ConsumeDeps {
  readonly link: Link;
  readonly park: Park;
  readonly telemetry: Telemetry;
  readonly firstBackoffMs: number | undefined;
}

export async function consume(deps: ConsumeDeps, spec: ConsumeSpec): Promise<Consumption> {
  const info = await consumerInfo(deps.link, spec.stream, spec.durable);
  if (info === null) {
    throw new BusUnusable(`durable ${spec.durable} on ${spec.stream} does not exist: call ensureConsumer first`);
  }
  return new Consuming(deps, spec, millis(info.config.ack_wait ?? 0) || 30_000);
}

class Consuming implements Consumption {
  readonly #deps: ConsumeDeps;
  readonly #spec: ConsumeSpec;
  readonly #ackWaitMs: number;
  readonly #capacity: number;
  readonly #intake: Intake;
  readonly #keepAlive: NodeJS.Timeout;
  /** Here, not begun. */
  readonly #ready: Arrival[] = [];
  readonly #begun = new Map<Arrival, Promise<void>>();
  readonly #putOff = new Map<number, number>();
  readonly #forget: () => void;
  #sweeping: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(deps: ConsumeDeps, spec: ConsumeSpec, ackWaitMs: number) {
    this.#deps = deps;
    this.#spec = spec;
    this.#ackWaitMs = ackWaitMs;
    const concurrency = Math.max(1, spec.concurrency);
    this.#capacity = concurrency + Math.max(0, spec.prefetch ?? concurrency);
    this.#intake = new Intake(deps.link, {
      stream: spec.stream,
      durable: spec.durable,
      room: () => this.#capacity - this.#ready.length - this.#begun.size,
      step: Math.max(1, Math.floor(this.#capacity / 4)),
      onArrival: (arrival) => {
        this.#ready.push(arrival);
        this.#begin();
      },
    });
    this.#keepAlive = setInterval(() => this.#touch(), Math.max(50, ackWaitMs / 3));
    const forgetClose = deps.link.onClose(() => this.#end());
    const forgetStatus = deps.link.onStatus((status) => {
      if (status === "reconnected") this.#sweepAfter(2 * ackWaitMs);
    });
    this.#forget = () => {
      forgetClose();
      forgetStatus();
    };
    this.#sweepAfter(0);
  }

  get running(): number {
    return this.#begun.size;
  }

  async stop(graceMs: number = GRACE_MS): Promise<void> {
    this.#stopping = true;
    this.#intake.stop();
    for (const arrival of this.#ready.splice(0)) void this.#answer(arrival, () => arrival.nak(0));
    await atMost(Promise.all(this.#begun.values()), graceMs);
    this.#end();
    // The acknowledgements are on their way before the caller closes the connection.
    if (this.#deps.link.isUp()) await atMost(this.#deps.link.nc.flush(), FLUSH_MS);
  }

  #end(): void {
    this.#stopping = true;
    this.#intake.stop();
    clearInterval(this.#keepAlive);
    clearTimeout(this.#sweeping);
    this.#forget();
  }

  /** Once what was in work when the server went away has come again; a few times, since that may take a while. */
  #sweepAfter(ms: number, looks = SWEEPS): void {
    const { link } = this.#deps;
    clearTimeout(this.#sweeping);
    this.#sweeping = setTimeout(async () => {
      try {
        const clean = await sweep(link, this.#spec.stream, this.#spec.durable);
        if (!clean && looks > 1 && !this.#stopping) this.#sweepAfter(2 * this.#ackWaitMs, looks - 1);
      } catch (error) {
        link.log.warn({ ...this.#name(), error: String(error) }, "sweep-failed");
      }
    }, ms);
  }

  #begin(): void {
    while (!this.#stopping && this.#begun.size < this.#spec.concurrency) {
      const arrival = this.#ready.shift();
      if (arrival === undefined) break;
      const work = this.#work(arrival).finally(() => {
        this.#begun.delete(arrival);
        this.#begin();
      });
      this.#begun.set(arrival, work);
    }
    this.#intake.refill();
  }

  async #work(arrival: Arrival): Promise<void> {
    const { telemetry } = this.#deps;
    const began = performance.now();
    const attributes = attributesOf("process", templateOf(arrival.subject), this.#spec.durable);
    const span = telemetry.tracer && beginSpan(telemetry.tracer, attributes, arrival.header(headerNames.traceparent));
    let failure: unknown;
    let settlement: Settlement = { kind: "ack" };
    try {
      await this.#spec.handle(arrival);
    } catch (error) {
      failure = error ?? new Error("threw nothing");
      settlement = settlementOf(failure, this.#failuresOf(arrival), this.#deps.firstBackoffMs);
    }
    const seconds = (performance.now() - began) / 1000;
    telemetry.processDuration.record(
      seconds,
      settlement.kind === "ack" ? attributes : { ...attributes, "error.type": nameOf(failure) },
    );
    if (span !== undefined) endSpan(span, failure);
    await this.#settle(arrival, settlement, failure);
  }

  /** Deliveries, this one included, without those that this process put off by `RetryLater`. */
  #failuresOf(arrival: Arrival): number {
    return Math.max(1, arrival.deliveries - (this.#putOff.get(arrival.seq) ?? 0));
  }

  /** Never throws. */
  async #settle(arrival: Arrival, settlement: Settlement, failure: unknown): Promise<void> {
    switch (settlement.kind) {
      case "ack":
        this.#putOff.delete(arrival.seq);
        return this.#answer(arrival, () => arrival.ack());
      case "retry":
        this.#tellOfRetry(arrival, settlement, failure);
        return this.#answer(arrival, () => arrival.nak(settlement.afterMs));
      case "park":
        this.#putOff.delete(arrival.seq);
        return this.#park(arrival, settlement.reason, failure);
      default:
        return settlement satisfies never;
    }
  }

  #tellOfRetry(arrival: Arrival, settlement: Settlement & { kind: "retry" }, failure: unknown): void {
    const { telemetry, link } = this.#deps;
    telemetry.retried.add(1, { durable: this.#spec.durable, reason: settlement.why });
    const fields = { ...this.#fieldsOf(arrival), afterMs: settlement.afterMs, error: nameOf(failure) };
    if (settlement.why === "error") {
      link.log.error({ ...fields, at: frames(failure) }, "message-failed");
      return;
    }
    link.log.debug({ ...fields, code: settlement.why }, "message-put-off");
    this.#putOff.set(arrival.seq, (this.#putOff.get(arrival.seq) ?? 0) + 1);
    const [oldest] = this.#putOff.keys();
    if (this.#putOff.size > REMEMBERED && oldest !== undefined) this.#putOff.delete(oldest);
  }

  async #park(arrival: Arrival, reason: string, failure: unknown): Promise<void> {
    const { park, link, telemetry } = this.#deps;
    const fields = { ...this.#fieldsOf(arrival), error: nameOf(failure), at: frames(failure) };
    try {
      await park(arrival, { stream: this.#spec.stream, durable: this.#spec.durable, reason });
    } catch (error) {
      link.log.error({ ...fields, parking: String(error) }, "parking-failed");
      return this.#answer(arrival, () => arrival.nak(UNPARKABLE_MS));
    }
    telemetry.parked.add(1, { durable: this.#spec.durable });
    link.log.error(fields, "message-parked");
    return this.#answer(arrival, () => arrival.term());
  }

  /** An answer given while the connection is lost would vanish: it waits, as long as the server still waits for it. */
  async #answer(arrival: Arrival, give: () => void): Promise<void> {
    try {
      if (!this.#deps.link.isUp()) await this.#deps.link.whenUp(this.#ackWaitMs);
      give();
    } catch (error) {
      this.#deps.link.log.warn({ ...this.#fieldsOf(arrival), error: String(error) }, "answer-not-sent");
    }
  }

  #touch(): void {
    if (!this.#deps.link.isUp()) return;
    const due = performance.now() - this.#ackWaitMs / 3 + 1;
    for (const arrival of this.#begun.keys()) if (arrival.touchedAt <= due) arrival.working();
    for (const arrival of this.#ready) if (arrival.touchedAt <= due) arrival.working();
  }

  #fieldsOf(arrival: Arrival): Readonly<Record<string, unknown>> {
    return { ...this.#name(), seq: arrival.seq, deliveries: arrival.deliveries };
  }

  #name(): Readonly<Record<string, unknown>> {
    return { stream: this.#spec.stream, durable: this.#spec.durable };
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : `a thrown ${typeof error}`;
}
