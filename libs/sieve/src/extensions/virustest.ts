import { defineTest, type Extension } from "../extension.ts";
import { freshSource, prepareMatch } from "../match-test.ts";

const test = defineTest({
  name: "virustest",
  shape: { positional: { value: "string" }, families: ["match"] },
  check: (_args, context) => context.use({ verdicts: true }),
  prepare(args, line, preparation) {
    // RFC 5235 §2.3: 0 for a mail that nobody looked at, then 1 to 5.
    const source = freshSource("virus", ({ facts }) => [
      String(Math.min(5, Math.max(0, Math.floor(facts.virus ?? 0)))),
    ]);
    return prepareMatch(preparation, { test: "virustest", line, args, keys: [args.value], sources: [source] });
  },
});

/** Whether the mail holds a virus (RFC 5235 §2.3). */
export const virustest: Extension = {
  name: "virustest",
  rfc: "RFC 5235 §2.3",
  state: "yes",
  needs: ["virus-verdict"],
  tests: [test],
};
