import { Command, type CommanderError, Option } from "commander";
import { exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";
import { isTextKey, type TextKey } from "./texts.ts";

/** What a command's action answers. */
export type Action<A extends unknown[]> = (...args: A) => Promise<number>;

/** Builds commands that speak the language of the surroundings and report how they ended. */
export interface CommandLine {
  readonly io: Surroundings;
  /** A command `usage` under `parent`: described, with examples at the end of its help. */
  add(parent: Command, usage: string, about: TextKey, examples?: readonly string[]): Command;
  /** Wraps an action: what it answers becomes the exit code. */
  act<A extends unknown[]>(action: Action<A>): (...args: A) => Promise<void>;
  /** Of the action that ran. */
  exitCode(): number;
}

export function commandLine(io: Surroundings): CommandLine {
  let result: number = exitCode.ok;
  return {
    io,
    add(parent, usage, about, examples = []) {
      const command = parent.command(usage).description(io.say(about));
      return withExamples(localise(command, io), examples, io);
    },
    act:
      (action) =>
      async (...args) => {
        result = await action(...args);
      },
    exitCode: () => result,
  };
}

/** The command `tamis` itself. */
export function rootCommand(io: Surroundings): Command {
  return localise(new Command("tamis"), io).description(io.say("about"));
}

export function withExamples(command: Command, examples: readonly string[], io: Surroundings): Command {
  if (examples.length === 0) return command;
  return command.addHelpText(
    "after",
    `\n${io.say("title.Examples:")}\n${examples.map((line) => `  ${line}`).join("\n")}`,
  );
}

/** `--config FILE`. */
export const configOption = (io: Surroundings): Option => new Option("--config <file>", io.say("opt.config"));
export const jsonOption = (io: Surroundings): Option => new Option("--json", io.say("opt.json"));
export const jsonLinesOption = (io: Surroundings): Option => new Option("--json", io.say("opt.json-lines"));
/** `--account A`, required. */
export const accountOption = (io: Surroundings): Option =>
  new Option("--account <account>", io.say("opt.account")).makeOptionMandatory();
/** An option that may be given several times. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    value,
  ]);
}

function localise(command: Command, io: Surroundings): Command {
  return command
    .exitOverride()
    .helpCommand(false)
    .helpOption("-h, --help", io.say("opt.help"))
    .configureHelp({ styleTitle: (title) => titleIn(title, io), showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
      // Told by `usageMessage`, in the right language.
      outputError: () => {},
    });
}

function titleIn(title: string, io: Surroundings): string {
  const key = `title.${title}`;
  return isTextKey(key) ? io.say(key) : title;
}

const USAGE_TEXTS: Readonly<Record<string, TextKey>> = {
  "commander.unknownOption": "usage.unknown-option",
  "commander.unknownCommand": "usage.unknown-command",
  "commander.missingArgument": "usage.missing-argument",
  "commander.optionMissingArgument": "usage.missing-value",
  "commander.missingMandatoryOptionValue": "usage.missing-option",
  "commander.excessArguments": "usage.too-many",
};

/** What was wrong with how the command was typed. */
export function usageMessage(error: CommanderError, io: Surroundings): string {
  const key = USAGE_TEXTS[error.code];
  const name = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const said = key === undefined ? error.message.replace(/^error: /, "") : io.say(key, { name });
  const meant = /\(Did you mean [^)]*\)/.exec(error.message)?.[0];
  return `tamis: ${said}${io.locale === "en" && meant !== undefined && key !== undefined ? ` ${meant}` : ""}\n${io.say("usage.see-help")}`;
}

/** `--help` and `--version` end this way too. */
export const isHelp = (error: CommanderError): boolean => error.exitCode === 0 || error.code === "commander.help";
