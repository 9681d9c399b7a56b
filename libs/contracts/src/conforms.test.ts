import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { conforms } from "./conforms.ts";
import { applyCommand } from "./decision.ts";
import { mailApplied, mailDecided } from "./facts.ts";

const decision = {
  uid: 7,
  internalDate: 1_795_000_000_000,
  fingerprint: "0123456789abcdef",
  plan: {
    copies: [],
    destination: { kind: "folder", mailbox: "Classes/3eB", create: true, addFlags: ["$Label1"], removeFlags: [] },
  },
  times: { seenAt: 1.5, fetchedAt: 2, receivedByFilterAt: 3, decidedAt: 4 },
};
const command = {
  v: 1,
  accountId: "claire",
  mode: "act",
  folder: { id: "1a2b3c4d", name: "INBOX", uidValidity: 4 },
  reads: "header",
  decisions: [decision, { ...decision, uid: 8, plan: { copies: [], destination: { kind: "discard" } } }],
};
const decided = {
  mailId: "a/1a2b3c4d/1/2",
  at: 5,
  plan: decision.plan,
  trace: [{ line: 3, text: "stop" }],
  durationMs: 0.2,
};
const applied = { mailId: "a/1a2b3c4d/1/2", result: "moved", folder: "R1", ...decision.times, appliedAt: 9 };

const samples: readonly { readonly name: string; readonly schema: z.ZodType; readonly value: unknown }[] = [
  { name: "a command", schema: applyCommand, value: command },
  {
    name: "a decision's fact",
    schema: mailDecided.schema,
    value: { v: 1, accountId: "a", mode: "act", mails: [decided] },
  },
  {
    name: "an execution's fact",
    schema: mailApplied.schema,
    value: { v: 1, accountId: "a", mails: [applied, applied] },
  },
];

const limits: readonly { readonly name: string; readonly schema: z.ZodType; readonly not: readonly unknown[] }[] = [
  { name: "a whole number", schema: z.number().int(), not: [1.5, "1", Number.NaN, 2 ** 60, null] },
  { name: "a positive one", schema: z.number().positive(), not: [0, -1, Number.POSITIVE_INFINITY] },
  { name: "one not below", schema: z.number().nonnegative(), not: [-1, undefined] },
  { name: "a text that is not empty", schema: z.string().min(1), not: ["", 1, ["x"]] },
  { name: "one of several", schema: z.enum(["a", "b"]), not: ["c", "", null] },
  { name: "a list that is not empty", schema: z.array(z.string()).min(1), not: [[], "x", { 0: "x", length: 1 }] },
  { name: "an object", schema: z.object({ a: z.string().optional() }), not: [[], null, { a: 1 }, { b: 1 }, "a"] },
  { name: "a yes or no", schema: z.boolean(), not: [0, "true", null] },
];

/** What nobody knows here: true values are left to zod too. */
const unknown: readonly { readonly name: string; readonly schema: z.ZodType; readonly value: unknown }[] = [
  { name: "a pattern", schema: z.string().regex(/a/), value: "a" },
  { name: "a format", schema: z.uuid(), value: "00000000-0000-0000-0000-000000000000" },
  { name: "a greatest value", schema: z.number().max(4), value: 3 },
  { name: "a transformation", schema: z.string().transform((text) => text.length), value: "a" },
  { name: "a default", schema: z.object({ a: z.string().default("x") }), value: {} },
  { name: "a condition", schema: z.object({ a: z.string() }).refine(({ a }) => a !== "b"), value: { a: "c" } },
  { name: "any other key", schema: z.looseObject({ kind: z.string() }), value: { kind: "a", more: 1 } },
];

describe("conforms", () => {
  for (const { name, schema, value } of samples) it(`knows ${name}`, () => assert.ok(conforms(schema, value)));
  for (const { name, schema, not } of limits)
    it(`tells what is not ${name}`, () =>
      assert.deepEqual(
        not.filter((value) => conforms(schema, value)),
        [],
      ));
  for (const { name, schema, value } of unknown)
    it(`leaves ${name} to zod`, () => assert.equal(conforms(schema, value), false));

  it("refuses whatever a mutation makes of a command, or zod gives back the same", () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, 1, "act", [], {}, decision.plan));
    const places = pathsOf(command);
    fc.assert(
      fc.property(fc.constantFrom(...places), values, (place, value) => {
        const changed = replaced(command, place, value);
        if (!conforms(applyCommand, changed)) return;
        const parsed = applyCommand.safeParse(changed);
        assert.ok(parsed.success);
        assert.deepEqual(parsed.data, changed);
      }),
    );
  });
});

/** Every place within a value, and beside each key one that is not there. */
function pathsOf(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, field]) => pathsOf(field, [...at, key]));
  return [at, [...at, "more"], ...inner];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((element, i) => (String(i) === key ? replaced(element, rest, by) : element));
  const record: Record<string, unknown> = { ...(value as object) };
  record[key] = replaced(record[key], rest, by);
  return record;
}
