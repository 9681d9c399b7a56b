import { renderDiagnostic } from "@tamis/sieve";
import { runSuite, type SuiteReport } from "@tamis/sieve/svtest";
import { type Command, Option } from "commander";
import type { CommandLine } from "../command-line.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { readInput } from "../script-file.ts";
import { isMeantToFail, suiteEnvironment, suiteFiles } from "../suite-files.ts";
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
    const text = new TextDecoder().decode(await readInput(file, io));
    const environment = suiteEnvironment(file, { programs: options.programs === true });
    const report = runSuite(text, environment, { meantToFail: isMeantToFail(file), locale: io.locale });
    passed += report.passed;
    failed += report.failed;
    tell(report, { file, text }, io);
    if (io.signal.aborted) break;
  }
  // Read by programs: the same in every language.
  io.out(`${passed} passed, ${failed} failed`);
  return failed === 0 ? exitCode.ok : exitCode.failed;
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
