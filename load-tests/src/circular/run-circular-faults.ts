import { setTimeout as delay } from "node:timers/promises";
import { tempDir, waitFor } from "@tamis/testkit";
import { say, writeReport } from "../report.ts";
import { CircularSite } from "./circular-site.ts";
import { type CircularVerdict, isExact, judgeCircular } from "./circular-verdict.ts";
import { JournalSink } from "./journal-sink.ts";
import { recipients } from "./letter.ts";

const INSTANCES = 2;
const CONNECTIONS = 4;
const LEASE_MS = 2_000;

const OUTBOX = `  lease_ms: ${LEASE_MS}
  sweep_ms: 200
  retry: { first_ms: 100, max_ms: 1000 }
`;

interface Arena {
  readonly site: CircularSite;
  readonly sink: JournalSink;
}

interface Fault {
  readonly name: string;
  /** Instances whose mails on the wire may be unknown after it. */
  readonly touches: number;
  readonly strike: (arena: Arena) => Promise<void>;
}

const FAULTS: readonly Fault[] = [
  {
    name: "outbox killed",
    touches: 1,
    strike: async ({ site }) => {
      await site.outboxes[0]?.kill();
      await site.outboxes[0]?.start();
    },
  },
  {
    name: "outbox stopped past its lease",
    touches: 1,
    strike: async ({ site }) => {
      site.outboxes[1]?.pause();
      await delay(LEASE_MS * 1.5);
      site.outboxes[1]?.resume();
    },
  },
  {
    name: "nats-server killed",
    touches: 0,
    strike: async ({ site }) => {
      await site.nats.kill();
      await site.nats.restart();
    },
  },
  {
    name: "PostgreSQL killed",
    touches: INSTANCES,
    strike: async ({ site }) => {
      await site.postgres.kill();
      await site.postgres.restart();
    },
  },
  {
    name: "sink killed",
    touches: INSTANCES,
    strike: async ({ sink }) => {
      await sink.kill();
      await sink.up();
    },
  },
  {
    name: "answers of the sink lost",
    touches: INSTANCES,
    strike: async ({ sink }) => sink.loseAnswers(),
  },
  {
    name: "both outboxes killed",
    touches: INSTANCES,
    strike: async ({ site }) => {
      await Promise.all(site.outboxes.map((outbox) => outbox.kill()));
      for (const outbox of site.outboxes) await outbox.start();
    },
  },
];

export interface CircularFaultsResult {
  readonly verdict: CircularVerdict;
  /** So many may be unknown: what was on the wire at the faults. */
  readonly mostUnknown: number;
  readonly isExact: boolean;
  readonly unexpectedEnds: readonly string[];
}

export interface CircularFaultsPlan {
  readonly recipients: number;
  readonly durable: boolean;
  readonly tell: (line: string) => void;
}

/** Sends one circular through two instances while everything is killed and stopped in turn. */
export async function circularFaults(plan: CircularFaultsPlan): Promise<CircularFaultsResult> {
  const dir = tempDir("tamis-sink");
  const sink = await JournalSink.start(dir.path);
  try {
    await using site = await CircularSite.open({
      sinkPort: sink.port,
      connections: CONNECTIONS,
      instances: INSTANCES,
      durable: plan.durable,
      outbox: OUTBOX,
    });
    const id = await site.draft(recipients(plan.recipients));
    await site.begin(id);
    await strikeAll({ site, sink }, plan);
    await site.until(id, "the circular's end", ({ finishedAt }) => finishedAt !== null);
    const verdict = judgeCircular(await site.report(id), sink.arrivals());
    const mostUnknown = FAULTS.reduce((sum, { touches }) => sum + touches * CONNECTIONS, 0);
    const unexpectedEnds = site.outboxes.flatMap((outbox) => outbox.unexpectedEnds());
    return { verdict, mostUnknown, isExact: isExact(verdict, mostUnknown), unexpectedEnds };
  } finally {
    await sink.kill();
    dir.remove();
  }
}

/** One fault after each part of the mails, so that each meets a circular that is under way. */
async function strikeAll(arena: Arena, { recipients: count, tell }: CircularFaultsPlan): Promise<void> {
  for (const [index, fault] of FAULTS.entries()) {
    const least = Math.floor((count * (index + 1)) / (FAULTS.length + 2));
    const arrived = await waitFor(
      () => {
        const found = arena.sink.arrivals().size;
        return found >= least ? found : 0;
      },
      { timeoutMs: 300_000, intervalMs: 10, describe: `${least} mails before: ${fault.name}` },
    );
    await fault.strike(arena);
    tell(`after ${arrived} mails: ${fault.name}`);
  }
}

/** `npm run load -- circular --faults`. @returns the exit code */
export async function runCircularFaults({
  recipients: count,
  json,
}: {
  readonly recipients: number;
  readonly json: string | undefined;
}): Promise<number> {
  const result = await circularFaults({ recipients: count, durable: true, tell: say });
  const { verdict, mostUnknown, unexpectedEnds } = result;
  for (const line of [...verdict.duplicated, ...verdict.missing, ...unexpectedEnds].slice(0, 20)) say(line);
  const figures = {
    recipients: verdict.recipients,
    sent_once: verdict.sentOnce,
    duplicated: verdict.duplicated.length,
    missing: verdict.missing.length,
    unknown: verdict.unknown,
  };
  say(`of ${mostUnknown} mails at most it may be unknown whether they arrived`);
  say(
    Object.entries(figures)
      .map(([name, figure]) => `${name} ${figure}`)
      .join(" "),
  );
  if (json !== undefined)
    await writeReport(json, {
      scenario: "circular-faults",
      ours: { ...figures, unknown_at_most: mostUnknown },
      peers: {},
      ceiling: {},
      ratios: {},
      settings: { instances: INSTANCES, connections: CONNECTIONS, lease_ms: LEASE_MS, faults: FAULTS.length },
    });
  return result.isExact && unexpectedEnds.length === 0 ? 0 : 1;
}
