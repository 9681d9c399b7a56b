import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type DovecotServer, type NatsServer, startDovecot, startNats, tempDir, waitFor } from "@tamis/testkit";
import { imapFilter, type Watcher } from "../imapfilter.ts";
import { type LoadAccount, loadAccounts } from "../load-account.ts";
import { type LogTail, tailLog } from "../log-tail.ts";
import { type Pipeline, startPipeline } from "../pipeline.ts";
import { cpuByName, cpuSpent, residentKib } from "../process-usage.ts";
import { folderFor, type RuleSet, sieveOf, subjectRules } from "../rule-sets.ts";
import { collectSpans, type Span } from "../span-collector.ts";
import { type Arrival, burstArrivals, deliverAndWait, type Filed, steadyArrivals } from "./arrivals.ts";
import { collectOwnTimes, type OwnTimes } from "./own-times.ts";

/** Whether an idle connection sleeps in imap-hibernate (told in 2–30 ms) or stays a process (told after Dovecot's own 500 ms). */
export type IdleMode = "hibernated" | "live";

export interface LatencyPlan {
  readonly mode: IdleMode;
  readonly accounts: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly burst: number;
  /** Mails before anything is measured. */
  readonly warmup: number;
  /** `mailbox` and `filter` in one process. */
  readonly together: boolean;
  readonly sampling: number;
}

/** What one run of one contender saw. */
export interface LatencyRun {
  readonly steady: readonly Filed[];
  readonly burst: readonly Filed[];
  /** CPU seconds of the steady part by process. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Memory of all its processes after the burst, MiB. */
  readonly memoryMib: number;
  /** Ours only. */
  readonly own?: {
    readonly steady: readonly OwnTimes[];
    readonly burst: readonly OwnTimes[];
    readonly spans: readonly Span[];
    readonly window: { readonly from: number; readonly to: number };
  };
}

/** The mail server of one mode, on which both take turns. */
export interface LatencyStage {
  readonly plan: LatencyPlan;
  readonly dovecot: DovecotServer;
  readonly log: LogTail;
  readonly rules: RuleSet;
  readonly stop: () => Promise<void>;
}

/**
 * QUIRK: a mail that comes less than 500 ms before Dovecot 2.3 hibernates the connection is not announced until the
 * next one comes: the delayed announcement is forgotten (seen on 2.3.19.1). Mails of one account are therefore either
 * much closer together than this or further apart.
 */
const HIBERNATE_S = 1;
/** The least time between two steady mails of one account, s: announced late at worst, and hibernated again. */
export const LEAST_SPACING_S = HIBERNATE_S + 1;

const STARTUP_MS = 120_000;
const SECOND_MS = 1_000;

export async function openStage(plan: LatencyPlan): Promise<LatencyStage> {
  const dovecot = await startDovecot({
    format: "mdbox",
    fsync: "never",
    quota: null,
    mailLog: true,
    hibernate: plan.mode === "hibernated" ? `${HIBERNATE_S}s` : null,
    connections: 2_000,
  });
  const log = tailLog(join(dovecot.dir, "dovecot.log"));
  const stop = async (): Promise<void> => {
    log.close();
    await dovecot.stop();
  };
  return { plan, dovecot, log, rules: subjectRules(10, 10), stop };
}

/** Empty mailboxes whose folders are there already. */
async function freshAccounts({ plan, dovecot, rules }: LatencyStage, prefix: string): Promise<readonly LoadAccount[]> {
  const accounts = loadAccounts(prefix, plan.accounts);
  const folders = [...new Set(rules.rules.map(({ folder }) => folder))];
  for (const { address } of accounts) for (const folder of folders) await dovecot.createFolder(address, folder);
  return accounts;
}

/** Only mails that a rule moves: of the others nobody could see when they were handled. */
const moved = (rules: RuleSet, arrivals: readonly Arrival[]): readonly Arrival[] =>
  arrivals.filter(({ key }) => folderFor(rules, key) !== "INBOX");

interface Measured {
  readonly steady: readonly Filed[];
  readonly burst: readonly Filed[];
  readonly cpu: Readonly<Record<string, number>>;
  readonly window: { readonly from: number; readonly to: number };
}

const WARM_UP_KEY = 1_000_000;
const BURST_KEY = 500_000;
const MATCH_SHARE = 0.84;
/** Faster than what is measured: nothing depends on when it is announced. */
const WARM_UP_PER_S = 60;
const now = (): number => performance.timeOrigin + performance.now();

/** Until every connection is where it is to be measured: nothing announces that Dovecot has hibernated one. */
const untilAllSleep = (): Promise<void> => delay(2 * LEAST_SPACING_S * SECOND_MS);

