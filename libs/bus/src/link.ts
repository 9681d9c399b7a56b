import { JetStreamApiError, type JetStreamClient, type JetStreamManager } from "@nats-io/jetstream";
import {
  ClosedConnectionError,
  ConnectionError,
  DrainingConnectionError,
  type NatsConnection,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from "@nats-io/transport-node";
import { RetryLater } from "./errors.ts";
import type { Responder } from "./request-types.ts";
import type { BusLogger, BusStatus } from "./types.ts";

/** How long one operation waits for a lost server to return. */
const LOST_MS = 5_000;
/** How long nobody may answer on JetStream's own subjects: a starting server loads its streams first. */
const NOBODY_MS = 3_000;

/** JetStream's error codes of a cluster without a leader: nothing was executed. */
const NOT_READY: ReadonlySet<number> = new Set([10008, 10009]);

/** Rejects what was sent and not yet answered when the connection broke. */
class LinkLost extends Error {
  override readonly name = "LinkLost";
}

interface LinkParts {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly log: BusLogger;
}

/**
 * The connection as the rest of the bus sees it: up or lost, and a way to send something and have it answered.
 * The client library drops what is published while the connection is lost, so everything waits here instead.
 */
export class Link {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly log: BusLogger;
  /** Responders that are called by who asks over this very connection, by their subject. */
  readonly near = new Map<string, Responder>();
  #up = true;
  #closing = false;
  readonly #listeners = new Set<(status: BusStatus) => void>();
  readonly #unanswered = new Set<(lost: LinkLost) => void>();
  readonly #waiting = new Set<() => void>();
  readonly #endings = new Set<() => void>();

  constructor(parts: LinkParts) {
    this.nc = parts.nc;
    this.js = parts.js;
    this.jsm = parts.jsm;
    this.log = parts.log;
    void this.#follow();
  }

  isUp(): boolean {
    return this.#up && !this.#closing;
  }

  isClosing(): boolean {
    return this.#closing;
  }

  onStatus(listener: (status: BusStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls `end` when the bus is closed; the answer takes it back. */
  onClose(end: () => void): () => void {
    this.#endings.add(end);
    return () => this.#endings.delete(end);
  }

  /** Resolves when the connection is there; {@link RetryLater} when it is not within `waitMs`. */
  async whenUp(waitMs: number): Promise<void> {
    if (!this.isUp() && !this.#closing) await this.#nextChange(waitMs);
    if (!this.isUp())
      throw unreachable(this.#closing ? "the connection to NATS is being closed" : "NATS is unreachable");
  }

  /**
   * Sends and waits for the answer. What certainly was not executed (nobody there) is sent again for a while; so is,
   * when `repeatable`, what was sent without an answer. Trouble of the connection becomes {@link RetryLater}; every
   * other error, JetStream's own answers above all, comes out as it is.
   */
  async ask<T>(what: string, send: () => Promise<T>, repeatable = true): Promise<T> {
    const began = performance.now();
    for (let tries = 0; ; tries++) {
      await this.whenUp(LOST_MS);
      try {
        return await this.untilLost(send());
      } catch (error) {
        if (!isTrouble(error)) throw error;
        const nobody = isNobodyThere(error);
        const patience = nobody ? NOBODY_MS : LOST_MS;
        const again = nobody || (repeatable && (error instanceof TimeoutError || error instanceof LinkLost));
        if (!again || performance.now() - began > patience) throw this.#failure(what, error);
        await pause(Math.min(1_000, 50 * 2 ** tries) * (0.5 + Math.random()));
      }
    }
  }

  /** The answer, or a rejection at once when the connection breaks first. */
  untilLost<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#unanswered.add(reject);
      answer.then(
        (value) => {
          this.#unanswered.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.#unanswered.delete(reject);
          reject(error);
        },
      );
    });
  }

  /** From now on nothing waits for the server any more. */
  beginClose(): void {
    this.#closing = true;
    this.#wake();
    for (const end of [...this.#endings]) end();
    this.#endings.clear();
  }

  #failure(what: string, cause: unknown): RetryLater {
    const why = isNobodyThere(cause)
      ? "nobody answers there (no such stream, or JetStream is not ready)"
      : String(cause);
    return unreachable(`${what}: ${why}`, cause);
  }

  #nextChange(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  async #follow(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === "disconnect" && this.#up) this.#lost();
      else if (status.type === "reconnect") this.#returned();
      else if (status.type === "error") this.log.warn({ error: String(status.error) }, "nats-error");
    }
    this.#up = false;
    this.#wake();
  }

  #lost(): void {
    this.#up = false;
    for (const reject of [...this.#unanswered]) reject(new LinkLost("the connection to NATS broke"));
    this.#unanswered.clear();
    this.#tell("disconnected");
  }

  #returned(): void {
    this.#up = true;
    this.#wake();
    this.#tell("reconnected");
  }

  #tell(status: BusStatus): void {
    this.log[status === "disconnected" ? "warn" : "info"]({ server: this.nc.getServer() }, `nats-${status}`);
    for (const listener of [...this.#listeners]) listener(status);
  }
}

export function unreachable(message: string, cause?: unknown): RetryLater {
  return new RetryLater(message, { code: "unreachable", afterMs: 1_000, cause });
}

/** Nobody took the request: it was certainly not executed. */
export function isNobodyThere(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (e instanceof NoRespondersError) return true;
  return error instanceof JetStreamApiError && NOT_READY.has(error.code);
}

function isTrouble(error: unknown): boolean {
  const kinds = [LinkLost, TimeoutError, RequestError, ConnectionError, ClosedConnectionError, DrainingConnectionError];
  return isNobodyThere(error) || kinds.some((kind) => error instanceof kind);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
