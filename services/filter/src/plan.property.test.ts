import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Action, Origin } from "@tamis/sieve";
import fc from "fast-check";
import { type Fate, planOf as planOfRuled } from "./plan.ts";

const planOf = (
  actions: readonly Action[],
  { fate, ...place }: { readonly folder: string; readonly flags: readonly string[]; readonly fate?: Fate },
) =>
  planOfRuled(
    actions.map((action) => ({ layer: "user", action }) as const),
    { ...place, isSealed: () => false },
    new Map(fate === undefined ? [] : actions.map((action) => [action, fate])),
  );

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
  it("discards only what the script discards or sends away, and stores nowhere", () => {
    fc.assert(
      fc.property(fc.array(action), flagSet, (actions, flags) => {
        const { plan } = planOf(actions, { folder: "INBOX", flags });
        const goes = (one: Action): boolean => one.kind === "discard" || (one.kind === "redirect" && !one.copy);
        const stores = (one: Action): boolean => one.kind === "keep" || one.kind === "fileinto";
        assert.equal(plan.destination.kind === "discard", actions.some(goes) && !actions.some(stores));
      }),
    );
  });

  it("never discards a mail that did not leave", () => {
    fc.assert(
      fc.property(fc.array(action), flagSet, (actions, flags) => {
        const { plan } = planOf(actions, { folder: "INBOX", flags, fate: { kind: "kept" } });
        const wanted = actions.length > 0 && actions.every(({ kind }) => kind === "discard");
        assert.equal(plan.destination.kind === "discard", wanted);
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
