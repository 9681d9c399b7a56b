import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import {
  AuthorizationError,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type NodeConnectionOptions,
} from "@nats-io/transport-node";
import { assembleBus } from "./assemble.ts";
import { BusUnusable } from "./errors.ts";
import { isNobodyThere, Link } from "./link.ts";
import type { Bus, BusLogger, BusOptions } from "./types.ts";

/** What Debian 12 ships; the first that has all that is used here. */
export const FLOOR = [2, 9, 10] as const;
const DIAL_MS = 5_000;
const ANSWER_MS = 5_000;
const LONGEST_PAUSE_MS = 5_000;
const NEW_OUTAGE_MS = 15_000;
const SILENT: BusLogger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Waits for the server as long as it takes, with jittered backoff. {@link BusUnusable} below 2.9.10 or without JetStream. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const log = options.logger ?? SILENT;
  const nc = await dial(await connectionOptions(options), options.signal, log);
  try {
    requireVersion(nc);
    const jsm = await requireJetStream(nc, options.signal, log);
    const link = new Link({ nc, jsm, js: jetstream(nc, { timeout: ANSWER_MS }), log });
    return assembleBus(link, options);
  } catch (error) {
    await nc.close();
    throw error;
  }
}

async function connectionOptions(options: BusOptions): Promise<NodeConnectionOptions> {
  return {
    servers: typeof options.servers === "string" ? options.servers : [...options.servers],
    name: options.name,
    timeout: DIAL_MS,
    pingInterval: ANSWER_MS,
    maxPingOut: 2,
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectDelayHandler: backoff(),
    ignoreAuthErrorAbort: true,
    noAsyncTraces: true,
    ...(options.user === undefined ? {} : { user: options.user, pass: options.password ?? "" }),
    ...(options.token === undefined ? {} : { token: options.token }),
    ...(options.credentialsFile === undefined ? {} : { authenticator: await credentials(options.credentialsFile) }),
    ...(options.tls === undefined ? {} : { tls: withoutUndefined(options.tls) }),
  };
}

async function credentials(file: string): Promise<ReturnType<typeof credsAuthenticator>> {
  try {
    return credsAuthenticator(await readFile(file));
  } catch (cause) {
    throw new BusUnusable(
      `the NATS credentials file ${file} cannot be read: set nats.credentials_file to a .creds file`,
      { cause },
    );
  }
}

function withoutUndefined(tls: NonNullable<BusOptions["tls"]>): { ca?: string; cert?: string; key?: string } {
  return {
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  };
}

/** The client asks before and between dials, and never tells of success: who did not ask for a while has a new outage. */
function backoff(): () => number {
  let since = 0;
  let asked = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - asked > NEW_OUTAGE_MS) since = now;
    asked = now;
    return Math.min(2_000, Math.max(100, (now - since) / 4)) * (0.75 + Math.random() / 2);
  };
}

function jittered(tries: number): number {
  return Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(tries, 10)) * (0.5 + Math.random() / 2);
}

async function dial(
  options: NodeConnectionOptions,
  signal: AbortSignal | undefined,
  log: BusLogger,
): Promise<NatsConnection> {
  for (let tries = 0; ; tries++) {
    signal?.throwIfAborted();
    try {
      return await connect(options);
    } catch (cause) {
      if (cause instanceof AuthorizationError) {
        throw new BusUnusable("NATS refuses these credentials: check nats.user, nats.token or nats.credentials_file", {
          cause,
        });
      }
      log.warn({ servers: options.servers, error: String(cause), tries: tries + 1 }, "nats-unreachable");
    }
    await pause(jittered(tries), undefined, { signal });
  }
}

function requireVersion(nc: NatsConnection): void {
  const version = nc.info?.version ?? "";
  if (!isAtLeastFloor(version)) {
    throw new BusUnusable(
      `nats-server ${version || "of unknown version"} is too old: Tamis needs ${FLOOR.join(".")} or later (Debian: apt-get install nats-server)`,
    );
  }
}

/** `2.9.10`, `v2.11.0-RC.1` …; what is no version is too old. */
export function isAtLeastFloor(version: string): boolean {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const parts = match.slice(1).map(Number);
  for (const [i, least] of FLOOR.entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

async function requireJetStream(
  nc: NatsConnection,
  signal: AbortSignal | undefined,
  log: BusLogger,
): Promise<JetStreamManager> {
  for (let tries = 0; ; tries++) {
    try {
      return await jetstreamManager(nc, { timeout: ANSWER_MS });
    } catch (cause) {
      const starting = isNobodyThere(cause) ? nc.info?.jetstream === true : !isDisabled(cause);
      if (!starting) {
        throw new BusUnusable(
          "this nats-server has no JetStream: start it with -js, or put `jetstream { store_dir: … }` into its configuration (and enable it for the account)",
          { cause },
        );
      }
      log.warn({ error: String(cause) }, "jetstream-not-ready");
    }
    await pause(jittered(tries), undefined, { signal });
  }
}

function isDisabled(error: unknown): boolean {
  return error instanceof Error && error.name === "JetStreamNotEnabled";
}
