import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { merge, type OwnedFinding } from "./merge-findings.ts";

const finding = (by: string, id: string, ok: boolean, text = `${id} of ${by}`): OwnedFinding => ({ by, id, ok, text });
const told = (findings: readonly OwnedFinding[]): readonly string[] =>
  merge(findings).map(({ by, id }) => `${by} ${id}`);

const cases = [
  {
    name: "what all find well is told once",
    findings: [finding("tamis", "nats", true), finding("filter", "nats", true), finding("filter", "config", true)],
    want: ["tamis nats", "filter config"],
  },
  {
    name: "NATS that is down is told once, in whatever words",
    findings: [finding("tamis", "nats", false), finding("filter", "nats", false)],
    want: ["tamis nats"],
  },
  {
    name: "different faults of the configuration are all told",
    findings: [
      finding("tamis", "config", false, "a"),
      finding("filter", "config", false, "a"),
      finding("filter", "config", false, "b"),
    ],
    want: ["tamis config", "filter config"],
  },
  {
    name: "where one finds a fault, nobody says all is well",
    findings: [finding("tamis", "config", true), finding("filter", "config", false)],
    want: ["filter config"],
  },
  {
    name: "what only one looks at is always told",
    findings: [finding("mailbox", "imap", true), finding("mailbox", "imap", false)],
    want: ["mailbox imap", "mailbox imap"],
  },
];

describe("merge", () => {
  for (const { name, findings, want } of cases) it(name, () => assert.deepEqual(told(findings), want));
});
