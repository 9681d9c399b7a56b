import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { buckets } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { LOAD_DOMAIN, type LoadAccount } from "../load-account.ts";
import type { Pipeline } from "../pipeline.ts";
import type { ServiceProcess } from "../service-process.ts";
import type { Arena } from "./arena.ts";
import type { DeliveryFlow } from "./delivery-flow.ts";

/** One way to break the pipeline while mail flows. */
export interface FaultKind {
  readonly name: FaultName;
  readonly tells: string;
  /** It needs filters that can be killed while the mailbox instances go on. */
  readonly isApart?: true;
  /**
   * Breaks it. Resolves when the broken thing is back, or at once where another is to take over: from that moment the
   * recovery is counted.
   */
  readonly inflict: (arena: Arena, flow: DeliveryFlow) => Promise<void>;
  /** Puts back what was left broken, once the accounts are served again. */
  readonly mend?: (arena: Arena) => Promise<void>;
}

export const faultNames = [
  "filter-killed",
  "mailbox-killed",
  "nats-killed",
  "dovecot-killed",
  "mailbox-stopped",
  "half-open",
  "connections-cut",
  "records-wiped",
  "inbox-replaced",
] as const;
export type FaultName = (typeof faultNames)[number];

/** Mails that arrive between the break and the return of what was broken. */
const MEANWHILE = 8;

async function killFilters({ pipeline }: Arena): Promise<void> {
  await Promise.all(pipeline.filters.map((one) => one.kill()));
  await Promise.all(pipeline.filters.map((one) => one.start()));
}

async function killNats({ nats }: Arena, flow: DeliveryFlow): Promise<void> {
  const before = flow.delivered.length;
  await nats.kill();
  await flow.reached(before + MEANWHILE);
  await nats.restart();
}

/** The processes without which nothing is decided: the filters, or the sorters that have them, for less than a lease. */
const deciders = ({ filters, mailboxes }: Pipeline): readonly ServiceProcess[] =>
  filters.length > 0 ? filters : mailboxes;

/**
 * In the middle of many moves: those that decide stand still while mail arrives, and all of it is decided on at once. Deliveries
 * pause, so that none is in doubt and what Dovecot logs is what `mailbox` does.
 */
async function killDovecot({ dovecot, pipeline }: Arena, flow: DeliveryFlow): Promise<void> {
  for (const decider of deciders(pipeline)) decider.pause();
  const waiting = Math.floor(flow.ahead() / 2);
  await flow.reached(flow.delivered.length + waiting);
  await flow.hold();
  const log = join(dovecot.dir, "dovecot.log");
  const before = statSync(log).size;
  const moved = (): number => readFileSync(log, "latin1").slice(before).split(" expunge: ").length - 1;
  for (const decider of deciders(pipeline)) decider.resume();
  // About half of them are moved, the others get flags or copies.
  const some = { timeoutMs: 60_000, intervalMs: 1, describe: "the first moves" };
  await waitFor(() => moved() >= waiting / 4, some);
  await dovecot.kill();
  await dovecot.restart();
  flow.release();
}

/** What is open now stays open and answers nothing more; new connections pass. */
async function halfOpen({ proxies }: Arena): Promise<void> {
  for (const proxy of proxies) proxy.set("silent");
  for (const proxy of proxies) proxy.set("pass");
}

async function cutConnections({ proxies }: Arena): Promise<void> {
  for (const proxy of proxies) proxy.set("cut");
  for (const proxy of proxies) proxy.set("pass");
}

/** The bucket is deleted under its users, as by an operator's mistake or a lost disk, and is there again, empty. */
async function wipeRecords({ pipeline }: Arena): Promise<void> {
  const { bus } = pipeline;
  await bus.request(`$JS.API.STREAM.DELETE.KV_${buckets.accounts.name}`, new Uint8Array(), { timeoutMs: 5_000 });
  await bus.bucket(buckets.accounts);
}

/** Maildir without its index: Dovecot numbers the mails anew, under a new UIDVALIDITY, and throws its sessions out. */
function rebuildInbox(dovecotDir: string, { id }: LoadAccount): void {
  const maildir = join(dovecotDir, "mail", LOAD_DOMAIN, id, "Maildir");
  for (const name of readdirSync(maildir)) {
    if (/^(dovecot-uidlist|dovecot\.index.*)$/.test(name)) rmSync(join(maildir, name), { force: true });
  }
}

/**
 * Those that decide stand still while mail arrives, so that each INBOX holds mail of both kinds: kept long ago and never
 * decided on. Then half of the accounts get new UIDs, the others the same UIDs under another UIDVALIDITY.
 */
async function replaceInboxes(arena: Arena, flow: DeliveryFlow): Promise<void> {
  const { pipeline, dovecot, accounts } = arena;
  const before = flow.delivered.length;
  for (const decider of deciders(pipeline)) decider.pause();
  await waitFor(async () => (await pipeline.bus.streamState("APPLY")).messages === 0, {
    timeoutMs: 60_000,
    describe: "an empty stream APPLY",
  });
  await flow.reached(before + MEANWHILE);
  await flow.hold();
  for (const [index, account] of accounts.entries()) {
    if (index % 2 === 0) rebuildInbox(dovecot.dir, account);
    else await dovecot.setUidValidity(account.address, "INBOX");
  }
  flow.release();
  for (const decider of deciders(pipeline)) decider.resume();
}

/** In the order in which they are inflicted. */
export const faultKinds: readonly FaultKind[] = [
  { name: "filter-killed", tells: "kill -9 of both filters, started again", isApart: true, inflict: killFilters },
  {
    name: "mailbox-killed",
    tells: "kill -9 of one mailbox instance of two; the other takes its accounts",
    inflict: async ({ pipeline }) => pipeline.mailboxes[0]?.kill(),
    mend: async ({ pipeline }) => pipeline.mailboxes[0]?.start(),
  },
  { name: "nats-killed", tells: "kill -9 of nats-server, started again on the same store", inflict: killNats },
  {
    name: "dovecot-killed",
    tells: "kill -9 of Dovecot and all its processes among many moves, started again without its lock files",
    inflict: killDovecot,
  },
  {
    name: "mailbox-stopped",
    tells: "SIGSTOP of one mailbox instance past its leases, SIGCONT when the other has taken over",
    inflict: async ({ pipeline }) => pipeline.mailboxes[1]?.pause(),
    mend: async ({ pipeline }) => pipeline.mailboxes[1]?.resume(),
  },
  { name: "half-open", tells: "every open IMAP connection falls silent without being closed", inflict: halfOpen },
  { name: "connections-cut", tells: "every open IMAP connection is reset", inflict: cutConnections },
  { name: "records-wiped", tells: "the bucket of the account records is deleted", inflict: wipeRecords },
  {
    name: "inbox-replaced",
    tells: "each INBOX gets a new UIDVALIDITY while undecided mail is in it",
    inflict: replaceInboxes,
  },
];