/** The same arrivals for every contender: some to warm up, then steady ones, then a burst. */
async function measure(
  stage: LatencyStage,
  accounts: readonly LoadAccount[],
  pids: () => Readonly<Record<string, readonly number[]>>,
): Promise<Measured> {
  const { plan, rules } = stage;
  const steady = (count: number, perSecond: number, key: number): readonly Arrival[] =>
    moved(rules, steadyArrivals(accounts, Math.round(count / MATCH_SHARE), perSecond / MATCH_SHARE, key));
  const burst = (count: number, key: number): readonly Arrival[] =>
    moved(rules, burstArrivals(accounts, Math.round(count / MATCH_SHARE), key));
  await untilAllSleep();
  await deliverAndWait(stage, steady(plan.warmup, WARM_UP_PER_S, WARM_UP_KEY));
  await untilAllSleep();
  const [from, before] = [now(), cpuByName(pids())];
  const steadyFiled = await deliverAndWait(stage, steady(plan.perSecond * plan.seconds, plan.perSecond, 0));
  const [cpu, to] = [cpuSpent(before, cpuByName(pids())), now()];
  await untilAllSleep();
  const burstFiled = await deliverAndWait(stage, burst(plan.burst, BURST_KEY));
  return { steady: steadyFiled, burst: burstFiled, cpu, window: { from, to } };
}

const memoryOf = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + residentKib(pid), 0) / 1_024;

async function openPipeline(
  stage: LatencyStage,
  nats: NatsServer,
  setting: { readonly dir: string; readonly accounts: readonly LoadAccount[]; readonly endpoint: string },
): Promise<Pipeline> {
  const { dovecot, plan, rules } = stage;
  const pipeline = await startPipeline(
    {
      nats,
      dovecot,
      dir: setting.dir,
      accounts: setting.accounts,
      together: plan.together,
      mailbox: { connects_per_second: 200 },
      traces: { endpoint: setting.endpoint, sampling: plan.sampling },
    },
    sieveOf(rules),
  );
  await pipeline.idle(setting.accounts.length, STARTUP_MS);
  return pipeline;
}

/** Waits for spans that the services still hold back: they send once a second. */
async function lastSpans(spans: () => readonly Span[]): Promise<readonly Span[]> {
  let [count, since] = [spans().length, performance.now()];
  await waitFor(
    () => {
      if (spans().length !== count) [count, since] = [spans().length, performance.now()];
      return performance.now() - since > 2 * SECOND_MS;
    },
    { timeoutMs: STARTUP_MS, intervalMs: 100, describe: "the last spans" },
  );
  return spans();
}

export async function runOurs(stage: LatencyStage, prefix: string): Promise<LatencyRun> {
  const accounts = await freshAccounts(stage, prefix);
  const [dir, nats, collector] = [tempDir("tamis-latency"), await startNats(), await collectSpans()];
  try {
    const pipeline = await openPipeline(stage, nats, { dir: dir.path, accounts, endpoint: collector.endpoint });
    const times = await collectOwnTimes(pipeline.bus);
    const pids = () => ({ ...pipeline.pids(), dovecot: stage.dovecot.pid === undefined ? [] : [stage.dovecot.pid] });
    const { window, ...measured } = await measure(stage, accounts, pids);
    const memoryMib = memoryOf(Object.values(pipeline.pids()).flat());
    const spans = await lastSpans(collector.spans);
    const own = {
      steady: times.between(window.from, window.to),
      burst: times.between(window.to, now()),
      spans,
      window,
    };
    await times.stop();
    await pipeline.stop();
    return { ...measured, memoryMib, own };
  } finally {
    await Promise.all([nats.stop(), collector.stop()]);
    dir.remove();
  }
}

/** One process per account, as its manual proposes for mail that is to be sorted when it comes. */
export async function runImapFilter(stage: LatencyStage, program: string, prefix: string): Promise<LatencyRun> {
  const accounts = await freshAccounts(stage, prefix);
  const dir = tempDir("tamis-imapfilter");
  const { imapPort: port, password } = stage.dovecot;
  const peer = imapFilter({ program, dir: dir.path, port, password, rules: stage.rules });
  const watchers: Watcher[] = accounts.map(({ address }) => peer.watch(address));
  try {
    const pids = () => ({
      imapfilter: watchers.map(({ pid }) => pid),
      dovecot: stage.dovecot.pid === undefined ? [] : [stage.dovecot.pid],
    });
    const { window: _, ...measured } = await measure(stage, accounts, pids);
    const failed = watchers.map(({ failed }) => failed()).find((failure) => failure !== undefined);
    if (failed !== undefined) throw new Error(failed);
    return { ...measured, memoryMib: memoryOf(watchers.map(({ pid }) => pid)) };
  } finally {
    await Promise.all(watchers.map(({ stop }) => stop()));
    dir.remove();
  }
}
