import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { alternate, medianOf } from "./alternate.ts";
import { CircularSite } from "./circular/circular-site.ts";
import { recipients } from "./circular/letter.ts";
import { type PlainSink, smtpSource, startPlainSink } from "./circular/postfix-programs.ts";
import { runCircularFaults } from "./circular/run-circular-faults.ts";
import { readOptions, textOption, wholeNumber } from "./options.ts";
import { type Report, say, table, writeReport } from "./report.ts";
import { significant } from "./statistics.ts";

/** Options of `npm run load -- circular`. */
export const CIRCULAR_HELP = `--recipients N   of each run (25500)
--connections N  with the sink, for everybody (10)
--rounds N       alternating runs, of which the median counts, 1 to 9 (3)
--ledger N       recipients that are in the ledger already when the status is asked for (0)
--profile DIR    writes a CPU profile of outbox
--json FILE      writes the figures
--faults         instead: kills and stops everything in turn, and counts who got how many (--recipients 4000)`;

/** Octets of one mail of the letter, as smtp-source sends them. */
const OCTETS = 5_000;
const STATUS_ASKS = 100;

interface Plan {
  readonly recipients: number;
  readonly connections: number;
  readonly rounds: number;
  readonly ledger: number;
  readonly profileDir: string | undefined;
}

/**
 * How fast a circular leaves: the same letter, recipients, signature and number of connections through outbox with its ledger in
 * PostgreSQL, and through nodemailer with nothing; smtp-source, which composes nothing, as the ceiling.
 * @returns the exit code
 */
export async function runCircular(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv, {
    recipients: { type: "string" },
    connections: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
    ledger: { type: "string", default: "0" },
    profile: { type: "string" },
    json: { type: "string" },
    faults: { type: "boolean", default: false },
  });
  const isFaults = options["faults"] === true;
  const count = wholeNumber("recipients", options["recipients"] ?? (isFaults ? "4000" : "25500"), {
    min: 100,
    max: 1_000_000,
  });
  if (isFaults) return runCircularFaults({ recipients: count, json: textOption(options["json"]) });
  const plan = {
    recipients: count,
    connections: wholeNumber("connections", options["connections"], { min: 1, max: 100 }),
    rounds: wholeNumber("rounds", options["rounds"], { min: 1, max: 9 }),
    ledger: wholeNumber("ledger", options["ledger"], { min: 0, max: 5_000_000 }),
    profileDir: textOption(options["profile"]),
  };
  const sink = await startPlainSink();
  try {
    await measure(plan, sink, textOption(options["json"]));
  } finally {
    await sink.stop();
  }
  return 0;
}

async function measure(plan: Plan, sink: PlainSink, json: string | undefined): Promise<void> {
  await using site = await CircularSite.open({
    sinkPort: sink.port,
    connections: plan.connections,
    instances: 1,
    durable: true,
    profileDir: plan.profileDir,
  });
  const peer = (how: "composed" | "raw") => async () =>
    nodemailer({ port: sink.port, keyFile: site.keyFile, how, ...plan });
  const runs = await alternate(
    {
      outbox: () => ours(site, plan),
      nodemailer: peer("composed"),
      nodemailer_raw: peer("raw"),
      smtp_source: () =>
        smtpSource(sink.port, { mails: plan.recipients, octets: OCTETS, connections: plan.connections }),
    },
    plan.rounds,
  );
  const rates = Object.fromEntries(
    Object.keys(runs).map((name) => [name, medianOf(runs[name], (perSecond) => perSecond)]),
  );
  const memory = site.peakMemory(0);
  const found = { rates, memory, status: await statusTimes(site, plan.ledger) };
  tell(found);
  if (json !== undefined) await writeReport(json, reportOf(found, plan));
}

interface Found {
  /** Mails per second, by contender. */
  readonly rates: Readonly<Record<string, number>>;
  /** MiB. */
  readonly memory: number;
  /** ms. */
  readonly status: { readonly p50: number; readonly p99: number };
}

/** Above 1: we are faster. */
function ratiosOf({ rates }: Found): Readonly<Record<"nodemailer" | "smtp_source", number>> {
  const of = (name: string): number => significant((rates["outbox"] ?? 0) / (rates[name] ?? 0));
  return { nodemailer: of("nodemailer"), smtp_source: of("smtp_source") };
}

function tell(found: Found): void {
  const { rates, memory, status } = found;
  const ratios = ratiosOf(found);
  const rows = Object.entries(rates).map(([name, perSecond]) => [name, Math.round(perSecond)]);
  say(table(["contender", "mails/s"], rows));
  say(`outbox ${ratios.nodemailer} of nodemailer, ${ratios.smtp_source} of smtp-source`);
  say(`outbox at most ${memory} MiB; status ${status.p50.toFixed(1)} ms (median), ${status.p99.toFixed(1)} ms (p99)`);
}

function reportOf(found: Found, plan: Plan): Report {
  const { rates, memory, status } = found;
  const rate = (name: string): number => significant(rates[name] ?? 0);
  return {
    scenario: "circular",
    ours: {
      mails_per_second: rate("outbox"),
      peak_memory_mib: memory,
      status_p50_ms: significant(status.p50),
      status_p99_ms: significant(status.p99),
    },
    peers: {
      nodemailer: { mails_per_second: rate("nodemailer") },
      nodemailer_raw: { mails_per_second: rate("nodemailer_raw") },
    },
    ceiling: { smtp_source_mails_per_second: rate("smtp_source") },
    ratios: ratiosOf(found),
    settings: {
      recipients: plan.recipients,
      connections: plan.connections,
      rounds: plan.rounds,
      ledger_recipients: plan.ledger + plan.recipients * plan.rounds,
    },
  };
}

/** From the start of the circular to the last accepted recipient, as the ledger has it. */
async function ours(site: CircularSite, plan: Plan): Promise<number> {
  const id = await site.draft(recipients(plan.recipients));
  const began = performance.now();
  await site.begin(id);
  await site.until(id, "all accepted", ({ counts }) => counts.accepted === plan.recipients);
  return plan.recipients / ((performance.now() - began) / 1000);
}

interface Peer {
  readonly port: number;
  readonly keyFile: string;
  readonly how: "composed" | "raw";
  readonly recipients: number;
  readonly connections: number;
}

async function nodemailer({ port, keyFile, how, recipients: count, connections }: Peer): Promise<number> {
  const program = join(import.meta.dirname, "circular/nodemailer-peer.ts");
  const args = [program, String(port), String(count), String(connections), keyFile, how];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout).perSecond;
}

/** What a status takes, asked over NATS, when so many recipients are in the ledger. */
async function statusTimes(
  site: CircularSite,
  ledger: number,
): Promise<{ readonly p50: number; readonly p99: number }> {
  const id = await site.draft(recipients(Math.max(1, ledger)));
  const times: number[] = [];
  for (let asks = 0; asks < STATUS_ASKS; asks++) {
    const began = performance.now();
    await site.status(id);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(STATUS_ASKS / 2)] ?? 0, p99: times[STATUS_ASKS - 1] ?? 0 };
}
