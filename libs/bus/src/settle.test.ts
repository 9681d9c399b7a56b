import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Reject, RetryLater } from "./errors.ts";
import { frames, MAX_FAILURES, settlementOf } from "./settle.ts";

describe("settlementOf", () => {
  const bug = new TypeError("x is not a function");
  const cases = [
    { name: "RetryLater", error: new RetryLater("down", { afterMs: 250 }), failures: 1, want: "retry 250 later" },
    {
      name: "RetryLater at once",
      error: new RetryLater("not mine", { afterMs: 0 }),
      failures: 1,
      want: "retry 0 later",
    },
    { name: "RetryLater for the 500th time", error: new RetryLater("down"), failures: 500, want: "retry 1000 later" },
    {
      name: "RetryLater with its code",
      error: new RetryLater("x", { code: "full" }),
      failures: 1,
      want: "retry 1000 full",
    },
    { name: "RetryLater, negative", error: new RetryLater("x", { afterMs: -5 }), failures: 1, want: "retry 0 later" },
    {
      name: "RetryLater, no number",
      error: new RetryLater("x", { afterMs: Number.NaN }),
      failures: 1,
      want: "retry 1000 later",
    },
    {
      name: "RetryLater, days",
      error: new RetryLater("x", { afterMs: 1e12 }),
      failures: 1,
      want: "retry 3600000 later",
    },
    { name: "Reject", error: new Reject("no frame"), failures: 1, want: "park Reject: no frame" },
    { name: "a bug, first", error: bug, failures: 1, want: "retry 1000 error" },
    { name: "a bug, second", error: bug, failures: 2, want: "retry 2000 error" },
    { name: "a bug, fifth", error: bug, failures: 5, want: "retry 16000 error" },
    { name: "a bug, sixth", error: bug, failures: 6, want: "retry 30000 error" },
    { name: "a bug, seventh", error: bug, failures: 7, want: "retry 30000 error" },
    {
      name: "a bug, eighth",
      error: bug,
      failures: 8,
      want: "park failed 8 times, at last with TypeError: x is not a function",
    },
    { name: "no error thrown", error: "text", failures: 9, want: "park failed 9 times, at last with a thrown string" },
  ] as const;
  for (const { name, error, failures, want } of cases) {
    it(name, () => {
      const settlement = settlementOf(error, failures);
      const got =
        settlement.kind === "retry"
          ? `retry ${settlement.afterMs} ${settlement.why}`
          : settlement.kind === "park"
            ? `park ${settlement.reason}`
            : settlement.kind;
      assert.equal(got, want);
    });
  }

  it("reasons fit into a header, whatever was thrown", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 3_000 }), (message) => {
        const settlement = settlementOf(new Reject(message), MAX_FAILURES);
        assert.equal(settlement.kind, "park");
        assert.match(settlement.reason, /^Reject:[^\p{Cc}]*$/u);
        assert.ok(settlement.reason.length <= 1_000);
      }),
    );
  });

  it("frames say where, never what", () => {
    const told = frames(new Error("someone@example.org\nwrote"));
    assert.match(told, /settle\.test\.ts/);
    assert.doesNotMatch(told, /someone|wrote/);
    assert.equal(frames("text"), "");
  });
});
