import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type DovecotServer, type NatsServer, startDovecot, startNats, tempDir } from "@tamis/testkit";
import { firstLogins } from "../dovecot-log.ts";
import { type ImapFilter, imapFilter } from "../imapfilter.ts";
import { keyOf, LOAD_DOMAIN, type LoadAccount, loadAccounts } from "../load-account.ts";
import { type LogTail, tailLog } from "../log-tail.ts";
import { type Pipeline, type PipelineOptions, startPipeline } from "../pipeline.ts";
import { folderFor, sieveOf } from "../rule-sets.ts";
import { type BacklogCase, storageOptions } from "./backlog-cases.ts";

/** Servers, the pipeline and imapfilter for one case, all running. */
export interface Bench {
  readonly plan: BacklogCase;
  readonly dovecot: DovecotServer;
  readonly nats: NatsServer;
  readonly pipeline: Pipeline;
  readonly imapFilter: ImapFilter;
  readonly log: LogTail;
  /** Fresh mailboxes, each with the case's mails in INBOX. */
  readonly freshAccounts: () => Promise<readonly LoadAccount[]>;
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);

async function makeTemplate(dovecot: DovecotServer, mails: readonly Buffer[]): Promise<string> {
  const template = `template@${LOAD_DOMAIN}`;
  await dovecot.appendFast(template, mails);
  return join(dovecot.dir, "mail", LOAD_DOMAIN, "template");
}

/**
 * Copies one filled mailbox: the same bytes for everybody, and quicker than storing them again. They are on the disk before anybody begins:
 * whoever waited for a file of his own to be written would wait for all of them.
 */
async function copyMailboxes(template: string, accounts: readonly LoadAccount[]): Promise<void> {
  for (const { id } of accounts) await run("cp", ["-a", template, join(template, "..", id)]);
  await run("sync", []);
}

type Place = Pick<PipelineOptions, "dovecot" | "nats" | "dir" | "together" | "profileDir">;

async function startSorters(plan: BacklogCase, place: Place): Promise<Pipeline> {
  const limits = { connects_per_second: 1_000, connects_at_once: 16 };
  return startPipeline({ ...place, accounts: [], mailbox: { first_contact: "all", ...limits } }, sieveOf(plan.rules));
}

export interface BenchSetting {
  /** Where imapfilter is. */
  readonly program: string;
  /** `mailbox` and `filter` in one process. */
  readonly together: boolean;
  /** Folder for CPU profiles of our services. */
  readonly profileDir?: string | undefined;
}

/** Starts everything for one case and fills the mailbox that the runs copy. */
export async function openBench(plan: BacklogCase, mails: readonly Buffer[], setting: BenchSetting): Promise<Bench> {
  const { program, together, profileDir } = setting;
  const dir = tempDir("tamis-backlog");
  const dovecot = await startDovecot({ ...storageOptions[plan.storage], connections: 2_000 });
  const nats = await startNats();
  const closeServers = async (): Promise<void> => {
    await Promise.all([dovecot.stop(), nats.stop()]);
    dir.remove();
  };
  try {
    const template = await makeTemplate(dovecot, mails);
    const pipeline = await startSorters(plan, { dovecot, nats, dir: dir.path, together, profileDir });
    const log = tailLog(join(dovecot.dir, "dovecot.log"));
    let round = 0;
    const freshAccounts = async (): Promise<readonly LoadAccount[]> => {
      const accounts = loadAccounts(`${plan.name}-${++round}-`, plan.accounts);
      await copyMailboxes(template, accounts);
      await pipeline.activate(accounts, sieveOf(plan.rules));
      return accounts;
    };
    const stop = async (): Promise<void> => {
      log.close();
      await pipeline.stop();
      await closeServers();
    };
    const peer = imapFilter({
      program,
      dir: join(dir.path, "imapfilter"),
      port: dovecot.imapPort,
      password: dovecot.password,
      rules: plan.rules,
    });
    return { plan, dovecot, nats, pipeline, imapFilter: peer, log, freshAccounts, stop };
  } catch (error) {
    await closeServers();
    throw error;
  }
}

/** When the sorter first signed in to one of these accounts, by Dovecot's log: epoch ms. */
export function firstLogin({ log }: Bench, accounts: readonly LoadAccount[]): number {
  const logins = firstLogins(log.lines().join("\n"), new Set(accounts.map(({ address }) => address)));
  if (logins.size === 0) throw new Error("Dovecot logged no sign-in of the accounts");
  return Math.min(...logins.values());
}

/** Mails of these accounts that are not where the rules want them, counted by reading every mailbox. */
export async function misplaced({ dovecot, plan }: Bench, accounts: readonly LoadAccount[]): Promise<number> {
  let wrong = 0;
  for (const { address } of accounts) {
    const places = await dovecot.listAll(address);
    const right = places.filter(({ messageId, folder }) => folder === folderFor(plan.rules, keyOf(messageId) ?? -1));
    const seen = new Set(right.map(({ messageId }) => messageId)).size;
    wrong += places.length - seen + Math.abs(plan.mailsPerAccount - seen);
  }
  return wrong;
}
