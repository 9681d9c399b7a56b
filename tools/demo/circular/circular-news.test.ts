import assert from "node:assert/strict";
import { it } from "node:test";
import { type Circular, circularChanged } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { circularNews } from "./circular-news.ts";

const started: Circular = {
  id: "7",
  state: "started",
  subject: "Portes ouvertes",
  tracked: true,
  testOf: null,
  createdAt: 0,
  dueAt: 1,
  wall: null,
  zone: null,
  startedAt: 2,
  deadlineAt: 9,
  finishedAt: null,
  held: null,
  recipients: 2,
  counts: { accepted: 1, scheduled: 1 },
};
const done: Circular = { ...started, state: "done", finishedAt: 3, counts: { accepted: 2 } };

it("tells a beginning and an end once each, also where both are over when the first fact comes", async () => {
  for (const states of [
    [started, started, done, done],
    [done, done],
  ]) {
    const told: string[] = [];
    let asked = 0;
    const request = async () => {
      const circular = states[asked++];
      return { payload: Buffer.from(JSON.stringify({ kind: "circular", circular })), header: () => undefined };
    };
    const onFact = circularNews(
      { request },
      ({ step, at }) => told.push(`${step} ${at}`),
      () => assert.fail(),
    );
    const fact = { v: 1, accountId: "anna", circularId: "7", state: "started", counts: {}, at: 1 };
    onFact("event.1.mail-applied", Buffer.from("of no interest"));
    for (const _ of states) onFact(`event.1.${circularChanged.name}`, Buffer.from(JSON.stringify(fact)));
    await waitFor(() => told.length === 2);
    assert.deepEqual(told, ["started 2", "done 3"]);
    assert.equal(asked, states.length);
  }
});

it("says where nobody can be asked", async () => {
  const failures: unknown[] = [];
  const request = () => Promise.reject(new Error("nobody"));
  const onFact = circularNews(
    { request },
    () => assert.fail(),
    (error) => failures.push(error),
  );
  const fact = { v: 1, accountId: "anna", circularId: "7", state: "started", counts: {}, at: 1 };
  onFact(`event.1.${circularChanged.name}`, Buffer.from(JSON.stringify(fact)));
  await waitFor(() => failures.length === 1);
});
