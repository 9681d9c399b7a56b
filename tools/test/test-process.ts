import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Failure, type Tally, type TestLine, tally } from "./test-line.ts";

/** Test files that run together in one process. */
export type TestJob = { readonly title: string; readonly files: readonly string[]; readonly timeoutMs: number };

/** What a job came to; `durationMs` is its time on the clock. */
export type JobResult = Tally & { readonly job: TestJob; readonly durationMs: number };

const REPORTER = fileURLToPath(new URL("./event-reporter.ts", import.meta.url));
const running = new Set<ChildProcess>();
const folders = new Set<string>();

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group is gone.
  }
}

/** Kills every test process with what it started, and removes what this one wrote; for its end by a signal. */
export function killRunning(): void {
  for (const child of running) killGroup(child);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

type Ended = { readonly reason: string; readonly output: string };

/** Runs the process to its end; its children that stayed in its group end with it. */
function runProcess(job: TestJob, events: string, share: string): Promise<Ended> {
  const flags = ["--test", "--test-isolation=none", "--test-force-exit", `--test-reporter=${REPORTER}`];
  const args = [
    "--disable-warning=ExperimentalWarning",
    ...flags,
    `--test-reporter-destination=${events}`,
    ...job.files,
  ];
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // Servers of two test files would else take one port, and each be taken for the other.
    env: { ...process.env, TAMIS_TEST_SHARE: share },
  });
  running.add(child);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  child.stderr.on("data", (chunk) => chunks.push(chunk));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(child);
  }, job.timeoutMs);
  child.once("exit", () => killGroup(child));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
      const reason = late ? `did not end within ${job.timeoutMs / 1000} s` : how;
      resolve({ reason, output: Buffer.concat(chunks).toString("utf8").trimEnd() });
    });
  });
}

type Mark = { readonly kind: "begin"; readonly name: string } | { readonly kind: "end" };
type Report = { readonly lines: readonly TestLine[]; readonly lastBegun: string; readonly complete: boolean };

/** A last line that a killed process did not finish is left out. */
function readReport(file: string): Report {
  const texts = (existsSync(file) ? readFileSync(file, "utf8") : "").split("\n").slice(0, -1);
  const parsed = texts.map((text): TestLine | Mark => JSON.parse(text));
  const begun = parsed.findLast((line) => line.kind === "begin");
  return {
    lines: parsed.filter((line): line is TestLine => line.kind === "pass" || line.kind === "fail"),
    lastBegun: begun?.name ?? "",
    complete: parsed.some((line) => line.kind === "end"),
  };
}

function crash(job: TestJob, { reason, output }: Ended, during: string): Failure {
  const text = `the test process ${reason}${during && `; last begun: "${during}"`}${output && `\n${output}`}`;
  return { file: job.title, path: ["(the whole process)"], text };
}

/** Runs the files of a job in one process of their own. A process that dies or hangs is one failed test more. */
export async function runJob(job: TestJob, share = "0/1"): Promise<JobResult> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "tamis-test-"));
  folders.add(folder);
  try {
    const events = join(folder, "events.jsonl");
    const ended = await runProcess(job, events, share);
    const { lines, lastBegun, complete } = readReport(events);
    const counted = tally(lines);
    const durationMs = performance.now() - started;
    const asSaid = ended.reason === `ended with exit code ${counted.failed > 0 ? 1 : 0}`;
    if (complete && asSaid) return { ...counted, job, durationMs };
    const failures = [...counted.failures, crash(job, ended, lastBegun)];
    return { ...counted, failed: counted.failed + 1, failures, job, durationMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}
