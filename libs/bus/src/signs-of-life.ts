import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { headerNames } from "@tamis/contracts";
import { toHeaders } from "./publish.ts";
import type { RequestOptions } from "./request-types.ts";

/** The status of what says only that an answer is being made. */
export const ALIVE = "alive";
/** Who waits no longer than this would hardly know sooner, ms. */
const LONG_MS = 15_000;
const EVERY_MS = 2_500;
const SHORTEST_MS = 10;
/** A responder that is busy with something else may leave out the others. */
const MISSED = 4;

/** How often who asks wants to hear that its answer is being made, ms; null: never. */
export const signsEvery = ({ timeoutMs, signsEveryMs }: RequestOptions): number | null =>
  signsEveryMs ?? (timeoutMs > LONG_MS ? EVERY_MS : null);

/** Finds that a responder that showed life has stopped to. */
export class LifeWatch {
  readonly #patienceMs: number | null;
  readonly #gone = Promise.withResolvers<never>();
  #timer: NodeJS.Timeout | undefined;

  /** `everyMs`: how often there is to be a sign; null: nothing is expected. */
  constructor(everyMs: number | null) {
    this.#patienceMs = everyMs === null ? null : everyMs * MISSED;
    this.#gone.promise.catch(() => {});
  }

  /** Rejects when it is gone. */
  get gone(): Promise<never> {
    return this.#gone.promise;
  }

  /** There was a sign: from now on there must be others. */
  heard(): void {
    clearTimeout(this.#timer);
    const patienceMs = this.#patienceMs;
    if (patienceMs === null) return;
    const gone = () => this.#gone.reject(new Error(`who was at the answer gave no sign of life for ${patienceMs} ms`));
    this.#timer = setTimeout(gone, patienceMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** Says at once, and as often as who asks wants it, that its answer is being made; until the function that it gives back is called. */
export function showLife(message: Msg, nc: NatsConnection): () => void {
  const everyMs = Number(message.headers?.get(headerNames.alive) ?? 0);
  if (!(everyMs > 0)) return () => {};
  const sign = (): void => {
    if (nc.isClosed()) clearInterval(timer);
    else message.respond(undefined, { headers: toHeaders({ [headerNames.status]: ALIVE }) });
  };
  const timer = setInterval(sign, Math.max(SHORTEST_MS, everyMs));
  sign();
  return () => clearInterval(timer);
}
