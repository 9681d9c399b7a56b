import type { Counter, Histogram, Tracer } from "@opentelemetry/api";
import type { Bucket, Bus } from "@tamis/bus";
import type { DraftsSettings, ImapsieveSettings, Logger } from "@tamis/kit";
import type { ByteGate } from "./byte-gate.ts";
import type { MailboxConfig } from "./config.ts";
import type { ConnectGate } from "./connect-gate.ts";
import type { FilterLine } from "./filter-line.ts";
import type { MailboxStats } from "./mailbox-stats.ts";
import type { Roster } from "./roster.ts";
import type { ServerBook } from "./server-book.ts";
import type { SignIn } from "./sign-in.ts";

export interface MailboxMetrics {
  readonly received: Counter;
  readonly handedOver: Counter;
  readonly applied: Counter;
  readonly snoozed: Counter;
  readonly woken: Counter;
  readonly wakeLateness: Histogram;
  readonly latency: Histogram;
  readonly stage: Histogram;
  readonly reconnects: Counter;
  readonly gaps: Counter;
  readonly resets: Counter;
}

/** What every account's worker shares with the others of its process. */
export interface WorkerDeps {
  readonly bus: Bus;
  readonly filterLine: FilterLine;
  /** Epoch ms, by which snoozed mail wakes and drafts wait. */
  readonly clock: () => number;
  readonly config: MailboxConfig;
  readonly imapsieve: ImapsieveSettings;
  readonly drafts: DraftsSettings;
  readonly log: Logger;
  readonly tracer: Tracer;
  readonly metrics: MailboxMetrics;
  readonly stats: MailboxStats;
  readonly accounts: Bucket;
  readonly roster: Roster;
  readonly servers: ServerBook;
  /** KV `memory`: what scripts remember. */
  readonly scriptMemory: Bucket;
  /** What is rewritten at once, by all accounts. */
  readonly rewriting: ByteGate;
  readonly signIn: SignIn;
  /** The gate of a host; of the organisation's own server where the account names none. */
  readonly gateOf: (host: string | undefined) => ConnectGate;
}
