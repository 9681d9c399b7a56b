import { copyFileSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DovecotServer,
  type NatsServer,
  type SilentProxy,
  silentProxy,
  startDovecot,
  startNats,
  tempDir,
} from "@tamis/testkit";
import { type LoadAccount, loadAccounts } from "../load-account.ts";
import { type LogTail, tailLog } from "../log-tail.ts";
import { type Pipeline, startPipeline } from "../pipeline.ts";
import { faultScript } from "./fault-mails.ts";

/** How patient the services are; seconds, and printed with the result. */
export interface Timing {
  readonly lease: {
    readonly ttl_seconds: number;
    readonly renew_seconds: number;
    readonly poll_seconds: number;
    readonly margin_seconds: number;
  };
  /** IDLE is issued again after so long, and a DONE unanswered for so long is a dead connection. */
  readonly idle_seconds: number;
  readonly done_timeout_seconds: number;
  readonly keepalive_seconds: number;
  /** A command without any answer for so long means a dead connection. */
  readonly silence_seconds: number;
  readonly republish_seconds: number;
}

/** As in production, but for what notices a dead peer: seconds instead of minutes. */
export const FULL_TIMING: Timing = {
  lease: { ttl_seconds: 10, renew_seconds: 3, poll_seconds: 2, margin_seconds: 3 },
  idle_seconds: 10,
  done_timeout_seconds: 5,
  keepalive_seconds: 5,
  silence_seconds: 8,
  republish_seconds: 10,
};

/** For tests: the same proportions, several times quicker. */
export const QUICK_TIMING: Timing = {
  lease: { ttl_seconds: 3, renew_seconds: 1, poll_seconds: 1, margin_seconds: 1 },
  idle_seconds: 2,
  done_timeout_seconds: 1,
  keepalive_seconds: 1,
  silence_seconds: 3,
  republish_seconds: 3,
};

/** Everything that a fault can happen to: two mailbox instances (each behind a proxy), two filters or those in them, one broker, one mail server. */
export interface Arena {
  readonly nats: NatsServer;
  readonly dovecot: DovecotServer;
  readonly proxies: readonly SilentProxy[];
  readonly pipeline: Pipeline;
  readonly accounts: readonly LoadAccount[];
  /** Dovecot's log from the beginning, with each mail's saves, copies and expunges. */
  readonly log: LogTail;
  /** Copies the logs of all services and of Dovecot to a folder that stays, and returns it. */
  readonly keepLogs: () => string;
  readonly stop: () => Promise<void>;
}

interface Opened {
  readonly nats: NatsServer;
  readonly dovecot: DovecotServer;
  readonly proxies: readonly SilentProxy[];
  readonly dir: { readonly path: string; readonly remove: () => void };
}

const INSTANCES = 2;
const IDLE_MS = 90_000;

async function openServers(accounts: number): Promise<Opened> {
  const nats = await startNats();
  const dovecot = await startDovecot({ mailLog: true, hibernate: null, connections: Math.max(1_000, 4 * accounts) });
  const proxies = await Promise.all(Array.from({ length: INSTANCES }, () => silentProxy(dovecot.imapPort)));
  return { nats, dovecot, proxies, dir: tempDir("tamis-faults") };
}

async function closeServers({ nats, dovecot, proxies, dir }: Opened): Promise<void> {
  await Promise.all(proxies.map((proxy) => proxy.stop()));
  await Promise.all([nats.stop(), dovecot.stop()]);
  dir.remove();
}

function keepLogs({ dir, dovecot }: Opened): string {
  const kept = mkdtempSync(join(tmpdir(), "tamis-faults-logs-"));
  for (const name of readdirSync(dir.path))
    if (name.endsWith(".log")) copyFileSync(join(dir.path, name), join(kept, name));
  copyFileSync(join(dovecot.dir, "dovecot.log"), join(kept, "dovecot.log"));
  return kept;
}

/** Starts it all and waits until every account is served: what is delivered from then on is the pipeline's to sort. */
export async function openArena(options: {
  readonly accounts: number;
  readonly timing: Timing;
  /** Each `mailbox` with its `filter` in one process, and no other filter. */
  readonly together: boolean;
}): Promise<Arena> {
  const opened = await openServers(options.accounts);
  const { nats, dovecot, proxies, dir } = opened;
  const accounts = loadAccounts("f", options.accounts);
  try {
    const pipeline = await startPipeline(
      {
        nats,
        dovecot,
        dir: dir.path,
        accounts,
        imapPorts: proxies.map(({ port }) => port),
        together: options.together,
        filters: options.together ? 0 : 2,
        mailbox: { ...options.timing, connects_per_second: 200, reconcile_minutes: 1 },
      },
      faultScript,
    );
    await pipeline.idle(accounts.length, IDLE_MS);
    const log = tailLog(join(dovecot.dir, "dovecot.log"), { fromStart: true });
    const stop = async (): Promise<void> => {
      log.close();
      await pipeline.stop();
      await closeServers(opened);
    };
    return { nats, dovecot, proxies, pipeline, accounts, log, keepLogs: () => keepLogs(opened), stop };
  } catch (error) {
    await closeServers(opened);
    throw error;
  }
}
