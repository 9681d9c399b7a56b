import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { type FuzzCase, fuzzCase } from "./cases.ts";
import { checkCase } from "./checks.ts";
import { Slate } from "./slate.ts";

/** What the thread is told when it starts. */
export interface FuzzOrder {
  /** Of its first batch; the next ones count on. */
  readonly seed: number;
  /** Epoch ms at which no further batch begins. */
  readonly until: number;
  readonly memory: SharedArrayBuffer;
}

/** A case that went wrong. */
export interface FuzzFailure {
  readonly seed: number;
  readonly problem: string;
  readonly found: FuzzCase;
}

/** One batch: how many cases it had, and what went wrong. */
export interface FuzzBatch {
  readonly seed: number;
  readonly cases: number;
  readonly failure: FuzzFailure | null;
}

const BATCH = 200;
/** Resident memory of the whole process beyond which something holds what it should not, octets. */
const MOST_MEMORY = 1_500 * 2 ** 20;

const isOrder = (value: unknown): value is FuzzOrder =>
  typeof value === "object" && value !== null && "seed" in value && "until" in value && "memory" in value;

function batch(seed: number, slate: Slate): FuzzBatch {
  let last: FuzzCase = { script: "", mail: "" };
  let cases = 0;
  const property = fc.property(fuzzCase, (one) => {
    last = one;
    cases++;
    slate.begin(one);
    checkCase(one);
  });
  const result = fc.check(property, { seed, numRuns: BATCH });
  const [found] = result.counterexample ?? [];
  if (result.failed) {
    return { seed, cases, failure: { seed, problem: String(result.errorInstance), found: found ?? last } };
  }
  const resident = process.memoryUsage.rss();
  const problem = `${Math.round(resident / 2 ** 20)} MiB of memory after this batch`;
  return { seed, cases, failure: resident > MOST_MEMORY ? { seed, problem, found: last } : null };
}

function work(order: FuzzOrder): void {
  const slate = new Slate(order.memory);
  for (let seed = order.seed; Date.now() < order.until; seed++) parentPort?.postMessage(batch(seed, slate));
}

if (isOrder(workerData)) work(workerData);
