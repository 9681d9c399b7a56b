import { sortBare } from "../bare-client.ts";
import type { LoadAccount } from "../load-account.ts";
import { cpuByName, cpuSpent, reapedCpuSeconds } from "../process-usage.ts";
import { countSettled } from "../settled-counter.ts";
import { type Bench, firstLogin, misplaced } from "./backlog-bench.ts";

/** One sorting of one backlog by one contender. */
export interface BacklogRun {
  /** From the sorter's first sign-in to its last mail in place. */
  readonly seconds: number;
  readonly mailsPerSecond: number;
  /** Mails not in their place afterwards. */
  readonly wrong: number;
  /** CPU seconds by process, `<name>_cpu_s`. */
  readonly cpu: Readonly<Record<string, number>>;
}

const DEADLINE_MS = 40_000;
/** Copies of imapfilter that share many accounts: more did not make it faster on two cores. */
const IMAPFILTERS = 4;

const now = (): number => performance.timeOrigin + performance.now();

async function finish(
  bench: Bench,
  accounts: readonly LoadAccount[],
  times: { readonly start: number; readonly end: number },
  cpu: BacklogRun["cpu"],
): Promise<BacklogRun> {
  const seconds = (times.end - times.start) / 1_000;
  const mails = bench.plan.accounts * bench.plan.mailsPerAccount;
  return { seconds, mailsPerSecond: mails / seconds, wrong: await misplaced(bench, accounts), cpu };
}

const dovecotPid = ({ dovecot }: Bench): readonly number[] => (dovecot.pid === undefined ? [] : [dovecot.pid]);

/** The accounts are added to a running pipeline, which has never seen them. */
export async function runOurs(bench: Bench): Promise<BacklogRun> {
  const accounts = await bench.freshAccounts();
  const pids = { ...bench.pipeline.pids(), dovecot: dovecotPid(bench) };
  const counter = await countSettled(bench.pipeline.bus, new Set(accounts.map(({ id }) => id)));
  try {
    const before = cpuByName(pids);
    bench.pipeline.setAccounts(accounts);
    await counter.reached(bench.plan.accounts * bench.plan.mailsPerAccount, DEADLINE_MS);
    const cpu = cpuSpent(before, cpuByName(pids));
    return await finish(bench, accounts, { start: firstLogin(bench, accounts), end: counter.lastAppliedAt() }, cpu);
  } finally {
    await counter.stop();
  }
}

export async function runImapFilter(bench: Bench): Promise<BacklogRun> {
  const accounts = await bench.freshAccounts();
  const users = accounts.map(({ address }) => address);
  const size = Math.ceil(users.length / IMAPFILTERS);
  const shares = Array.from({ length: IMAPFILTERS }, (_, index) =>
    users.slice(index * size, (index + 1) * size),
  ).filter((share) => share.length > 0);
  const dovecot = { dovecot: dovecotPid(bench) };
  const [before, reaped] = [cpuByName(dovecot), reapedCpuSeconds()];
  await Promise.all(shares.map((share) => bench.imapFilter.sortOnce(share)));
  const end = now();
  const cpu = {
    ...cpuSpent(before, cpuByName(dovecot)),
    imapfilter_cpu_s: Number((reapedCpuSeconds() - reaped).toFixed(2)),
  };
  return finish(bench, accounts, { start: firstLogin(bench, accounts), end }, cpu);
}

export async function runBare(bench: Bench): Promise<BacklogRun> {
  const accounts = await bench.freshAccounts();
  const { imapPort: port, password } = bench.dovecot;
  const dovecot = { dovecot: dovecotPid(bench) };
  const before = cpuByName(dovecot);
  const waiting = [...accounts];
  const work = async (): Promise<void> => {
    for (let account = waiting.shift(); account !== undefined; account = waiting.shift()) {
      await sortBare({ port, user: account.address, password }, bench.plan.rules);
    }
  };
  await Promise.all(Array.from({ length: IMAPFILTERS }, work));
  return finish(
    bench,
    accounts,
    { start: firstLogin(bench, accounts), end: now() },
    cpuSpent(before, cpuByName(dovecot)),
  );
}
