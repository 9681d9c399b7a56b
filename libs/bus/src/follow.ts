import { type Consumer, DeliverPolicy, JetStreamApiCodes, JetStreamApiError, type JsMsg } from "@nats-io/jetstream";
import { RetryLater } from "./errors.ts";
import { type Link, pause, unreachable } from "./link.ts";
import type { Stoppable } from "./types.ts";

const FETCH = 256;
const FETCH_MS = 2_000;
const AGAIN_MS = 500;

/** Where to read. Nothing given = from the stream's first message. */
export interface Reading {
  readonly stream: string;
  readonly filter: string;
  readonly headersOnly?: boolean;
  readonly fromSeq?: number;
  readonly fromTime?: number;
  /** Of each subject the last one only, then what follows. */
  readonly lastPerSubject?: boolean;
}

function open(link: Link, reading: Reading): Promise<Consumer> {
  return link.ask(`read ${reading.stream}`, () =>
    link.js.consumers.get(reading.stream, {
      filter_subjects: reading.filter,
      headers_only: reading.headersOnly === true,
      inactive_threshold: 60_000,
      ...startOf(reading),
    }),
  );
}

function startOf(reading: Reading): { deliver_policy: DeliverPolicy; opt_start_seq?: number; opt_start_time?: string } {
  if (reading.lastPerSubject === true) return { deliver_policy: DeliverPolicy.LastPerSubject };
  if (reading.fromTime !== undefined) {
    return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: new Date(reading.fromTime).toISOString() };
  }
  return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Math.max(1, reading.fromSeq ?? 1) };
}

/** How many messages there are to read now. */
export async function countOf(link: Link, reading: Reading): Promise<number> {
  const consumer = await open(link, reading);
  const { num_pending } = await consumer.info(true);
  void consumer.delete().catch(() => undefined);
  return num_pending;
}

/** In order, up to the end of the stream as of the call. {@link RetryLater} when the connection breaks on the way. */
export async function* readToEnd(link: Link, reading: Reading): AsyncGenerator<JsMsg> {
  const consumer = await openIfThere(link, reading);
  if (consumer === null) return;
  try {
    let left = (await consumer.info(true)).num_pending;
    while (left > 0) {
      const before = left;
      for await (const message of await consumer.fetch({ max_messages: Math.min(FETCH, left), expires: FETCH_MS })) {
        left--;
        yield message;
      }
      if (left !== before) continue;
      // Nothing came: it was removed meanwhile, or the server is away.
      await link.whenUp(FETCH_MS);
      left = Math.min(left, (await link.ask(`read ${reading.stream}`, () => consumer.info())).num_pending);
    }
  } catch (cause) {
    throw cause instanceof RetryLater ? cause : unreachable(`read ${reading.stream}: ${String(cause)}`, cause);
  } finally {
    void consumer.delete().catch(() => undefined);
  }
}

async function openIfThere(link: Link, reading: Reading): Promise<Consumer | null> {
  try {
    return await open(link, reading);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return null;
    throw error;
  }
}

export interface Following extends Stoppable {
  /** What was there at the start has been given out. */
  readonly ready: Promise<void>;
}

/** In order and without end, over reconnects, until stopped. */
export async function follow(link: Link, reading: Reading, onMessage: (message: JsMsg) => void): Promise<Following> {
  const follower = new Follower(link, reading, onMessage);
  await follower.start();
  return follower;
}

class Follower implements Following {
  readonly ready: Promise<void>;
  readonly #link: Link;
  readonly #reading: Reading;
  readonly #onMessage: (message: JsMsg) => void;
  #left = 0;
  #lastSeq = 0;
  #stopped = false;
  #end: () => void = () => undefined;
  #allGiven: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(link: Link, reading: Reading, onMessage: (message: JsMsg) => void) {
    this.#link = link;
    this.#reading = reading;
    this.#onMessage = onMessage;
    this.ready = new Promise((resolve) => {
      this.#allGiven = resolve;
    });
  }

  async start(): Promise<void> {
    const consumer = await open(this.#link, this.#reading);
    this.#left = (await consumer.info(true)).num_pending;
    if (this.#left === 0) this.#allGiven();
    this.#running = this.#run(consumer).finally(this.#link.onClose(() => this.#end()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#end();
    await this.#running;
  }

  async #run(first: Consumer): Promise<void> {
    for (let consumer: Consumer | null = first; ; consumer = null) {
      try {
        await this.#drink(consumer ?? (await open(this.#link, this.#resumed())));
      } catch (error) {
        this.#link.log.warn({ stream: this.#reading.stream, error: String(error) }, "follow-interrupted");
      }
      if (this.#stopped || this.#link.isClosing()) return;
      await pause(AGAIN_MS);
    }
  }

  async #drink(consumer: Consumer): Promise<void> {
    // A short expiry: after a reconnect the client looks for its consumer once, then only as often as this.
    const messages = await consumer.consume({ max_messages: FETCH, expires: FETCH_MS });
    this.#end = () => messages.stop();
    if (this.#stopped) messages.stop();
    for await (const message of messages) this.#give(message);
    void consumer.delete().catch(() => undefined);
  }

  #give(message: JsMsg): void {
    this.#lastSeq = message.seq;
    try {
      this.#onMessage(message);
    } catch (error) {
      this.#link.log.error({ stream: this.#reading.stream, error: String(error) }, "follow-listener-failed");
    }
    if (this.#left > 0 && (--this.#left === 0 || message.info.pending === 0)) {
      this.#left = 0;
      this.#allGiven();
    }
  }

  #resumed(): Reading {
    if (this.#lastSeq === 0) return this.#reading;
    const { stream, filter, headersOnly } = this.#reading;
    return { stream, filter, headersOnly: headersOnly === true, fromSeq: this.#lastSeq + 1 };
  }
}
