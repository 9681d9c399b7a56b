import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReportSeen } from "@tamis/contracts";
import fc from "fast-check";
import { after, isAbout, type Outcome, outcomeOf, type Standing } from "./standing.ts";

const mail = { v: 1, accountId: "a", mailId: "m", fingerprint: "f", at: 0, tokens: [], messageIds: [] } as const;
type Dsn = Extract<ReportSeen, { readonly kind: "dsn" }>;
type Mdn = Extract<ReportSeen, { readonly kind: "mdn" }>;
const dsn = (...recipients: Dsn["recipients"]): Dsn => ({ kind: "dsn", ...mail, recipients });
const mdn = (disposition: Mdn["disposition"]): Mdn => ({ kind: "mdn", ...mail, disposition });

describe("what a report says", () => {
  const cases: readonly { readonly name: string; readonly report: ReportSeen; readonly want: Outcome | null }[] = [
    {
      name: "failed",
      report: dsn({ action: "failed", status: "5.1.1" }),
      want: { state: "failed", status: "5.1.1" },
    },
    {
      name: "expanded: no more is told",
      report: dsn({ action: "expanded" }),
      want: { state: "relayed", status: null },
    },
    {
      name: "no action, but a status",
      report: dsn({ action: "unknown", status: "5.4.7" }),
      want: { state: "failed", status: "5.4.7" },
    },
    { name: "nothing", report: dsn({ action: "unknown" }), want: null },
    { name: "no recipient", report: dsn(), want: null },
    {
      name: "its own address among those it was sent on to",
      report: dsn({ action: "failed", final: "x@b.example" }, { action: "delivered", final: "Anne@b.example" }),
      want: { state: "delivered", status: null },
    },
    {
      name: "only those it was sent on to",
      report: dsn({ action: "delivered", final: "x@b.example" }, { action: "failed", final: "y@b.example" }),
      want: { state: "failed", status: null },
    },
    {
      name: "of more recipients than are known only what is said of its own",
      report: { ...dsn({ action: "failed", final: "x@b.example" }), more: true },
      want: null,
    },
    {
      name: "its own among more recipients than are known",
      report: {
        ...dsn({ action: "failed", final: "x@b.example" }, { action: "delayed", final: "anne@b.example" }),
        more: true,
      },
      want: { state: "delayed", status: null },
    },
    { name: "displayed", report: mdn("displayed"), want: { state: "displayed", status: null } },
    { name: "deleted", report: mdn("deleted"), want: { state: "deleted", status: null } },
    { name: "denied: it was there", report: mdn("denied"), want: { state: "delivered", status: null } },
    {
      name: "processed by a program: it was there",
      report: mdn("processed"),
      want: { state: "delivered", status: null },
    },
    { name: "an unknown disposition", report: mdn("unknown"), want: null },
    { name: "a complaint", report: { kind: "arf", ...mail, feedbackType: "abuse" }, want: null },
    { name: "an automatic reply", report: { kind: "auto-reply", ...mail }, want: null },
  ];
  for (const { name, report, want } of cases)
    it(name, () => assert.deepEqual(outcomeOf(report, "anne@b.example"), want));
});

describe("whom a report names", () => {
  for (const [address, named, want] of [
    ["anne@college.example", { final: "ANNE@College.Example" }, true],
    ["anne@college.example", { final: "x@b.example", original: "anne@college.example" }, true],
    ["anne@college.example", { final: "x@b.example" }, false],
    ["anne@college.example", {}, false],
    ["anne@école.example", { final: "anne@xn--cole-9oa.example" }, true],
    ["anne@xn--cole-9oa.example", { original: "anne@École.example" }, true],
    ["zoé@b.example", { final: "zoe\u0301@b.example" }, true],
    ["zoé@b.example", { final: "zoe@b.example" }, false],
    ["anne@école.example", { final: "anne@ecole.example" }, false],
  ] as const)
    it(`${JSON.stringify(named)}: ${want ? "" : "not "}${address}`, () => assert.equal(isAbout(named, address), want));
});

describe("how it stands", () => {
  const nothing: Standing = { state: "none", at: null, status: null };
  const outcomes = fc.record({
    outcome: fc.record({
      state: fc.constantFrom("delayed", "relayed", "delivered", "failed", "deleted", "displayed"),
      status: fc.constantFrom<string | null>(null, "4.2.2", "5.1.1", "2.0.0"),
    }),
    at: fc.integer({ min: 0, max: 5 }).map((ms) => new Date(ms)),
  });
  type Said = typeof outcomes extends fc.Arbitrary<infer T> ? T : never;
  const standing = (said: readonly Said[]): Standing =>
    said.reduce<Standing>((before, { outcome, at }) => after(before, outcome, at), nothing);

  it("does not depend on the order of reports, nor on how often each came", () => {
    fc.assert(
      fc.property(fc.array(outcomes, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 20 }), (said, picks) => {
        const repeated = [...said, ...picks.flatMap((pick) => said[pick % Math.max(1, said.length)] ?? [])];
        assert.deepEqual(standing(repeated.toReversed()), standing(said));
      }),
    );
  });

  it("is not closed by a delay, and a delay after it changes nothing", () => {
    const delay: Said = { outcome: { state: "delayed", status: "4.4.1" }, at: new Date(1) };
    const delivery: Said = { outcome: { state: "delivered", status: "2.0.0" }, at: new Date(2) };
    assert.equal(standing([delay]).state, "delayed");
    for (const said of [
      [delay, delivery],
      [delivery, delay],
    ])
      assert.deepEqual(standing(said), { state: "delivered", at: new Date(2), status: "2.0.0" });
  });
});
