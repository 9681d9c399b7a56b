// npm run fuzz: random and changed scripts and mails until the time is up. Started by tools/fuzz.mjs.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { fuzzAgainst } from "../against/fuzz-against.ts";
import { Slate } from "./slate.ts";
import type { FuzzBatch, FuzzFailure, FuzzOrder } from "./worker.ts";

const HELP = `npm run fuzz -- [--minutes N] [--seed S] [--against sieve-test]
  Compiles, prints, lays out and runs random and changed scripts on random and changed mails: nothing may throw, hang,
  grow without bound, or decide otherwise with keys looked up together than one by one.
  --minutes N           how long (1; fractions are allowed)
  --seed S              of the first batch of cases (the time of day); printed, so that a run can be repeated
  --against sieve-test  instead compares decisions with those of Dovecot's engine
  A case that fails becomes a file in libs/sieve/test/found/, which npm test tries from then on.
`;

/** A case that is not done after so long never will be; a busy machine is slow, too. */
const HANG_MS = 60_000;
const LOOK_MS = 1_000;
const TELL_MS = 10_000;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** What a run has found so far. */
interface Tally {
  cases: number;
  readonly failures: FuzzFailure[];
}

const foundFolder = fileURLToPath(new URL("../found/", import.meta.url));

function keep(failure: FuzzFailure, tally: Tally): void {
  tally.failures.push(failure);
  mkdirSync(foundFolder, { recursive: true });
  const file = `${foundFolder}seed-${failure.seed}.json`;
  writeFileSync(file, `${JSON.stringify(failure, null, 2)}\n`);
  say(`FAILED with seed ${failure.seed}: ${failure.problem.split("\n")[0]}\n  written to ${file}`);
}

/** Runs batches in one thread until the time is up or the thread is lost; returns the seed to go on with. */
async function runThread(seed: number, until: number, tally: Tally): Promise<number> {
  const slate = new Slate();
  const order: FuzzOrder = { seed, until, memory: slate.memory };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  let next = seed;
  const lost = (problem: string): void => {
    keep({ seed: next, problem, found: JSON.parse(slate.text) }, tally);
    next++;
  };
  const stopWatching = watch(slate, () => {
    lost(`not done after ${HANG_MS / 1000} s`);
    void worker.terminate();
  });
  worker.on("message", ({ seed: done, cases, failure }: FuzzBatch) => {
    next = done + 1;
    tally.cases += cases;
    if (failure !== null) keep(failure, tally);
  });
  await new Promise<void>((resolve) => {
    worker.once("error", (error) => lost(String(error)));
    worker.once("exit", () => resolve());
  });
  stopWatching();
  return next;
}

/** Calls when the case under way has been the same for too long. */
function watch(slate: Slate, onHang: () => void): () => void {
  let seen = 0;
  let since = Date.now();
  const timer = setInterval(() => {
    if (slate.count !== seen || seen === 0) {
      seen = slate.count;
      since = Date.now();
    } else if (Date.now() - since > HANG_MS) {
      since = Number.POSITIVE_INFINITY;
      onHang();
    }
  }, LOOK_MS);
  return () => clearInterval(timer);
}

async function fuzz(minutes: number, seed: number): Promise<Tally> {
  const tally: Tally = { cases: 0, failures: [] };
  const until = Date.now() + minutes * 60_000;
  const progress = setInterval(() => say(`${tally.cases} cases, ${tally.failures.length} failures …`), TELL_MS);
  for (let next = seed; Date.now() < until; ) next = await runThread(next, until, tally);
  clearInterval(progress);
  return tally;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "1" },
      seed: { type: "string" },
      against: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const minutes = Number(values.minutes);
  const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
  const isRight =
    minutes > 0 &&
    minutes <= 100_000 &&
    Number.isInteger(seed) &&
    (values.against === undefined || values.against === "sieve-test");
  if (values.help === true || !isRight) {
    process[isRight ? "stdout" : "stderr"].write(HELP);
    return isRight ? 0 : 2;
  }
  say(`seed ${seed}, ${minutes} minutes`);
  const { cases, failures } =
    values.against === undefined ? await fuzz(minutes, seed) : await fuzzAgainst({ minutes, seed, say });
  say(`${cases} cases, ${failures.length} failures`);
  return failures.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n${HELP}`);
  process.exitCode = 2;
}
