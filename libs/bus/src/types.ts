import type { BucketSpec, Fact, StreamSpec } from "@tamis/contracts";
import type { Reply, RequestOptions, Responder, RespondOptions } from "./request-types.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the bus says of itself: pino's call shape, so that a pino logger fits as it is. */
export interface BusLogger {
  debug(fields: Fields, event: string): void;
  info(fields: Fields, event: string): void;
  warn(fields: Fields, event: string): void;
  error(fields: Fields, event: string): void;
}

export interface BusOptions {
  readonly servers: string | readonly string[];
  /** Client name, shown by the server's own tools. */
  readonly name: string;
  /** A NATS `.creds` file. */
  readonly credentialsFile?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** PEM texts. Present (even empty) = TLS is required. */
  readonly tls?:
    | { readonly ca?: string | undefined; readonly cert?: string | undefined; readonly key?: string | undefined }
    | undefined;
  readonly logger?: BusLogger | undefined;
  /** Copies of each stream in a cluster; 1 by default. */
  readonly replicas?: number | undefined;
  /** Spans for publish and process, one per message of the bus; off by default: a mail has its own trace. */
  readonly spans?: boolean | undefined;
  /** First pause after an unexpected failure of a handler, doubled with each; 1,000 ms by default. */
  readonly firstBackoffMs?: number | undefined;
  /** Ends the wait for the first connection. */
  readonly signal?: AbortSignal | undefined;
}

export type BusStatus = "disconnected" | "reconnected";

export interface Publication {
  readonly subject: string;
  readonly payload: Uint8Array;
  /** `Nats-Msg-Id`: the server answers `duplicate` to the same one within two minutes. */
  readonly id: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** W3C trace context of the sender. */
  readonly traceparent?: string | undefined;
  /** Compressed on its way and in its stream, where that makes it shorter; by default as it is, for other programs to read. */
  readonly compress?: boolean | undefined;
}

export interface Published {
  /** Sequence in the stream. */
  readonly seq: number;
  /**
   * The server had this id already: nothing was stored now. Also when the bus itself had sent it before and the
   * connection broke before the answer came: for a publisher it is a success.
   */
  readonly duplicate: boolean;
}

/** One message handed to a consumer's `handle`. Settled by the bus alone, from what `handle` returns or throws. */
export interface Delivery {
  readonly subject: string;
  /** The message's own bytes, not a copy, unless they were compressed. Valid as long as they are referred to. */
  readonly payload: Uint8Array;
  header(name: string): string | undefined;
  readonly seq: number;
  /** 1 = the first time. */
  readonly deliveries: number;
  /** When the stream stored it: epoch ms. */
  readonly storedAt: number;
  /** Tells the server that work goes on; the bus calls it by itself every `ack_wait`/3. */
  working(): void;
}

export interface ConsumeSpec {
  readonly stream: string;
  readonly durable: string;
  /** Handlers at once. */
  readonly concurrency: number;
  /** Messages held ready beside those being handled; by default as many as `concurrency`. */
  readonly prefetch?: number | undefined;
  /** Resolves: acknowledged. Throws: see the table in settle.ts. */
  readonly handle: (delivery: Delivery) => Promise<void>;
}

export interface Consumption {
  /** Handlers running now. */
  readonly running: number;
  /**
   * No new messages; those not begun go back to the server at once; waits for the running handlers, at most
   * `graceMs` (default 10,000). What still runs then is left to the server's `ack_wait`.
   */
  stop(graceMs?: number): Promise<void>;
}

export interface DurableSpec {
  /** One subject, wildcards allowed; absent = the whole stream. */
  readonly filter?: string | undefined;
  readonly ackWaitMs: number;
  readonly maxAckPending: number;
}

/** How far a durable is behind. */
export interface Backlog {
  /** Never delivered yet. */
  readonly pending: number;
  /** Delivered, not settled. */
  readonly ackPending: number;
  readonly redelivered: number;
}

export interface StreamState {
  readonly messages: number;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** A message that could not be processed. */
export interface ParkedEntry {
  /** Sequence in PARKED: names it for show, replay and drop. */
  readonly seq: number;
  readonly stream: string;
  readonly durable: string;
  /** Its original subject. */
  readonly subject: string;
  readonly reason: string;
  readonly deliveries: number;
  /** Epoch ms. */
  readonly parkedAt: number;
  readonly bytes: number;
  /** Its original headers, without those of the bus. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Parking {
  list(): Promise<readonly ParkedEntry[]>;
  /** `null`: nothing is parked under this number. */
  show(seq: number): Promise<{ readonly entry: ParkedEntry; readonly payload: Uint8Array } | null>;
  /** Publishes it again to its original subject, then removes it here. Throws when the server calls it a duplicate. */
  replay(seq: number): Promise<Published>;
  /** `false`: nothing is parked under this number. */
  drop(seq: number): Promise<boolean>;
}

export interface BucketEntry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly revision: number;
}

/** A change seen by a watch; `value` is null when the key was deleted. A bucket's TTL announces nothing. */
export interface BucketChange {
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly revision: number;
}

