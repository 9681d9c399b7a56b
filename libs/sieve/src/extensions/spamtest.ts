import { defineTest, type Extension } from "../extension.ts";
import { argumentsOf } from "../header-source.ts";
import { freshSource, prepareMatch } from "../match-test.ts";
import type { RunState } from "../run-state.ts";

/** So that 0.7 is 70 % in binary fractions too. */
const rounding = 1e-6;

/** RFC 5235 §2.2: 0 for a mail that nobody looked at, then 1 to 10; §2.2.2: with `:percent` 0 to 100. */
function verdict({ facts }: RunState, percent: boolean): number {
  if (facts.spam === undefined) return 0;
  const likelihood = Math.min(1, Math.max(0, facts.spam));
  return percent ? Math.floor(likelihood * 100 + rounding) : 1 + Math.floor(likelihood * 9 + rounding);
}

const test = defineTest({
  name: "spamtest",
  shape: { positional: { value: "string" }, families: ["match"] },
  check: (_args, context) => context.use({ verdicts: true }),
  prepare(args, line, preparation) {
    const percent = argumentsOf(args)["percent"] === true;
    const counts = args.match === "count";
    const source = freshSource("spam", (state) =>
      // RFC 5235 §2.2: whether anybody looked is told by :count.
      counts && state.facts.spam === undefined ? [] : [String(verdict(state, percent))],
    );
    return prepareMatch(preparation, { test: "spamtest", line, args, keys: [args.value], sources: [source] });
  },
});

/** How surely the mail is spam (RFC 5235 §2.2). */
export const spamtest: Extension = {
  name: "spamtest",
  rfc: "RFC 5235 §2.2",
  state: "yes",
  needs: ["verdict"],
  tests: [test],
};
