import { type Answer, type BusStatus, holdLeases, type LeaseTiming } from "@tamis/bus";
import { APPLY, buckets, EVENTS, FILTER_DURABLE, MAIL, PARKED, subjects } from "@tamis/contracts";
import { loadAccounts, type OnStop, type Running, type ServiceContext, startInOrder, watchAccounts } from "@tamis/kit";
import { ByteGate } from "./byte-gate.ts";
import type { MailboxConfig, sections } from "./config.ts";
import { connectGates } from "./connect-gate.ts";
import { FilterLine } from "./filter-line.ts";
import { MailboxStats } from "./mailbox-stats.ts";
import { makeMetrics } from "./metrics.ts";
import { Partitions } from "./partitions.ts";
import { Roster } from "./roster.ts";
import { ServerBook } from "./server-book.ts";
import { SignIn } from "./sign-in.ts";

/** Octets of mail held in memory to be rewritten. */
const REWRITING_BYTES = 256 * 1024 * 1024;

type Context = ServiceContext<typeof sections>;

/** Builds what the workers share, then takes partitions as leases come. */
export const startMailbox = (service: Context): Promise<Running> =>
  startInOrder((onStop) => startParts(service, onStop));

async function startParts(service: Context, onStop: OnStop): Promise<void> {
  const { bus, settings, log, instance } = service;
  await bus.ensureMailStream();
  await bus.ensureStreams([APPLY, EVENTS, PARKED]);
  const stats = new MailboxStats(instance);
  const roster = new Roster(await bus.bucket(buckets.roster), settings.state_dir, (err) =>
    log.error({ err }, "roster-not-saved"),
  );
  onStop(() => roster.save());
  const partitions = await makePartitions(service, stats, roster);
  onStop(() => partitions.stop());
  const leases = await holdLeases({
    bus,
    instance,
    partitions: partitions.wanted,
    onGained: (p, lease) => partitions.gained(p, lease),
    onLost: (p, why) => partitions.lost(p, why),
    timing: leaseTiming(settings.mailbox),
  });
  onStop(() => leases.stop());
  const accounts = watchAccounts(settings, {
    log,
    known: loadAccounts(settings),
    onChange: (change) => {
      void partitions.setAccounts(change.accounts).then(() => leases.setWanted(partitions.wanted));
    },
  });
  onStop(() => accounts.stop());
  const report = (): Answer => ({
    payload: Buffer.from(JSON.stringify(stats.report(partitions.size, partitions.wanted.length))),
  });
  const status = await bus.respond(subjects.mailboxStatus, report);
  onStop(() => status.stop());
  onStop(bus.onStatus((state) => onBusStatus(service, state)));
}

async function makePartitions(service: Context, stats: MailboxStats, roster: Roster): Promise<Partitions> {
  const { bus, settings, log, tracer, meter } = service;
  const config = settings.mailbox;
  const partitions: Partitions = new Partitions({
    bus,
    filterLine: new FilterLine(bus, { patienceMs: config.ask_filter_seconds * 1_000 }),
    clock: Date.now,
    config,
    imapsieve: settings.imapsieve,
    drafts: settings.drafts,
    log,
    tracer,
    stats,
    roster,
    metrics: makeMetrics(meter, stats, () => partitions.size),
    accounts: await bus.bucket(buckets.accounts),
    servers: new ServerBook(await bus.bucket(buckets.servers)),
    scriptMemory: await bus.bucket(buckets.memory),
    rewriting: new ByteGate(REWRITING_BYTES),
    signIn: new SignIn(settings.imap, {
      keepAliveMs: config.keepalive_seconds * 1_000,
      timeoutMs: config.silence_seconds * 1_000,
    }),
    gateOf: connectGates(config.connects_per_second, config.connects_at_once),
  });
  await partitions.setAccounts(loadAccounts(settings));
  return partitions;
}

function leaseTiming({ lease }: MailboxConfig): Partial<LeaseTiming> {
  return {
    ttlMs: lease.ttl_seconds * 1_000,
    renewMs: lease.renew_seconds * 1_000,
    pollMs: lease.poll_seconds * 1_000,
    validMs: (lease.ttl_seconds - lease.margin_seconds) * 1_000,
  };
}

function onBusStatus(service: Context, state: BusStatus): void {
  service.health.set("nats", state === "reconnected" ? "ok" : "NATS is not connected");
  if (state === "reconnected") void checkFilterDurable(service);
}

/** design.md §Events: MAIL must never be published to without its only durable. */
async function checkFilterDurable({ bus, log, health }: Context): Promise<void> {
  try {
    if (!(await bus.hasConsumer(MAIL.name, FILTER_DURABLE))) await bus.ensureMailStream();
    await bus.ensureStreams([APPLY, EVENTS, PARKED]);
    health.set("streams", "ok");
  } catch (err) {
    health.set("streams", "the streams could not be checked after a reconnect");
    log.error({ err }, "streams-not-checked");
  }
}
