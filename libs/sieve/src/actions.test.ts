import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Action, cancelsKeep, merged } from "./actions.ts";
import type { Origin } from "./program.ts";

const origin: Origin = { rule: "line 1", line: 1, span: { start: 0, end: 1, line: 1, column: 1 } };
const into = (mailbox: string, more: object = {}): Action => ({
  kind: "fileinto",
  mailbox,
  copy: false,
  create: false,
  origin,
  ...more,
});
const to = (address: string): Action => ({ kind: "redirect", address, copy: false, origin });
const keep: Action = { kind: "keep", implicit: false, origin };
const discard: Action = { kind: "discard", origin };

describe("merged", () => {
  const cases: readonly {
    readonly name: string;
    readonly before: Action;
    readonly action: Action;
    readonly want: Action | null;
  }[] = [
    { name: "one mailbox", before: into("A"), action: into("A", { create: true }), want: into("A", { create: true }) },
    { name: "two mailboxes", before: into("A"), action: into("B"), want: null },
    { name: "INBOX in any case", before: into("inbox"), action: into("INBOX"), want: into("inbox") },
    { name: "a keep and INBOX", before: into("INBOX"), action: keep, want: keep },
    {
      name: "the later flags",
      before: into("A", { flags: ["a"] }),
      action: into("A", { flags: ["b"] }),
      want: into("A", { flags: ["b"] }),
    },
    {
      name: "flags that only the first has",
      before: into("A", { flags: ["a"] }),
      action: into("A"),
      want: into("A", { flags: ["a"] }),
    },
    { name: "a copy and a plain one", before: into("A", { copy: true }), action: into("A"), want: into("A") },
    { name: "one address", before: to("a@b.c"), action: to("a@B.C"), want: to("a@b.c") },
    { name: "local parts are not ours to judge", before: to("a@b.c"), action: to("A@b.c"), want: null },
    { name: "discards", before: discard, action: discard, want: discard },
    { name: "different kinds", before: discard, action: keep, want: null },
    { name: "a redirect and a fileinto", before: to("a@b.c"), action: into("a@b.c"), want: null },
  ];
  for (const { name, before, action, want } of cases) it(name, () => assert.deepEqual(merged(before, action), want));
});

describe("cancelsKeep", () => {
  it("is true but for copies", () => {
    assert.deepEqual([keep, discard, into("A"), to("a@b.c")].map(cancelsKeep), [true, true, true, true]);
    assert.equal(cancelsKeep(into("A", { copy: true })), false);
  });
});
