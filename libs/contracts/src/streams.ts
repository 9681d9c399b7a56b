const MiB = 1024 * 1024;
const DAY_S = 24 * 3600;

/** A JetStream stream as Tamis wants it. Units: bytes, seconds. Only what nats-server 2.9.10 knows. */
export interface StreamSpec {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly retention: "workqueue" | "limits";
  readonly maxBytes: number;
  /** 0 = no age. */
  readonly maxAgeSeconds: number;
  /** `new`: a full stream refuses the publish, which is back-pressure. `old`: the oldest goes. */
  readonly discard: "new" | "old";
  readonly duplicateWindowSeconds: number;
}

/** Raw mail on its way to `filter`. A work queue without age: what is refused stays in its INBOX, behind the cursor. */
export const MAIL: StreamSpec = {
  name: "MAIL",
  subjects: ["mail.received.*"],
  retention: "workqueue",
  maxBytes: 1024 * MiB,
  maxAgeSeconds: 0,
  discard: "new",
  duplicateWindowSeconds: 120,
};

/** Decisions on their way to the holder of each partition. */
export const APPLY: StreamSpec = {
  name: "APPLY",
  subjects: ["mailbox.apply.*"],
  retention: "workqueue",
  maxBytes: 512 * MiB,
  maxAgeSeconds: 0,
  discard: "new",
  duplicateWindowSeconds: 120,
};

/** Facts, for everybody, for two weeks. */
export const EVENTS: StreamSpec = {
  name: "EVENTS",
  subjects: ["event.*.*"],
  retention: "limits",
  maxBytes: 2048 * MiB,
  maxAgeSeconds: 14 * DAY_S,
  discard: "old",
  duplicateWindowSeconds: 120,
};

/** What could not be processed, with its reason, until an operator replays or drops it. */
export const PARKED: StreamSpec = {
  name: "PARKED",
  subjects: ["parked.*.*"],
  retention: "limits",
  maxBytes: 1024 * MiB,
  maxAgeSeconds: 0,
  discard: "new",
  duplicateWindowSeconds: 120,
};

export const streams = [MAIL, APPLY, EVENTS, PARKED] as const;

/** A KV bucket. `ttlSeconds` 0 = entries stay. */
export interface BucketSpec {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly history: number;
}

export const buckets = {
  /** accountId → the compact account record, written by the partition's holder alone. */
  accounts: { name: "accounts", ttlSeconds: 0, history: 1 },
  /** accountId → first and last seen: tells a lost record from a first contact. */
  roster: { name: "roster", ttlSeconds: 0, history: 1 },
  /** Partition and membership leases. 2.9 announces no expiry: holders renew every 3 s, others poll every 2 s. */
  leases: { name: "leases", ttlSeconds: 10, history: 1 },
  /** accountId → the active script; accountId.s.<name> → each stored script. */
  scripts: { name: "scripts", ttlSeconds: 0, history: 1 },
  /** Id of a run → the script tried in it: {@link draftScript}. */
  drafts: { name: "drafts", ttlSeconds: 3600, history: 1 },
  /** accountId → what its scripts remember: {@link ScriptMemory}. */
  memory: { name: "memory", ttlSeconds: 0, history: 1 },
  /** One entry per call of a program, for a day: it runs once. */
  programs: { name: "programs", ttlSeconds: DAY_S, history: 1 },
  /** {@link serverKey} → what that IMAP server can do, as `mailbox` last saw it. */
  servers: { name: "servers", ttlSeconds: 0, history: 1 },
  /** Id of a key → the key of receipt tokens, written by `outbox`, which makes them, read by `receipts`. Secret. */
  tokenKeys: { name: "token-keys", ttlSeconds: 0, history: 1 },
  /** accountId.hash of a cookie → a browser that is signed in, written by `console`. Each ends by itself before the bucket forgets it. */
  sessions: { name: "sessions", ttlSeconds: 7 * DAY_S, history: 1 },
} as const satisfies Record<string, BucketSpec>;

/** Bodies on their way to `outbox`, taken out when they are committed there. */
export const outgoingObjects = { name: "outgoing", ttlSeconds: DAY_S, maxBytes: 1024 * MiB } as const;

/** What programs made of mails, on its way to `mailbox`, which takes it out when the mail is settled. */
export const rewrittenObjects = { name: "rewritten", ttlSeconds: 7 * DAY_S, maxBytes: 1024 * MiB } as const;

/** The durable of `filter`: one, shared, without order. */
export const FILTER_DURABLE = "filter";
/** The durable of `receipts` in EVENTS: who was sent what. */
export const RECEIPTS_DURABLE = "receipts";
/** Those of its answers: what others ask of our users, and what these read. */
export const RECEIPT_ASKED_DURABLE = "receipts-asked";
export const MAIL_READ_DURABLE = "receipts-read";
export const applyDurable = (p: number): string => `apply-${p}`;
