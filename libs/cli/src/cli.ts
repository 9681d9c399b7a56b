import { readFileSync } from "node:fs";
import { BusUnusable, RetryLater } from "@tamis/bus";
import { type Command, CommanderError } from "commander";
import { z } from "zod";
import { type CommandLine, commandLine, isHelp, rootCommand, usageMessage, withExamples } from "./command-line.ts";
import { addCircular } from "./commands/circular.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addLog } from "./commands/log.ts";
import { addOutbox } from "./commands/outbox.ts";
import { addParked } from "./commands/parked.ts";
import { addReceipts } from "./commands/receipts.ts";
import { addRecover } from "./commands/recover.ts";
import { addRules } from "./commands/rules.ts";
import { addRun } from "./commands/run.ts";
import { addScripts } from "./commands/scripts.ts";
import { addSieve } from "./commands/sieve.ts";
import { addSort } from "./commands/sort.ts";
import { addStatus } from "./commands/status.ts";
import { addUndo } from "./commands/undo.ts";
import { addUp } from "./commands/up.ts";
import { addWhy } from "./commands/why.ts";
import { CommandFailure, type ExitCode, exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

const EXAMPLES = [
  "tamis doctor --config tamis.yaml",
  "tamis up --config tamis.yaml",
  "tamis sieve check rules.sieve",
  "tamis sieve run rules.sieve mail.eml --json",
  "tamis scripts put main rules.sieve --account anna@example.org --activate",
  "tamis rules preview --account anna@example.org --script draft.sieve --last 500",
  "tamis why --account anna@example.org --message-id '<20261101.1@example.net>'",
] as const;

/** Runs `tamis` with these arguments (without node and script); the answer is the exit code. Never throws. */
export async function runCli(args: readonly string[], io: Surroundings): Promise<number> {
  const line = commandLine(io);
  const root = buildCommands(line);
  try {
    await root.parseAsync([...args], { from: "user" });
    return line.exitCode();
  } catch (error) {
    return explain(error, io);
  }
}

function buildCommands(line: CommandLine): Command {
  const { io } = line;
  const root = rootCommand(io).version(version(), "-V, --version", io.say("opt.version"));
  for (const add of [
    addUp,
    addRun,
    addDoctor,
    addStatus,
    addLog,
    addWhy,
    addUndo,
    addSort,
    addRules,
    addRecover,
    addScripts,
    addOutbox,
    addReceipts,
    addCircular,
    addSieve,
    addParked,
  ])
    add(root, line);
  return withExamples(root, EXAMPLES, io).addHelpText("after", `\n${io.say("title.ExitCodes:")}\n${exitCodesText(io)}`);
}

function exitCodesText(io: Surroundings): string {
  const rows = [
    [exitCode.ok, "exit.ok"],
    [exitCode.failed, "exit.failed"],
    [exitCode.usage, "exit.usage"],
    [exitCode.unreachable, "exit.unreachable"],
  ] as const;
  return rows.map(([code, key]) => `  ${code}  ${io.say(key)}`).join("\n");
}

function version(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
}

function explain(error: unknown, io: Surroundings): ExitCode {
  if (error instanceof CommanderError) {
    if (isHelp(error)) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    io.err(usageMessage(error, io));
    return exitCode.usage;
  }
  if (error instanceof CommandFailure) {
    io.err(`tamis: ${error.message}`);
    return error.exitCode;
  }
  if (io.signal.aborted) {
    io.err(`tamis: ${io.say("interrupted")}`);
    return exitCode.failed;
  }
  if (error instanceof RetryLater || error instanceof BusUnusable) {
    io.err(`tamis: ${io.say("nats.lost", { message: error.message })}`);
    return exitCode.unreachable;
  }
  io.err(
    `tamis: ${io.say("unexpected", { message: error instanceof Error ? (error.stack ?? error.message) : String(error) })}`,
  );
  return exitCode.failed;
}
