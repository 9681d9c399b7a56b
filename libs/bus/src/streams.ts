import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { BucketSpec, StreamSpec } from "@tamis/contracts";
import { BusUnusable } from "./errors.ts";
import type { Link } from "./link.ts";
import type { Backlog, DurableSpec, StreamState } from "./types.ts";

type Wanted = Partial<StreamConfig> & { readonly name: string };

const NAME_IN_USE = 10058;
const NO_SPACE = new Set([10023, 10028, 10047]);
const DUPLICATES_S = 120;

export function streamConfig(spec: StreamSpec, replicas: number): Wanted {
  return {
    name: spec.name,
    subjects: [...spec.subjects],
    retention: spec.retention === "workqueue" ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    storage: StorageType.File,
    max_bytes: spec.maxBytes,
    max_age: nanos(spec.maxAgeSeconds * 1000),
    discard: spec.discard === "new" ? DiscardPolicy.New : DiscardPolicy.Old,
    duplicate_window: nanos(spec.duplicateWindowSeconds * 1000),
    num_replicas: replicas,
    allow_direct: true,
  };
}

/** NATS ADR-8: a bucket is a stream with these settings. */
export function bucketConfig(spec: BucketSpec, replicas: number): Wanted {
  const duplicates = spec.ttlSeconds === 0 ? DUPLICATES_S : Math.min(DUPLICATES_S, spec.ttlSeconds);
  return {
    name: `KV_${spec.name}`,
    subjects: [`$KV.${spec.name}.>`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    max_bytes: -1,
    max_age: nanos(spec.ttlSeconds * 1000),
    max_msgs_per_subject: spec.history,
    discard: DiscardPolicy.New,
    duplicate_window: nanos(duplicates * 1000),
    num_replicas: replicas,
    allow_rollup_hdrs: true,
    allow_direct: true,
  };
}

/** Creates the stream, or brings an existing one to `wanted`; what is not named in `wanted` stays as an operator set it. */
export async function ensureStream(link: Link, wanted: Wanted): Promise<void> {
  const now = (await findStream(link, wanted.name)) ?? (await addStream(link, wanted));
  if (differences(wanted, now).length === 0) return;
  if (now.retention !== wanted.retention) {
    throw new BusUnusable(
      `stream ${wanted.name} has retention ${now.retention} and needs ${wanted.retention}, which cannot be changed: delete the stream once it is empty`,
    );
  }
  const after = await refusedAsUnusable(`stream ${wanted.name} cannot be updated`, () =>
    link.ask(`update stream ${wanted.name}`, () => link.jsm.streams.update(wanted.name, wanted)),
  );
  // Servers drop what they do not know without a word: only what comes back counts.
  const left = differences(wanted, after.config);
  if (left.length > 0)
    throw new BusUnusable(`this nats-server did not take the settings of ${wanted.name}: ${left.join(", ")}`);
}

async function findStream(link: Link, name: string): Promise<StreamConfig | null> {
  const info = await absentAsNull(JetStreamApiCodes.StreamNotFound, () =>
    link.ask(`look up stream ${name}`, () => link.jsm.streams.info(name)),
  );
  return info?.config ?? null;
}

async function addStream(link: Link, wanted: Wanted): Promise<StreamConfig> {
  try {
    return (await link.ask(`create stream ${wanted.name}`, () => link.jsm.streams.add(wanted))).config;
  } catch (cause) {
    if (!(cause instanceof JetStreamApiError)) throw cause;
    const raced = cause.code === NAME_IN_USE ? await findStream(link, wanted.name) : null;
    if (raced !== null) return raced;
    const mend = NO_SPACE.has(cause.code) ? ": raise jetstream max_file, or free space in its store_dir" : "";
    throw new BusUnusable(`stream ${wanted.name} cannot be created: ${cause.message}${mend}`, { cause });
  }
}

function differences(wanted: Wanted, now: Partial<StreamConfig>): string[] {
  const actual = new Map<string, unknown>(Object.entries(now));
  const faults: string[] = [];
  for (const [key, value] of Object.entries(wanted)) {
    // Absent and zero are the same in the server's JSON.
    const [want, have] = [JSON.stringify(value || 0), JSON.stringify(actual.get(key) || 0)];
    if (want !== have) faults.push(`${key} is ${have}, wanted ${want}`);
  }
  return faults;
}

/** max_deliver −1: the bus parks by itself, a message that the server gives up would lie in its stream for ever. */
function consumerConfig(
  durable: string,
  spec: DurableSpec,
): Partial<ConsumerConfig> & { readonly durable_name: string } {
  return {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ack_wait: nanos(spec.ackWaitMs),
    max_ack_pending: spec.maxAckPending,
    max_deliver: -1,
    ...(spec.filter === undefined ? {} : { filter_subject: spec.filter }),
  };
}

/** Never plain `add` over an existing durable: nats-server 2.9 overwrites it without a word. */
export async function ensureConsumer(link: Link, stream: string, durable: string, spec: DurableSpec): Promise<void> {
  const wanted = consumerConfig(durable, spec);
  const existing = await consumerInfo(link, stream, durable);
  const what = `durable ${durable} on ${stream}`;
  const now =
    existing ??
    (await refusedAsUnusable(`${what} cannot be created`, () =>
      link.ask(`create ${what}`, () => link.jsm.consumers.add(stream, wanted)),
    ));
  requireSame(what, wanted, now.config);
  if (isUpToDate(wanted, now.config)) return;
  const change = {
    ack_wait: wanted.ack_wait,
    max_ack_pending: wanted.max_ack_pending,
    max_deliver: wanted.max_deliver,
  };
  const after = await refusedAsUnusable(`${what} cannot be updated`, () =>
    link.ask(`update ${what}`, () => link.jsm.consumers.update(stream, durable, withoutUndefined(change))),
  );
  if (!isUpToDate(wanted, after.config)) throw new BusUnusable(`this nats-server did not take the settings of ${what}`);
}

/** What cannot be changed in place without losing its position. */
function requireSame(what: string, wanted: Partial<ConsumerConfig>, now: ConsumerConfig): void {
  const faults: string[] = [];
  if ((now.filter_subject ?? "") !== (wanted.filter_subject ?? "")) {
    faults.push(`filter is "${now.filter_subject ?? ""}", wanted "${wanted.filter_subject ?? ""}"`);
  }
  if (now.ack_policy !== wanted.ack_policy) faults.push(`ack_policy is ${now.ack_policy}`);
  if (now.deliver_policy !== wanted.deliver_policy) faults.push(`deliver_policy is ${now.deliver_policy}`);
  if (now.deliver_subject !== undefined) faults.push("it is a push consumer");
  if (faults.length === 0) return;
  throw new BusUnusable(
    `${what} exists with other settings (${faults.join("; ")}): delete it when nothing waits in it, then start again`,
  );
}

function isUpToDate(wanted: Partial<ConsumerConfig>, now: ConsumerConfig): boolean {
  return (
    now.ack_wait === wanted.ack_wait && now.max_ack_pending === wanted.max_ack_pending && (now.max_deliver ?? -1) === -1
  );
}

function withoutUndefined<T extends object>(record: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // Proof: entries that are undefined are gone, so no value of the type's undefined is left.
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** `null` when the durable or its stream does not exist. */
export async function consumerInfo(link: Link, stream: string, durable: string): Promise<ConsumerInfo | null> {
  return absentAsNull(JetStreamApiCodes.StreamNotFound, () =>
    absentAsNull(JetStreamApiCodes.ConsumerNotFound, () =>
      link.ask(`look up durable ${durable} on ${stream}`, () => link.jsm.consumers.info(stream, durable)),
    ),
  );
}

export async function backlog(link: Link, stream: string, durable: string): Promise<Backlog> {
  const info = await consumerInfo(link, stream, durable);
  if (info === null) throw new BusUnusable(`durable ${durable} on ${stream} does not exist`);
  return { pending: info.num_pending, ackPending: info.num_ack_pending, redelivered: info.num_redelivered };
}

export async function streamState(link: Link, stream: string): Promise<StreamState> {
  const info = await absentAsNull(JetStreamApiCodes.StreamNotFound, () =>
    link.ask(`look up stream ${stream}`, () => link.jsm.streams.info(stream)),
  );
  if (info === null) throw new BusUnusable(`stream ${stream} does not exist`);
  const { messages, bytes, first_seq, last_seq } = info.state;
  return { messages, bytes, firstSeq: first_seq, lastSeq: last_seq };
}

async function absentAsNull<T>(code: number, look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === code) return null;
    throw error;
  }
}

async function refusedAsUnusable<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof JetStreamApiError) throw new BusUnusable(`${what}: ${cause.message}`, { cause });
    throw cause;
  }
}
