import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Action, Origin } from "@tamis/sieve";
import fc from "fast-check";
import { planOf } from "./plan.ts";

const origin: Origin = { rule: "r", line: 1, span: { start: 0, end: 1, line: 1, column: 1 } };
const flagSet = fc.uniqueArray(fc.constantFrom("\\Seen", "\\Flagged", "$A", "$B"));
const maybeFlags = fc.option(flagSet, { nil: undefined }).map((flags) => (flags === undefined ? {} : { flags }));
const action: fc.Arbitrary<Action> = fc.oneof(
  maybeFlags.map((flags) => ({ kind: "keep", implicit: false, origin, ...flags }) as const),
  fc
    .tuple(fc.constantFrom("INBOX", "inbox", "A", "B", "C", ""), fc.boolean(), fc.boolean(), maybeFlags)
    .map(([mailbox, copy, create, flags]) => ({ kind: "fileinto", mailbox, copy, create, origin, ...flags }) as const),
  fc.boolean().map((copy) => ({ kind: "redirect", address: "x@example.org", copy, origin }) as const),
  fc.constant({ kind: "discard", origin } as const),
);

describe("planOf, for any actions", () => {
  it("discards only what the script discards and stores or sends nowhere", () => {
    fc.assert(
      fc.property(fc.array(action), flagSet, (actions, flags) => {
        const { plan } = planOf(actions, { folder: "INBOX", flags });
        const isDiscarded = plan.destination.kind === "discard";
        assert.equal(isDiscarded, actions.length > 0 && actions.every(({ kind }) => kind === "discard"));
      }),
    );
  });

  it("stores in every folder named, in each once, and never in INBOX by a copy", () => {
    fc.assert(
      fc.property(fc.array(action), flagSet, (actions, flags) => {
        const { plan } = planOf(actions, { folder: "INBOX", flags });
        const last = plan.destination.kind === "folder" ? [plan.destination.mailbox] : [];
        const stored = [...plan.copies.map(({ mailbox }) => mailbox), ...last];
        const named = actions.flatMap((one) => (one.kind === "fileinto" ? [one.mailbox] : []));
        const folders = new Set(named.filter((name) => name !== "" && name.toUpperCase() !== "INBOX"));
        assert.deepEqual(stored.toSorted(), [...folders].toSorted());
      }),
    );
  });

  it("changes flags into exactly those asked for", () => {
    fc.assert(
      fc.property(flagSet, flagSet, (wanted, has) => {
        const actions: readonly Action[] = [{ kind: "keep", implicit: false, flags: wanted, origin }];
        const { destination } = planOf(actions, { folder: "INBOX", flags: has }).plan;
        assert.ok(destination.kind === "stay");
        const after = [...has.filter((flag) => !destination.removeFlags.includes(flag)), ...destination.addFlags];
        assert.deepEqual(after.toSorted(), wanted.toSorted());
      }),
    );
  });
});
