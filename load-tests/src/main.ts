import { BACKLOG_HELP, runBacklog } from "./backlog.ts";
import { CIRCULAR_HELP, runCircular } from "./circular.ts";
import { FAULTS_HELP, runFaultsScenario } from "./faults.ts";
import { IDLE_HELP, runIdle } from "./idle.ts";
import { LimitTooLow } from "./inotify.ts";
import { LATENCY_HELP, runLatency } from "./latency.ts";
import { MESSAGE_HELP, runMessage } from "./message.ts";
import { BadOptions } from "./options.ts";
import { runSieve, SIEVE_HELP } from "./sieve.ts";

interface Scenario {
  readonly name: string;
  readonly shows: string;
  /** One option per line. */
  readonly help: string;
  /** Resolves with the exit code. @throws BadOptions */
  readonly run: (argv: readonly string[]) => Promise<number>;
}

const scenarios: readonly Scenario[] = [
  {
    name: "faults",
    shows: "nothing is lost, done twice or misplaced while everything is killed in turn",
    help: FAULTS_HELP,
    run: runFaultsScenario,
  },
  {
    name: "backlog",
    shows: "how fast mail that is in INBOX already is sorted, beside imapfilter and a bare IMAP client",
    help: BACKLOG_HELP,
    run: runBacklog,
  },
  {
    name: "latency",
    shows: "how long a new mail takes to its folder, beside imapfilter, and where the time goes",
    help: LATENCY_HELP,
    run: runLatency,
  },
  { name: "idle", shows: "memory of mailbox per account that waits for mail", help: IDLE_HELP, run: runIdle },
  {
    name: "circular",
    shows: "how fast a circular leaves, beside nodemailer and smtp-source; --faults: that nobody gets two or none",
    help: CIRCULAR_HELP,
    run: runCircular,
  },
  {
    name: "message",
    shows: "how fast mail is parsed, beside mailparser and postal-mime",
    help: MESSAGE_HELP,
    run: runMessage,
  },
  {
    name: "sieve",
    shows: "CPU time of deciding on a Maildir, beside Dovecot's sieve-filter, and that both decide the same",
    help: SIEVE_HELP,
    run: runSieve,
  },
];

function usage(): string {
  const list = scenarios.map(({ name, shows }) => `  ${name.padEnd(9)} ${shows}`).join("\n");
  return `npm run load -- SCENARIO [options]\n${list}\nnpm run load -- SCENARIO --help tells its options. What was measured last: load-tests/RESULTS.md\n`;
}

function scenarioUsage({ name, shows, help }: Scenario): string {
  return `npm run load -- ${name} [options]: ${shows}\n${help.replace(/^/gm, "  ")}\n`;
}

async function runScenario(scenario: Scenario, argv: readonly string[]): Promise<number> {
  if (argv.includes("--help")) {
    process.stdout.write(scenarioUsage(scenario));
    return 0;
  }
  try {
    return await scenario.run(argv);
  } catch (error) {
    if (error instanceof BadOptions) {
      process.stderr.write(`${error.message}\n${scenarioUsage(scenario)}`);
      return 2;
    }
    if (!(error instanceof LimitTooLow)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function main([name, ...argv]: readonly string[]): Promise<number> {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario !== undefined) return runScenario(scenario, argv);
  const isAsked = name === undefined || name === "--help";
  process[isAsked ? "stdout" : "stderr"].write(isAsked ? usage() : `there is no scenario ${name}\n${usage()}`);
  return isAsked ? 0 : 2;
}

// A signal ends the run through the ordinary exit, where everything that was started is ended and limits are put back.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));
