import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Flow, gatherMs } from "./gather.ts";

const flow: Flow = {
  decided: 1,
  commands: 1,
  waitedMs: 0,
  awaited: 1,
  quietMs: 2,
  hasMore: false,
  isFull: false,
  isBacklog: false,
};

const cases: readonly { readonly name: string; readonly flow: Partial<Flow>; readonly want: number }[] = [
  { name: "one live mail is moved at once", flow: {}, want: 0 },
  { name: "all of a backlog is decided", flow: { decided: 900, awaited: 900, waitedMs: 300 }, want: 0 },
  { name: "of a few mails the others follow within milliseconds", flow: { awaited: 5 }, want: 28 },
  { name: "a trickle cannot put the first one off for ever", flow: { awaited: 5, waitedMs: 260 }, want: -10 },
  { name: "a decision that was lost holds up nothing", flow: { awaited: 2, quietMs: 5_000 }, want: -4_970 },
  { name: "a backlog is fetched first", flow: { decided: 300, awaited: 900, hasMore: true }, want: 5_000 },
  { name: "though all that was fetched is decided", flow: { hasMore: true, waitedMs: 500 }, want: 4_500 },
  { name: "but not for ever", flow: { decided: 300, awaited: 900, hasMore: true, waitedMs: 5_100 }, want: -100 },
  {
    name: "nor beyond what may be under way",
    flow: { decided: 300, awaited: 900, hasMore: true, isFull: true },
    want: 0,
  },
  { name: "many are still to come", flow: { decided: 20, awaited: 900, waitedMs: 400, quietMs: 200 }, want: 4_600 },
  { name: "the last ones of a backlog", flow: { decided: 900, awaited: 950, waitedMs: 700, quietMs: 40 }, want: 60 },
  { name: "a small backlog", flow: { awaited: 10, waitedMs: 300, quietMs: 40, isBacklog: true }, want: 60 },
  {
    name: "in as many commands as may be open",
    flow: { decided: 2_000, awaited: 8_000, commands: 128, hasMore: true },
    want: 0,
  },
  { name: "as many as are gathered at most", flow: { decided: 8_000, awaited: 8_100 }, want: 0 },
];

describe("gatherMs", () => {
  for (const { name, flow: part, want } of cases) it(name, () => assert.equal(gatherMs({ ...flow, ...part }), want));
});
