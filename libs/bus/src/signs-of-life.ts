import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { headerNames } from "@tamis/contracts";
import { toHeaders } from "./publish.ts";
import type { RequestOptions } from "./request-types.ts";

/** The status of what says only that an answer is being made. */
export const ALIVE = "alive";
/** Who waits no longer than this would hardly know sooner, ms. */
const LONG_MS = 15_000;
const EVERY_MS = 2_500;
const RANGE_MS = { least: 10, most: 60_000 };
/** A responder that is busy with something else may leave out some. */
const MISSED = 4;

/** How often who asks wants to hear that its answer is being made, ms; null: never. */
export const signsEvery = ({ timeoutMs, signsEveryMs }: RequestOptions): number | null =>
  signsEveryMs ?? (timeoutMs > LONG_MS ? EVERY_MS : null);

/** Finds that a responder that showed life has stopped to. */
export class LifeWatch {
  readonly #everyMs: number;
  readonly #gone = Promise.withResolvers<never>();
  /** Counts, and not the clock: who was held up himself hears first what came meanwhile. */
  #missed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
    this.#gone.promise.catch(() => {});
  }

  /** Rejects when it is gone. */
  get gone(): Promise<never> {
    return this.#gone.promise;
  }

  /** There was a sign: from now on there must be others. */
  begin(): void {
    this.heard();
    this.#timer ??= setInterval(() => this.#miss(), this.#everyMs);
  }

  /** Whatever it sends, it lives. */
  heard(): void {
    this.#missed = 0;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #miss(): void {
    this.#missed += 1;
    if (this.#missed < MISSED) return;
    const silentMs = this.#everyMs * MISSED;
    this.#gone.reject(new Error(`who was at the answer gave no sign of life for ${silentMs} ms`));
  }
}

/** Says at once, and as often as who asks wants it, that its answer is being made; until the function that it gives back is called. Never throws. */
export function showLife(message: Msg, nc: NatsConnection): () => void {
  const everyMs = Number(message.headers?.get(headerNames.alive) ?? 0);
  if (!(everyMs > 0)) return () => {};
  const sign = (): void => {
    try {
      if (nc.isClosed()) clearInterval(timer);
      else message.respond(undefined, { headers: toHeaders({ [headerNames.status]: ALIVE }) });
    } catch {
      // A connection that is on its way to its end takes nothing more.
      clearInterval(timer);
    }
  };
  const timer = setInterval(sign, Math.min(RANGE_MS.most, Math.max(RANGE_MS.least, everyMs))).unref();
  sign();
  return () => clearInterval(timer);
}
