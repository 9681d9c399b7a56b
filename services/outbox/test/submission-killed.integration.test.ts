import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import { ANNA, dsnOf, letter, SubmissionWorld, submitOn } from "./submission-world.ts";

describe("submission, killed", { timeout: 170_000 }, () => {
  let site: SubmissionWorld;
  before(async () => {
    site = await SubmissionWorld.open({ store: "postgres" });
  });
  beforeEach(async () => {
    site.world.begin({ keepsProcess: true });
    site.world.account = "anna";
  });
  after(() => site[Symbol.asyncDispose]());

  const statesOf = async (): Promise<readonly string[]> =>
    (await site.world.list()).filter(({ kind }) => kind === "submission").map(({ state }) => state);

  it("between DATA and the reply: nobody knows, its author is told, and no second copy leaves however often he tries", async () => {
    site.world.sink.answer({ data: ({ from }) => (from === "" ? "accept" : "silence") });
    const first = await site.world.running();
    const client = await site.signedIn();
    const raw = letter("killed");
    const unanswered = submitOn(client, { raw }).catch((error: Error) => error);
    await site.world.received(1);
    first.kill("SIGKILL");
    assert.match(String(await unanswered), /closed the connection/);
    await site.world.spawn();
    const again = await site.submit({ raw });
    assert.ok([451, 554].includes(again.code), `${again.code} ${again.lines[0]}`);
    await waitFor(async () => (await statesOf()).join() === "unknown", { timeoutMs: 40_000, intervalMs: 100 });
    assert.equal((await site.submit({ raw })).code, 554);
    const report = (await site.world.received(2)).find(({ from }) => from === "");
    assert.deepEqual(
      dsnOf(report).recipients.map(({ action, status }) => [action, status]),
      [["failed", "4.4.2"]],
    );
    assert.equal(site.world.mails.filter(({ from }) => from === ANNA).length, 1);
  });

  it("before DATA: nothing leaves by itself, and the same mail handed over again leaves once", async () => {
    const asked = Promise.withResolvers<void>();
    let times = 0;
    // The first time it is only asked about.
    site.world.sink.answer({
      recipient: () => {
        if (++times < 2) return undefined;
        asked.resolve();
        return new Promise(() => {});
      },
    });
    const first = await site.world.running();
    const client = await site.signedIn();
    const raw = letter("killed early");
    const unanswered = submitOn(client, { raw }).catch((error: Error) => error);
    await asked.promise;
    first.kill("SIGKILL");
    assert.match(String(await unanswered), /closed the connection/);
    site.world.sink.answer({});
    await site.world.spawn();
    await waitFor(async () => (await statesOf())[0] === "cancelled", { timeoutMs: 40_000, intervalMs: 100 });
    assert.equal(site.world.mails.length, 0);
    assert.equal((await site.submit({ raw })).code, 250);
    assert.equal((await site.world.received(1)).length, 1);
  });

  it("after 250 to held mail: it leaves at its time, once", async () => {
    const first = await site.world.running();
    assert.equal((await site.submit({ mail: "HOLDFOR=1" })).code, 250);
    first.kill("SIGKILL");
    await first.ended();
    await site.world.spawn();
    await waitFor(async () => ["accepted", "unknown"].includes((await statesOf())[0] ?? ""), { timeoutMs: 40_000 });
    assert.equal(site.world.mails.filter(({ from }) => from === ANNA).length, 1);
  });
});
