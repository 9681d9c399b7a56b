import { createInbox, type Msg, nanos, type Subscription } from "@nats-io/transport-node";
import { Arrival, parsePlace } from "./arrival.ts";
import type { Link } from "./link.ts";

/** Short, since a process that is stopped dead takes messages as long as it has asked for some: nobody else gets them. */
const EXPIRES_MS = 5_000;
const WATCH_MS = 5_000;
/** The end of a request is its only heartbeat. */
const SILENCE_MS = 2.4 * EXPIRES_MS;
const LONGEST_PAUSE_MS = 5_000;

export interface IntakeSpec {
  readonly stream: string;
  readonly durable: string;
  /** How many more messages there is room for now, those already asked for not counted. */
  readonly room: () => number;
  /** Asking is put off until so many have room, or none is on its way. */
  readonly step: number;
  readonly onArrival: (arrival: Arrival) => void;
}

/**
 * Pulls messages of one durable: asks for as many as there is room for, notices when the server forgot what it was
 * asked, and asks again at once after a reconnect. Status answers come to the inbox of their own request, so that those
 * of a forgotten one are told apart; messages count wherever they come from.
 */
export class Intake {
  readonly #link: Link;
  readonly #spec: IntakeSpec;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #forget: () => void;
  readonly #watchdog: NodeJS.Timeout;
  #generation = 0;
  #asked = 0;
  #heardAt = performance.now();
  #troubles = 0;
  #resumeAt: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(link: Link, spec: IntakeSpec) {
    this.#link = link;
    this.#spec = spec;
    this.#inbox = createInbox();
    this.#subscription = link.nc.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => this.#take(error, message),
    });
    this.#forget = link.onStatus((status) => {
      if (status === "reconnected") this.#restart();
    });
    this.#watchdog = setInterval(() => this.#watch(), WATCH_MS);
    this.refill();
  }

  /** To be called whenever room was made. */
  refill(): void {
    if (this.#stopped || this.#resumeAt !== undefined || !this.#link.isUp()) return;
    const batch = this.#spec.room() - this.#asked;
    if (batch <= 0 || (this.#asked > 0 && batch < this.#spec.step)) return;
    if (this.#asked === 0) this.#heardAt = performance.now();
    this.#asked += batch;
    const pull = { batch, expires: nanos(EXPIRES_MS) };
    this.#link.nc.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${this.#spec.stream}.${this.#spec.durable}`,
      JSON.stringify(pull),
      {
        reply: `${this.#inbox}.${this.#generation}`,
      },
    );
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#forget();
    clearInterval(this.#watchdog);
    clearTimeout(this.#resumeAt);
    if (!this.#link.nc.isClosed()) this.#subscription.unsubscribe();
  }

  #take(error: Error | null, message: Msg): void {
    if (error !== null) {
      this.#trouble(String(error));
      return;
    }
    this.#heardAt = performance.now();
    const place = message.reply === undefined ? null : parsePlace(message.reply);
    if (place === null) {
      this.#status(message);
      return;
    }
    this.#troubles = 0;
    this.#asked = Math.max(0, this.#asked - 1);
    this.#spec.onArrival(new Arrival(message, place));
  }

  #status(message: Msg): void {
    if (message.subject !== `${this.#inbox}.${this.#generation}`) return;
    const code = message.headers?.code ?? 0;
    if (code === 408 || code === 404) {
      const left = Number(message.headers?.get("Nats-Pending-Messages") || this.#asked);
      this.#asked = Math.max(0, this.#asked - left);
      this.refill();
      return;
    }
    this.#trouble(`${code} ${message.headers?.description ?? "no responders"}`);
  }

  /** Consumer or stream gone, leader moved, server going down: asks again, ever more slowly, until it is there again. */
  #trouble(what: string): void {
    if (this.#stopped) return;
    this.#drop();
    const { stream, durable } = this.#spec;
    this.#link.log.warn({ stream, durable, status: what }, "consume-interrupted");
    const pauseMs = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(this.#troubles++, 10)) * (0.5 + Math.random() / 2);
    clearTimeout(this.#resumeAt);
    this.#resumeAt = setTimeout(() => {
      this.#resumeAt = undefined;
      this.refill();
    }, pauseMs);
  }

  #watch(): void {
    if (this.#asked > 0 && this.#link.isUp() && performance.now() - this.#heardAt > SILENCE_MS) this.#restart();
    else this.refill();
  }

  #restart(): void {
    this.#drop();
    clearTimeout(this.#resumeAt);
    this.#resumeAt = undefined;
    this.refill();
  }

  #drop(): void {
    this.#generation++;
    this.#asked = 0;
  }
}
