import assert from "node:assert/strict";
import { it } from "node:test";
import { collectSpans, parseSpans } from "../span-collector.ts";
import { spreadOfStages } from "./stages.ts";

const span = (traceId: string, name: string, startMs: number, endMs: number) => ({ traceId, name, startMs, endMs });

it("splits a trace into its spans and the time between them", () => {
  const spans = [
    span("a", "mail apply", 7, 12),
    span("a", "mail fetch", 0, 3),
    span("a", "decide", 4, 5),
    span("late", "mail fetch", 100, 101),
  ];
  const stages = spreadOfStages(spans, { from: 0, to: 50 });
  const p50 = Object.fromEntries(Object.entries(stages).map(([name, { p50_ms }]) => [name, p50_ms]));
  assert.deepEqual(p50, {
    "mail fetch": 3,
    "mail fetch → decide": 1,
    decide: 1,
    "decide → mail apply": 2,
    "mail apply": 5,
  });
});

const request = JSON.stringify({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              traceId: "t",
              name: "decide",
              startTimeUnixNano: "1795344015123456789",
              endTimeUnixNano: "1795344015124456789",
            },
          ],
        },
      ],
    },
  ],
});

it("reads an export request", () => {
  const [one] = parseSpans(request);
  assert.equal(one?.startMs, 1795344015123.456);
  assert.throws(() => parseSpans("{}"));
});

it("collects over HTTP and refuses what is none", async () => {
  const collector = await collectSpans();
  assert.equal((await fetch(`${collector.endpoint}/v1/traces`, { method: "POST", body: request })).status, 200);
  assert.equal((await fetch(`${collector.endpoint}/v1/metrics`, { method: "POST", body: "{}" })).status, 200);
  assert.equal((await fetch(`${collector.endpoint}/v1/traces`, { method: "POST", body: "x" })).status, 400);
  assert.deepEqual(
    collector.spans().map(({ name }) => name),
    ["decide"],
  );
  collector.clear();
  assert.deepEqual(collector.spans(), []);
  await collector.stop();
});