export interface Watch {
  /** Resolves when every entry that existed at the start was given to `onEntry`. */
  readonly ready: Promise<void>;
  stop(): void;
}

/** Every failure of the connection is a {@link RetryLater}. */
export interface Bucket {
  readonly name: string;
  get(key: string): Promise<BucketEntry | null>;
  /** The revision; `null` when the key exists. */
  create(key: string, value: Uint8Array): Promise<number | null>;
  /** The new revision; `null` when `revision` is no longer the last one: somebody else wrote, or the key expired. */
  update(key: string, value: Uint8Array, revision: number): Promise<number | null>;
  put(key: string, value: Uint8Array): Promise<number>;
  /** `false`: given `revision` is no longer the last one, nothing was deleted. */
  delete(key: string, revision?: number): Promise<boolean>;
  /** Keys that begin with `prefix`. */
  keys(prefix?: string): Promise<readonly string[]>;
  /** Present entries first, then every change, until stopped; goes on by itself after a reconnect. */
  watch(onEntry: (change: BucketChange) => void, options?: { readonly prefix?: string }): Promise<Watch>;
}

/** A bucket of objects. `ttlSeconds` 0 = they stay. A bucket at its `maxBytes` takes no more. */
export interface ObjectBucketSpec {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly maxBytes: number;
}

/** Bytes too many for one message, in pieces of 128 KiB. Every failure of the connection or of the server is a {@link RetryLater}. */
export interface ObjectBucket {
  readonly name: string;
  /** Resolves when all of it is stored; what was under the name before is replaced. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** `null`: there is no such object. {@link RetryLater} also where it is replaced or deleted while it is read. */
  get(name: string): Promise<Uint8Array | null>;
  /** No error where there is none. */
  delete(name: string): Promise<void>;
}

export interface StoredFact {
  readonly subject: string;
  readonly payload: Uint8Array;
  /** When the stream stored it: epoch ms. */
  readonly time: number;
  readonly seq: number;
}

export interface ReadFactsOptions {
  /** Epoch ms. */
  readonly fromTime?: number | undefined;
  /** The newest N that match, oldest of them first. */
  readonly lastN?: number | undefined;
  /** Ends after so many. */
  readonly limit?: number | undefined;
}

export interface Stoppable {
  stop(): Promise<void>;
}

/** The bus: JetStream as Tamis uses it. One per process. */
export interface Bus {
  readonly serverVersion: string;
  isConnected(): boolean;
  /** Calls back at each loss and return of the connection; the answer ends it. */
  onStatus(listener: (status: BusStatus) => void): () => void;
  /** Round trip to the server, ms. */
  rtt(): Promise<number>;

  /** Creates or updates each stream, then reads back what the server made of it. {@link BusUnusable} when that differs in what matters. */
  ensureStreams(specs: readonly StreamSpec[]): Promise<void>;
  /** MAIL together with its durable `filter`, which must exist before the first publish. */
  ensureMailStream(): Promise<void>;
  /** Creates the durable, or updates what may change; {@link BusUnusable} when one with another filter exists. */
  ensureConsumer(stream: string, durable: string, spec: DurableSpec): Promise<void>;
  hasConsumer(stream: string, durable: string): Promise<boolean>;
  backlog(stream: string, durable: string): Promise<Backlog>;
  streamState(stream: string): Promise<StreamState>;

  /**
   * Resolves when JetStream acknowledged. Waits a few seconds for a lost server to return, then
   * {@link RetryLater} `unreachable` (also when no stream takes the subject); `full` is back-pressure.
   * {@link Reject} `too-large` or `invalid`.
   */
  publish(publication: Publication): Promise<Published>;
  /** Validates, and publishes as JSON to `event.<p>.<name>`; `written` is that JSON, where it is there. {@link Reject} `invalid` when the schema refuses. */
  publishFact<T>(fact: Fact<T>, p: number, value: T, id: string, written?: string): Promise<void>;
  consume(spec: ConsumeSpec): Promise<Consumption>;
  readonly parked: Parking;

  /** Opens the bucket, creating it when absent. */
  bucket(spec: BucketSpec): Promise<Bucket>;

  /** Opens the bucket of objects, creating it when absent. */
  objects(spec: ObjectBucketSpec): Promise<ObjectBucket>;

  /** Nobody there, no answer in time, a responder that failed, or one that is gone before it answered: {@link RetryLater}. */
  request(subject: string, payload: Uint8Array, options: RequestOptions): Promise<Reply>;
  /** Every answer that comes within the window; none is no error. */
  requestAll(subject: string, payload: Uint8Array, options: { readonly windowMs: number }): Promise<readonly Reply[]>;
  respond(subject: string, handler: Responder, options?: RespondOptions): Promise<Stoppable>;

  /** Facts of EVENTS whose subject matches, up to the end of the stream as of the call. */
  readFacts(filterSubject: string, options?: ReadFactsOptions): AsyncIterable<StoredFact>;
  /** New facts, live and in order, also over reconnects. */
  tailFacts(filterSubject: string, onFact: (fact: StoredFact) => void): Promise<Stoppable>;

  /** Sends what is under way, then closes. */
  close(): Promise<void>;
}
