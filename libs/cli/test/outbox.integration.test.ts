import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { type OutboxAnswer, type OutboxAsk, outboxAsk, subjects } from "@tamis/contracts";
import { Installation } from "./harness.ts";

const sending = (id: string, more: object) => ({
  id,
  mailId: "anna/0123abcd/1/7",
  kind: "redirect",
  to: "b@example.com",
  state: "accepted",
  attempts: 1,
  storedAt: 0,
  nextAt: null,
  reply: null,
  ...more,
});

describe("tamis outbox", { timeout: 60_000 }, () => {
  const site = new Installation();
  const anna = ["--account", "anna@example.org"];
  const asked: OutboxAsk[] = [];
  const answers: Record<OutboxAsk["op"], unknown> = {
    list: {
      kind: "listed",
      sendings: [
        sending("2", { state: "deferred", nextAt: 0, reply: "450 4.2.0 busy" }),
        sending("1", { state: "unknown" }),
      ],
    },
    release: { kind: "done", state: "scheduled" } satisfies OutboxAnswer,
    cancel: { kind: "refused", code: "too-late", reason: "it is too late" } satisfies OutboxAnswer,
    counts: { kind: "counts", counts: { accepted: 3, unknown: 1 } } satisfies OutboxAnswer,
  };

  before(async () => {
    await site.open();
    await site.setUpStreams();
  });
  after(() => site.close());

  it("says that nothing leaves where nothing is configured", async () => {
    const run = await site.tamis(["outbox", "list", ...anna]);
    assert.deepEqual([run.code, run.err], [1, "tamis: nothing leaves here: tamis.yaml has no section `outbox`"]);
    assert.doesNotMatch((await site.tamis(["status"])).out, /outbox/);
  });

  it("says that nobody answers", async () => {
    appendFileSync(site.config, "outbox: { relay: { host: 127.0.0.1, tls: none } }\n");
    const run = await site.tamis(["outbox", "list", ...anna], { locale: "fr" });
    assert.deepEqual([run.code, run.err.includes("le service `outbox` ne répond pas")], [3, true]);
    const status = await site.tamis(["status"]);
    assert.match(status.out, /outbox: no instance answers/);
  });

  it("lists, with the last answer and the next attempt", async () => {
    await site.bus.respond(subjects.outboxAsk, ({ payload }) => {
      const ask = outboxAsk.parse(JSON.parse(Buffer.from(payload).toString()));
      asked.push(ask);
      return { payload: Buffer.from(JSON.stringify(answers[ask.op])) };
    });
    const run = await site.tamis(["outbox", "list", ...anna, "--state", "held", "--state", "unknown", "-n", "5000"]);
    assert.equal(run.code, 0);
    assert.match(run.out, /^2 .* redirect {2}b@example\.com {2}deferred {9}450 4\.2\.0 busy; next attempt 1970-/m);
    assert.match(run.out, /^1 .* outcome unknown/m);
    assert.deepEqual(asked[0], { op: "list", accountId: "anna", states: ["held", "unknown"], limit: 1000 });
    const json = await site.tamis(["outbox", "list", ...anna, "--json"]);
    assert.deepEqual(
      JSON.parse(json.out).map(({ id, state }: { id: string; state: string }) => [id, state]),
      [
        ["2", "deferred"],
        ["1", "unknown"],
      ],
    );
    assert.deepEqual(asked[1], { op: "list", accountId: "anna", limit: 20 });
  });

  it("releases and cancels, or says why not", async () => {
    const released = await site.tamis(["outbox", "release", "1", ...anna], { locale: "fr" });
    assert.deepEqual([released.code, released.out], [0, "1 va être envoyé"]);
    assert.deepEqual(asked.at(-1), { op: "release", accountId: "anna", id: "1" });
    const cancelled = await site.tamis(["outbox", "cancel", "2", ...anna]);
    assert.deepEqual([cancelled.code, cancelled.err], [1, "tamis: it is too late"]);
    const json = await site.tamis(["outbox", "cancel", "2", ...anna, "--json"]);
    assert.deepEqual([json.code, JSON.parse(json.out).code], [1, "too-late"]);
  });

  it("is a usage error to name no such state, no number, no account", async () => {
    const run = await site.tamis(["outbox", "list", ...anna, "--state", "lost"]);
    assert.equal(run.code, 2);
    assert.match(run.err, /"lost" is no state; there are: scheduled, claimed, begun/);
    assert.equal((await site.tamis(["outbox", "release", ...anna])).code, 2);
    assert.equal((await site.tamis(["outbox", "list"])).code, 2);
  });

  it("counts show in the status", async () => {
    assert.match((await site.tamis(["status"])).out, /^outbox: accepted 3, outcome unknown 1$/m);
    assert.deepEqual(JSON.parse((await site.tamis(["status", "--json"])).out).outbox, { accepted: 3, unknown: 1 });
  });

  it("has help with examples", async () => {
    const help = await site.tamis(["outbox", "list", "--help"]);
    assert.match(help.out, /tamis outbox list --account anna@example\.org --state held/);
  });
});
