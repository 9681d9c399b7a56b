import { startDovecot, startNats, tempDir, waitFor } from "@tamis/testkit";
import { needInotify } from "./inotify.ts";
import { type LoadAccount, loadAccounts } from "./load-account.ts";
import { readOptions, textOption, wholeNumber } from "./options.ts";
import { type Pipeline, startPipeline } from "./pipeline.ts";
import { residentKib } from "./process-usage.ts";
import { type Figures, say, table, writeReport } from "./report.ts";
import { significant } from "./statistics.ts";

/** Options of `npm run load -- idle`. */
export const IDLE_HELP = `--accounts N   accounts that wait for mail (default 2000)
--json FILE    writes the figures`;

const MAX_ACCOUNTS = 15_000;
const BASE_ACCOUNTS = 10;
const SETTLED_MS = 5_000;
const START_MS = 900_000;

/** One kind of connection, measured. */
interface IdleResult {
  readonly baseKib: number;
  readonly residentKib: number;
  readonly perAccountKib: number;
  readonly signInSeconds: number;
}

const memory = (pipeline: Pipeline): number =>
  pipeline.mailboxes.reduce((sum, one) => sum + residentKib(one.pid() ?? 0), 0);

/** The memory once it has stopped to change: garbage of the sign-ins is gone by then. */
async function settledMemory(pipeline: Pipeline): Promise<number> {
  let [last, since] = [memory(pipeline), performance.now()];
  await waitFor(
    () => {
      const current = memory(pipeline);
      if (Math.abs(current - last) > 0.01 * last) [last, since] = [current, performance.now()];
      return performance.now() - since > SETTLED_MS;
    },
    { timeoutMs: 20 * SETTLED_MS, intervalMs: 250, describe: "memory that does not change any more" },
  ).catch(() => undefined);
  return memory(pipeline);
}

/** Adds all accounts to a service that serves a few already, and waits until they are idle. */
async function fill(pipeline: Pipeline, accounts: readonly LoadAccount[]): Promise<IdleResult> {
  const baseKib = await settledMemory(pipeline);
  const began = performance.now();
  pipeline.setAccounts(accounts);
  await pipeline.idle(accounts.length, START_MS);
  const signInSeconds = (performance.now() - began) / 1_000;
  const fullKib = await settledMemory(pipeline);
  return {
    baseKib,
    residentKib: fullKib,
    perAccountKib: (fullKib - baseKib) / (accounts.length - BASE_ACCOUNTS),
    signInSeconds,
  };
}

async function measureIdle(count: number, tls: boolean): Promise<IdleResult> {
  const dir = tempDir("tamis-idle");
  const dovecot = await startDovecot({
    format: "mdbox",
    hibernate: "1s",
    loginProcesses: 2,
    connections: count + 1_000,
  });
  const nats = await startNats();
  try {
    const accounts = loadAccounts("m", count);
    const mailbox = { connects_per_second: 500, connects_at_once: 16 };
    const pipeline = await startPipeline(
      { nats, dovecot, dir: dir.path, accounts: accounts.slice(0, BASE_ACCOUNTS), tls, mailbox },
      "keep;\n",
    );
    try {
      await pipeline.idle(BASE_ACCOUNTS, START_MS);
      return await fill(pipeline, accounts);
    } finally {
      await pipeline.stop();
    }
  } finally {
    await Promise.all([dovecot.stop(), nats.stop()]);
    dir.remove();
  }
}

const figuresOf = ({ baseKib, residentKib: full, perAccountKib, signInSeconds }: IdleResult): Figures => ({
  rss_per_account_kib: significant(perAccountKib, 3),
  rss_mib: significant(full / 1_024),
  rss_of_the_process_alone_mib: significant(baseKib / 1_024),
  sign_in_s: significant(signInSeconds, 3),
});

/** `npm run load -- idle`: what one waiting account costs `mailbox`, without TLS and with it. */
export async function runIdle(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv, { accounts: { type: "string" }, json: { type: "string" } });
  const accounts = wholeNumber("accounts", options["accounts"] ?? "2000", {
    min: 2 * BASE_ACCOUNTS,
    max: MAX_ACCOUNTS,
  });
  const limits = needInotify(accounts, say);
  try {
    const results = new Map<string, IdleResult>();
    for (const kind of ["plain", "tls"] as const) {
      say(`${accounts} accounts, ${kind} …`);
      results.set(kind, await measureIdle(accounts, kind === "tls"));
    }
    const row = ([kind, result]: readonly [string, IdleResult]): readonly (string | number)[] => [
      kind,
      significant(result.perAccountKib, 3),
      Math.round(result.residentKib / 1_024),
      Math.round(result.baseKib / 1_024),
      Math.round(result.signInSeconds),
    ];
    say(
      table(
        ["connection", "KiB per account", "RSS MiB", `with ${BASE_ACCOUNTS} accounts`, "sign-in s"],
        [...results].map(row),
      ),
    );
    const json = textOption(options["json"]);
    const ours = Object.fromEntries([...results].map(([kind, result]) => [kind, figuresOf(result)]));
    if (json !== undefined)
      await writeReport(json, { scenario: "idle", ours, peers: {}, ceiling: {}, ratios: {}, settings: { accounts } });
    return 0;
  } finally {
    limits.restore();
  }
}
