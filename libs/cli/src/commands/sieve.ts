import { type Command, Option } from "commander";
import { type CheckForAccount, checkForAccount, checkScript } from "../check-script.ts";
import { type CommandLine, configOption, jsonOption, repeatable } from "../command-line.ts";
import { withBus } from "../connect.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { momentOf } from "../parameters.ts";
import { readInput, readScript } from "../script-file.ts";
import { type ConfigOption, findAccount, readAccountSettings } from "../settings-file.ts";
import type { Surroundings } from "../surroundings.ts";
import { type Trial, trialText, tryScript } from "../try-script.ts";
import { addSieveFmt } from "./sieve-fmt.ts";
import { addSieveSvtest } from "./sieve-svtest.ts";

interface CheckOptions extends ConfigOption {
  readonly json?: true;
  readonly mailbox?: readonly string[];
  readonly account?: string;
}

interface RunOptions {
  readonly json?: true;
  readonly mailbox?: readonly string[];
  readonly envelopeFrom?: string;
  readonly envelopeTo?: string;
  readonly now?: string;
  readonly timeZone?: string;
  readonly flag?: readonly string[];
}

export function addSieve(root: Command, line: CommandLine): void {
  const sieve = line.add(root, "sieve", "sieve.about");
  addCheckAndRun(sieve, line);
  addSieveFmt(sieve, line);
  addSieveSvtest(sieve, line);
}

function addCheckAndRun(sieve: Command, line: CommandLine): void {
  const { io } = line;
  line
    .add(sieve, "check", "sieve.check.about", [
      "tamis sieve check rules.sieve",
      "tamis sieve check --json *.sieve",
      "tamis sieve check --account anna@example.org rules.sieve",
    ])
    .argument("<files...>", io.say("file.script"))
    .addOption(jsonOption(io))
    .addOption(repeatable("--mailbox <folder>", io.say("opt.known-mailbox")))
    .addOption(new Option("--account <account>", io.say("opt.check-account")))
    .addOption(configOption(io))
    .action(line.act((files: readonly string[], options: CheckOptions) => check(files, options, io)));
  line
    .add(sieve, "run", "sieve.run.about", [
      "tamis sieve run rules.sieve mail.eml",
      "tamis sieve run rules.sieve mail.eml --json --envelope-to anna+lists@example.org --mailbox Lists",
    ])
    .argument("<script>", io.say("file.script"))
    .argument("<message>", io.say("file.message"))
    .addOption(jsonOption(io))
    .addOption(new Option("--envelope-from <address>", io.say("opt.envelope-from")))
    .addOption(new Option("--envelope-to <address>", io.say("opt.envelope-to")))
    .addOption(new Option("--now <time>", io.say("opt.now")))
    .addOption(new Option("--time-zone <zone>", io.say("opt.time-zone")))
    .addOption(repeatable("--flag <flag>", io.say("opt.flag")))
    .addOption(repeatable("--mailbox <folder>", io.say("opt.mailbox")))
    .action(
      line.act((script: string, message: string, options: RunOptions) => runScript({ script, message }, options, io)),
    );
}

/** As the account would be told, where one is named; else with all that the language has, without any server. */
async function check(files: readonly string[], options: CheckOptions, io: Surroundings): Promise<ExitCode> {
  const known = { locale: io.locale, mailboxes: options.mailbox };
  if (options.account === undefined)
    return checkFiles(files, { options, check: async (text, file) => checkScript(text, file, known) }, io);
  const settings = readAccountSettings(options, io);
  const account = findAccount(settings, options.account, io);
  return withBus(settings, io, async (bus) =>
    checkFiles(files, { options, check: await checkForAccount(bus, { account, settings }, known) }, io),
  );
}

async function checkFiles(
  files: readonly string[],
  how: { readonly options: CheckOptions; readonly check: CheckForAccount },
  io: Surroundings,
): Promise<ExitCode> {
  const { options } = how;
  let errors = 0;
  const reported: unknown[] = [];
  for (const file of files) {
    const checked = await how.check(await readScript(file, io), file);
    errors += checked.errors;
    reported.push(...checked.reported);
    if (options.json !== true) for (const text of checked.rendered) io.out(text);
  }
  if (options.json === true) io.out(JSON.stringify(reported, null, 2));
  else io.err(io.say(errors === 0 ? "check.good" : "check.bad", { count: files.length, errors }));
  return errors === 0 ? exitCode.ok : exitCode.failed;
}

async function runScript(
  files: { readonly script: string; readonly message: string },
  options: RunOptions,
  io: Surroundings,
): Promise<ExitCode> {
  const trial: Trial = {
    now: options.now === undefined ? Date.now() : momentOf(options.now, io),
    timeZone: timeZoneOf(options.timeZone, io),
    ...(options.envelopeFrom === undefined ? {} : { envelopeFrom: options.envelopeFrom }),
    ...(options.envelopeTo === undefined ? {} : { envelopeTo: options.envelopeTo }),
    flags: options.flag ?? [],
    mailboxes: options.mailbox ?? [],
  };
  const text = await readScript(files.script, io);
  const raw = await readInput(files.message, io);
  const checked = checkScript(text, files.script, io);
  if (!checked.compiled.ok) {
    if (options.json === true) io.out(JSON.stringify({ diagnostics: checked.reported }, null, 2));
    else for (const diagnostic of checked.rendered) io.err(diagnostic);
    return exitCode.failed;
  }
  for (const warning of checked.rendered) io.err(warning);
  const outcome = tryScript(checked.compiled.program, raw, trial);
  io.out(
    options.json === true
      ? JSON.stringify({ actions: outcome.actions, trace: outcome.trace, error: outcome.error ?? null }, null, 2)
      : trialText(outcome, io),
  );
  return outcome.error === undefined ? exitCode.ok : exitCode.failed;
}

function timeZoneOf(text: string | undefined, io: Surroundings): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new CommandFailure(io.say("usage.not-a-zone", { text: text ?? "" }), exitCode.usage, { cause });
  }
}
