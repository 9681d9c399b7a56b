import { writeFile } from "node:fs/promises";
import { format, renderDiagnostic } from "@tamis/sieve";
import { type Command, Option } from "commander";
import type { CommandLine } from "../command-line.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { readScript } from "../script-file.ts";
import type { Surroundings } from "../surroundings.ts";

interface FmtOptions {
  readonly check?: true;
  readonly write?: true;
}

export function addSieveFmt(sieve: Command, line: CommandLine): void {
  const { io } = line;
  line
    .add(sieve, "fmt", "sieve.fmt.about", ["tamis sieve fmt rules.sieve", "tamis sieve fmt --write *.sieve"])
    .argument("<files...>", io.say("file.script"))
    .addOption(new Option("--check", io.say("sieve.fmt.check")))
    .addOption(new Option("--write", io.say("sieve.fmt.write")))
    .action(line.act((files: readonly string[], options: FmtOptions) => formatFiles(files, options, io)));
}

async function formatFiles(files: readonly string[], options: FmtOptions, io: Surroundings): Promise<ExitCode> {
  if (options.check === true && options.write === true) throw new CommandFailure(io.say("fmt.both"), exitCode.usage);
  if (options.write === true && files.includes("-")) throw new CommandFailure(io.say("fmt.stdin"), exitCode.usage);
  let good = true;
  for (const file of files) if (!(await formatFile(file, options, io))) good = false;
  return good ? exitCode.ok : exitCode.failed;
}

/** False where the file has syntax errors, or is not laid out and should be. */
async function formatFile(file: string, { check, write }: FmtOptions, io: Surroundings): Promise<boolean> {
  const text = await readScript(file, io);
  const formatted = format(text, io.locale);
  if (!formatted.ok) {
    for (const diagnostic of formatted.diagnostics) io.err(renderDiagnostic(diagnostic, text, file, io.locale));
    return false;
  }
  if (check !== true && write !== true) {
    if (formatted.text !== "") io.out(formatted.text.replace(/\r?\n$/, ""));
    return true;
  }
  if (formatted.text === text) return true;
  if (write === true) await save(file, formatted.text, io);
  io.out(io.say(write === true ? "fmt.written" : "fmt.changes", { file }));
  return write === true;
}

async function save(file: string, text: string, io: Surroundings): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CommandFailure(io.say("fmt.unwritable", { file, code }), undefined, { cause });
  }
}
