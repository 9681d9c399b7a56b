import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { openDovecotSieve } from "@tamis/testkit";
import fc from "fast-check";
import { type ComparableCase, comparableCase } from "./against/comparable.ts";
import { compareCase } from "./against/compare.ts";
import type { Disagreement } from "./against/fuzz-against.ts";
import { handMade } from "./against/hand-made.ts";

const engine = openDovecotSieve();
after(() => engine[Symbol.dispose]());

/** So many random cases, as long as there is time: `npm run fuzz -- --against sieve-test` goes on for ever. */
const RANDOM_CASES = 120;
const FEWEST_CASES = 10;
/** For all tests of this file together; each case is a process. */
const TIME_MS = 15_000;
const until = Date.now() + TIME_MS;

async function compare(one: ComparableCase): Promise<void> {
  const { ok, ours, theirs } = await compareCase(one, engine);
  assert.ok(ok, `ours ${ours}\ntheirs ${theirs}\n${one.script}\n${JSON.stringify(one.mail)}`);
}

describe("beside Dovecot's Sieve engine", { concurrency: 2 }, () => {
  for (const { name, ...one } of handMade) it(`decides alike: ${name}`, () => compare(one));

  it("decides alike on random scripts and mails", async (context) => {
    const cases = fc.sample(comparableCase, { seed: 5228, numRuns: RANDOM_CASES });
    let done = 0;
    for (const one of cases) {
      if (done >= FEWEST_CASES && Date.now() > until) break;
      await compare(one);
      done++;
    }
    context.diagnostic(`${done} cases`);
  });

  const folder = new URL("against/found/", import.meta.url);
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const { found }: Disagreement = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    it(`decides alike what differed once: ${file}`, () => compare(found));
  }
});
