import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openDovecotSieve } from "@tamis/testkit";
import fc from "fast-check";
import { type ComparableCase, comparableCase } from "./comparable.ts";
import { type Comparison, compareCase } from "./compare.ts";

/** A case that the engines decide differently without a reason. */
export interface Disagreement extends Comparison {
  readonly seed: number;
  readonly found: ComparableCase;
}

interface Against {
  readonly minutes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

const BATCH = 50;
const PROCESSES = 2;

const foundFolder = fileURLToPath(new URL("found/", import.meta.url));

function keep(disagreement: Disagreement, say: Against["say"]): void {
  mkdirSync(foundFolder, { recursive: true });
  const file = `${foundFolder}seed-${disagreement.seed}.json`;
  writeFileSync(file, `${JSON.stringify(disagreement, null, 2)}\n`);
  say(
    `DIFFERENT with seed ${disagreement.seed}: ours ${disagreement.ours}; sieve-test ${disagreement.theirs}\n  written to ${file}`,
  );
}

/** Compares decisions on random scripts and mails with those of `sieve-test` until the time is up. */
export async function fuzzAgainst({ minutes, seed, say }: Against): Promise<{
  readonly cases: number;
  readonly failures: readonly Disagreement[];
}> {
  using engine = openDovecotSieve();
  const until = Date.now() + minutes * 60_000;
  const failures: Disagreement[] = [];
  let cases = 0;
  for (let batch = seed; Date.now() < until; batch++) {
    const waiting = fc.sample(comparableCase, { seed: batch, numRuns: BATCH });
    const work = async (): Promise<void> => {
      for (let found = waiting.pop(); found !== undefined && Date.now() < until; found = waiting.pop()) {
        const comparison = await compareCase(found, engine);
        cases++;
        if (!comparison.ok) failures.push({ ...comparison, seed: batch, found });
      }
    };
    const before = failures.length;
    await Promise.all(Array.from({ length: PROCESSES }, work));
    for (const failure of failures.slice(before)) keep(failure, say);
    say(`${cases} cases, ${failures.length} failures …`);
  }
  return { cases, failures };
}
