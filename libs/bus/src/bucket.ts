import { JetStreamApiCodes, JetStreamApiError, type JsMsg } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { BucketSpec } from "@tamis/contracts";
import { follow, readToEnd } from "./follow.ts";
import { type Link, unreachable } from "./link.ts";
import { bucketConfig, ensureStream } from "./streams.ts";
import type { Bucket, BucketChange, BucketEntry } from "./types.ts";

const OPERATION = "KV-Operation";
const WRONG_SEQUENCE: ReadonlySet<number> = new Set([
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
]);

/** Opens the bucket, creating it or bringing it to its spec. */
export async function openBucket(link: Link, spec: BucketSpec, replicas: number): Promise<Bucket> {
  await ensureStream(link, bucketConfig(spec, replicas));
  const kv = await new Kvm(link.js).open(spec.name, { allow_direct: true });
  return bucketOver(link, kv, spec.name);
}

function bucketOver(link: Link, kv: KV, name: string): Bucket {
  // A write under a condition is not sent twice: the second would meet the first, and look like somebody else's.
  const act = <T>(verb: string, send: () => Promise<T>, repeatable: boolean): Promise<T> =>
    asRetryLater(`${verb} in bucket ${name}`, () => link.ask(`${verb} in bucket ${name}`, send, repeatable));
  return {
    name,
    get: (key) => act("get", () => lookUp(kv, key), true),
    create: (key, value) => staleAsNull(() => act("create", () => kv.create(key, value), false)),
    update: (key, value, revision) => staleAsNull(() => act("update", () => kv.update(key, value, revision), false)),
    put: (key, value) => act("put", () => kv.put(key, value), true),
    delete: async (key, revision) => {
      const options = revision === undefined ? {} : { previousSeq: revision };
      const done = await staleAsNull(() => act("delete", () => kv.delete(key, options), revision === undefined));
      return done !== null;
    },
    keys: (prefix = "") => asRetryLater(`list bucket ${name}`, () => listKeys(link, name, prefix)),
    watch: async (onEntry, options = {}) => {
      const prefix = options.prefix ?? "";
      const reading = { stream: `KV_${name}`, filter: filterOf(name, prefix), lastPerSubject: true };
      const following = await asRetryLater(`watch bucket ${name}`, () =>
        follow(link, reading, (message) => {
          const change = changeOf(name, message);
          if (change.key.startsWith(prefix)) onEntry(change);
        }),
      );
      return { ready: following.ready, stop: () => void following.stop() };
    },
  };
}

async function lookUp(kv: KV, key: string): Promise<BucketEntry | null> {
  const entry = await kv.get(key);
  return entry === null || entry.operation !== "PUT" ? null : { key, value: entry.value, revision: entry.revision };
}

async function listKeys(link: Link, name: string, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  const reading = { stream: `KV_${name}`, filter: filterOf(name, prefix), lastPerSubject: true, headersOnly: true };
  for await (const message of readToEnd(link, reading)) {
    const key = keyOf(name, message.subject);
    if (!isDeletion(message) && key.startsWith(prefix)) keys.push(key);
  }
  return keys;
}

/** Whole tokens of a prefix are filtered by the server. */
function filterOf(name: string, prefix: string): string {
  return `$KV.${name}.${prefix.slice(0, prefix.lastIndexOf(".") + 1)}>`;
}

function keyOf(name: string, subject: string): string {
  return subject.slice(`$KV.${name}.`.length);
}

function isDeletion(message: JsMsg): boolean {
  return message.headers?.has(OPERATION) === true && message.headers.get(OPERATION) !== "PUT";
}

function changeOf(name: string, message: JsMsg): BucketChange {
  const value = isDeletion(message) ? null : message.data;
  return { key: keyOf(name, message.subject), value, revision: message.seq };
}

async function staleAsNull<T>(act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    if (isStale(error)) return null;
    throw error;
  }
}

/** The condition on the revision did not hold. */
function isStale(error: unknown): boolean {
  return error instanceof JetStreamApiError && WRONG_SEQUENCE.has(error.code);
}

/** What JetStream itself answers, a failed condition aside, is trouble of the server: {@link RetryLater}. */
export async function asRetryLater<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof JetStreamApiError && !isStale(cause)) throw unreachable(`${what}: ${cause.message}`, cause);
    throw cause;
  }
}
