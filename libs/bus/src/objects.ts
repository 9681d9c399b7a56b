import { createHash } from "node:crypto";
import { DiscardPolicy, JetStreamApiCodes, JetStreamApiError, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { type ObjectStore, Objm } from "@nats-io/obj";
import { nanos } from "@nats-io/transport-node";
import { asRetryLater } from "./bucket.ts";
import { readToEnd } from "./follow.ts";
import { type Link, unreachable } from "./link.ts";
import { ensureStream } from "./streams.ts";
import type { ObjectBucket, ObjectBucketSpec } from "./types.ts";

const CHUNK_BYTES = 128 * 1024;
const DUPLICATES_S = 120;

/** Opens the bucket of objects (NATS ADR-20), creating it or bringing it to its spec. */
export async function openObjects(link: Link, spec: ObjectBucketSpec, replicas: number): Promise<ObjectBucket> {
  await ensureStream(link, {
    name: `OBJ_${spec.name}`,
    subjects: [`$O.${spec.name}.C.>`, `$O.${spec.name}.M.>`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    max_bytes: spec.maxBytes,
    max_age: nanos(spec.ttlSeconds * 1000),
    discard: DiscardPolicy.New,
    duplicate_window: nanos(Math.min(DUPLICATES_S, spec.ttlSeconds || DUPLICATES_S) * 1000),
    num_replicas: replicas,
    allow_rollup_hdrs: true,
    allow_direct: true,
  });
  const store = await link.ask(`open objects ${spec.name}`, () => new Objm(link.js).open(spec.name, false));
  return objectsOver(link, store, spec.name);
}

function objectsOver(link: Link, store: ObjectStore, bucket: string): ObjectBucket {
  // Each may be done twice: a name stands for its bytes, and what is gone is gone.
  const act = <T>(verb: string, send: () => Promise<T>): Promise<T> =>
    asRetryLater(`${verb} in objects ${bucket}`, () => link.ask(`${verb} in objects ${bucket}`, send));
  return {
    name: bucket,
    put: async (name, bytes) => {
      await act("put", () => store.putBlob({ name, options: { max_chunk_size: CHUNK_BYTES } }, bytes));
    },
    get: async (name) => {
      const info = await act("look up", () => infoOf(store, name));
      return info === null ? null : asRetryLater(`get in objects ${bucket}`, () => read(link, bucket, info));
    },
    delete: async (name) => {
      await act("delete", async () => {
        if ((await infoOf(store, name)) !== null) await store.delete(name);
      });
    },
  };
}

type Info = NonNullable<Awaited<ReturnType<ObjectStore["info"]>>>;

async function infoOf(store: ObjectStore, name: string): Promise<Info | null> {
  try {
    const info = await store.info(name);
    return info === null || info.deleted ? null : info;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.NoMessageFound) return null;
    throw error;
  }
}

/**
 * Not by the client's own `get`: it waits for ever where the object is replaced or deleted between the look-up and the
 * reading of its chunks.
 */
async function read(link: Link, bucket: string, info: Info): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const reading = { stream: `OBJ_${bucket}`, filter: `$O.${bucket}.C.${info.nuid}` };
  for await (const { data } of readToEnd(link, reading)) chunks.push(data);
  const bytes = Buffer.concat(chunks);
  const digest = `SHA-256=${createHash("sha256").update(bytes).digest("base64url")}`;
  if (bytes.length !== info.size || digest !== info.digest.replace(/=+$/, ""))
    throw unreachable(`object in ${bucket}: it was replaced or removed while it was read`);
  return bytes;
}
