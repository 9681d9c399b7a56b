import { renderDiagnostic } from "@tamis/sieve";
import { runSuite, type SuiteReport } from "@tamis/sieve/svtest";
import { type Command, Option } from "commander";
import type { CommandLine } from "../command-line.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit-code.ts";
import { readInput } from "../script-file.ts";
import { type SuiteFile, suiteEnvironment, suiteFiles, textOf } from "../suite-files.ts";
import type { Surroundings } from "../surroundings.ts";

interface SvtestOptions {
  readonly programs?: true;
}

export function addSieveSvtest(sieve: Command, line: CommandLine): void {
  const { io } = line;
  line
    .add(sieve, "svtest", "sieve.svtest.about", ["tamis sieve svtest tests/", "tamis sieve svtest --programs a.svtest"])
    .argument("<paths...>", io.say("file.svtest"))
    .addOption(new Option("--programs", io.say("opt.programs")))
    .action(line.act((paths: readonly string[], options: SvtestOptions) => runSuites(paths, options, io)));
}

async function runSuites(paths: readonly string[], options: SvtestOptions, io: Surroundings): Promise<ExitCode> {
  let passed = 0;
  let failed = 0;
  for (const file of await suiteFiles(paths, io)) {
    const report = await runFile(file, options, io);
    passed += report.passed;
    failed += report.failed;
    if (io.signal.aborted) break;
  }
  // Read by programs: the same in every language.
  io.out(`${passed} passed, ${failed} failed`);
  return failed === 0 ? exitCode.ok : exitCode.failed;
}

/** Runs one file and tells what failed; one that cannot be read counts as a failure, the others are run all the same. */
async function runFile(
  { path, meantToFail }: SuiteFile,
  options: SvtestOptions,
  io: Surroundings,
): Promise<Pick<SuiteReport, "passed" | "failed">> {
  try {
    const text = textOf(await readInput(path, io));
    const environment = suiteEnvironment(path, { programs: options.programs === true });
    const report = runSuite(text, environment, { meantToFail, locale: io.locale });
    tell(report, { file: path, text }, io);
    return report;
  } catch (cause) {
    if (!(cause instanceof CommandFailure)) throw cause;
    io.err(cause.message);
    return { passed: 0, failed: 1 };
  }
}

function tell(
  report: SuiteReport,
  { file, text }: { readonly file: string; readonly text: string },
  io: Surroundings,
): void {
  const { say } = io;
  if (report.skipped !== null) io.out(say("svtest.skipped", { file, reason: report.skipped }));
  for (const diagnostic of report.diagnostics) {
    if (diagnostic.severity === "error") io.err(renderDiagnostic(diagnostic, text, file, io.locale));
  }
  for (const { number, name, line, reason } of report.failures) {
    io.out(
      number === null
        ? say("svtest.file", { file, reason })
        : say("svtest.block", { file, line, number, name: name.replace(/\s+/g, " "), reason }),
    );
  }
}
