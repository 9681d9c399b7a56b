// Runs every test and ends with the line `N passed, N failed`. Under Node 24, started by tools/test.mjs.
import { globSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { needInotify } from "../load-tests/src/inotify.ts";
import type { Failure } from "./test/test-line.ts";
import { type JobResult, killRunning, runJob, type TestJob } from "./test/test-process.ts";

const HELP = `npm test [-- [--unit | --integration] [PATH ...]]
  PATH           only test files whose path contains one of these, such as libs/bus or lease
  --unit         only *.test.ts beside the sources: all in one process
  --integration  only test/**/*.integration.test.ts: real servers, a process per file, three at a time; up to three
                 files with failures run once more, alone, and what failed before is named at the end
`;

const root = resolve(import.meta.dirname, "..");
const UNIT = [
  "libs/*/src/**/*.test.ts",
  "services/*/src/**/*.test.ts",
  "load-tests/src/**/*.test.ts",
  "tools/**/*.test.{ts,mjs}",
];
const INTEGRATION = [
  "{libs,services}/*/test/**/*.integration.test.ts",
  "{load-tests,tools}/test/**/*.integration.test.ts",
];
const UNIT_TIMEOUT_MS = 600_000;
/** More than any suite gives itself: those say which test it was. */
const INTEGRATION_TIMEOUT_MS = 450_000;
const PROCESSES = 3;
/** Many files of a few seconds: they come last, so that no process is alone with a long one at the end. */
const SHORT = "services/mailbox/";
const SLOWEST = 5;
/** Real servers on a busy machine answer late now and then; more files than this that fail are a fault of ours. */
const MOST_AGAIN = 3;
/** IDLEs of all Dovecots at once: beyond the kernel's 128 they would silently poll every 30 s, and tests wait in vain. */
const IDLES = 100;

type Choice = { readonly unit: boolean; readonly integration: boolean; readonly paths: readonly string[] };

const find = (patterns: readonly string[], paths: readonly string[]): string[] =>
  globSync([...patterns], { cwd: root })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => paths.length === 0 || paths.some((path) => file.includes(path)))
    .sort();

function jobs({ unit, integration, paths }: Choice): TestJob[] {
  const units = unit ? find(UNIT, paths) : [];
  const found = integration ? find(INTEGRATION, paths) : [];
  const rest = [false, true].flatMap((isShort) => found.filter((file) => file.startsWith(SHORT) === isShort));
  const title = `unit tests (${units.length} ${units.length === 1 ? "file" : "files"})`;
  return [
    ...(units.length > 0 ? [{ title, files: units, timeoutMs: UNIT_TIMEOUT_MS }] : []),
    ...rest.map((file) => ({ title: file, files: [file], timeoutMs: INTEGRATION_TIMEOUT_MS })),
  ];
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const inCheckout = (file: string): string => (file.startsWith(root + sep) ? relative(root, file) : file);
const indent = (text: string): string => text.replace(/^(?=.)/gm, "    ");

const nameOf = (failure: Failure): string => `${inCheckout(failure.file)}: ${failure.path.join(" › ")}`;

function show({ job, passed, failed, failures, durationMs }: JobResult): void {
  const counts = failed > 0 ? `${passed} passed, ${failed} failed` : `${passed} passed`;
  console.log(`${failed > 0 ? "✗" : "✓"} ${job.title}: ${counts} (${seconds(durationMs)})`);
  for (const failure of failures) console.log(`\n  ✗ ${nameOf(failure)}\n${indent(failure.text)}\n`);
}

function showSlowest(results: readonly JobResult[]): void {
  const times = results.flatMap((result) => {
    const [only, ...more] = result.job.files;
    return more.length === 0 && only ? [[only, result.durationMs] as const] : [...result.fileMs];
  });
  const slowest = times.sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
  console.log("\nslowest files:");
  for (const [file, ms] of slowest) console.log(`  ${seconds(ms).padStart(7)}  ${inCheckout(file)}`);
}

/** Takes jobs from the front until none is left, some at a time; the order of results is that of their ends. */
async function runAll(queue: TestJob[], processes = PROCESSES): Promise<JobResult[]> {
  const results: JobResult[] = [];
  const work = async (_: unknown, index: number): Promise<void> => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const result = await runJob(job, `${index}/${processes}`);
      show(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  return results;
}

const isAgain = ({ job, failed }: JobResult): boolean => failed > 0 && job.timeoutMs === INTEGRATION_TIMEOUT_MS;

/** The second result of a file with real servers takes the place of a first that failed. */
async function runAgain(results: readonly JobResult[]): Promise<readonly JobResult[]> {
  const unsure = results.filter(isAgain);
  if (unsure.length === 0 || unsure.length > MOST_AGAIN) return results;
  console.log("\nonce more, alone:");
  const second = await runAll(
    unsure.map(({ job }) => job),
    1,
  );
  return [...results.filter((result) => !isAgain(result)), ...second];
}

function showFailures(first: readonly JobResult[], last: readonly JobResult[]): void {
  const failures = last.flatMap((result) => result.failures.map(nameOf));
  const mended = first.flatMap((result) => result.failures.map(nameOf)).filter((name) => !failures.includes(name));
  if (mended.length > 0)
    console.log(`\nfailed first, passed alone:\n${mended.map((name) => `  ? ${name}`).join("\n")}`);
  if (failures.length > 0) console.log(`\nfailed:\n${failures.map((name) => `  ✗ ${name}`).join("\n")}`);
}

function readArguments(): Choice | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { unit: { type: "boolean" }, integration: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) return undefined;
  const both = values.unit === values.integration;
  const paths = positionals.map((path) => (path.startsWith("./") ? path.slice(2) : path));
  return { unit: both || values.unit === true, integration: both || values.integration === true, paths };
}

async function main(choice: Choice): Promise<number> {
  if (choice.integration) needInotify(IDLES, console.log);
  const first = await runAll(jobs(choice));
  const results = await runAgain(first);
  const sum = (count: (result: JobResult) => number): number => results.reduce((total, one) => total + count(one), 0);
  const [passed, failed, left] = [sum((one) => one.passed), sum((one) => one.failed), sum((one) => one.left)];
  if (results.length > 0) showSlowest(results);
  showFailures(first, results);
  if (left > 0) console.log(`\n${left} skipped or todo`);
  if (passed + failed === 0)
    console.log(`\nno test found${choice.paths.length > 0 ? ` in ${choice.paths.join(" ")}` : ""}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    killRunning();
    process.exit(1);
  });
}
try {
  const choice = readArguments();
  if (choice) process.exitCode = await main(choice);
  else console.log(HELP.trimEnd());
} catch (error) {
  console.error(error instanceof TypeError ? `${error.message}\n\n${HELP}` : error);
  process.exitCode = 1;
}
