import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Bus, type Reply, RetryLater } from "@tamis/bus";
import { decideAnswers } from "@tamis/contracts";
import { FilterLine } from "./filter-line.ts";

type Ask = Bus["request"];

const BATCH = new Uint8Array(1);
const nothing = (): void => undefined;
const reply = (status: string): Reply => ({ payload: new Uint8Array(), header: () => status });
const away = (): never => {
  throw new RetryLater("nobody answers there", { code: "unreachable" });
};

/** A line with a clock of its own; `request` may be exchanged. */
function scene(patienceMs = 5_000) {
  const at = { now: 0, asked: 0, request: (async () => reply(decideAnswers.decided)) as Ask };
  const request: Ask = (...given) => {
    at.asked += 1;
    return at.request(...given);
  };
  return { at, line: new FilterLine({ request }, { patienceMs, clock: () => at.now }) };
}

describe("FilterLine", () => {
  it("tells that the batch was decided on", async () => {
    assert.equal(await scene().line.decides(BATCH, nothing), true);
  });

  it("asks nobody where it has no patience", async () => {
    const { at, line } = scene(0);
    assert.equal(await line.decides(BATCH, nothing), false);
    assert.equal(at.asked, 0);
  });

  it("asks on after a batch that is for the stream", async () => {
    const { at, line } = scene();
    at.request = async () => reply(decideAnswers.later);
    assert.equal(await line.decides(BATCH, nothing), false);
    at.request = async () => reply(decideAnswers.decided);
    assert.equal(await line.decides(BATCH, nothing), true);
  });

  for (const [what, request, tookMs, pauseMs] of [
    ["too much to do", async () => reply(decideAnswers.busy), 0, 50],
    ["nobody there", async () => away(), 0, 1_000],
    ["no answer", async () => away(), 5_000, 10_000],
  ] as const) {
    it(`leaves filter alone for ${pauseMs} ms after ${what}`, async () => {
      const { at, line } = scene();
      at.request = () => {
        at.now += tookMs;
        return request();
      };
      assert.equal(await line.decides(BATCH, nothing), false);
      at.request = async () => reply(decideAnswers.decided);
      at.now += pauseMs - 1;
      assert.equal(await line.decides(BATCH, nothing), false);
      assert.equal(at.asked, 1);
      at.now += 1;
      assert.equal(await line.decides(BATCH, nothing), true);
    });
  }

  it("has 16 questions open at most, and lets nobody wait for an answer that does not come", async () => {
    const { at, line } = scene();
    const fail: (() => void)[] = [];
    at.request = () =>
      new Promise((_, reject) => fail.push(() => reject(new RetryLater("no", { code: "unreachable" }))));
    const asking = Array.from({ length: 40 }, () => line.decides(BATCH, nothing));
    await new Promise(setImmediate);
    assert.equal(at.asked, 16);
    for (const no of fail) no();
    assert.deepEqual(new Set(await Promise.all(asking)), new Set([false]));
    assert.equal(at.asked, 16);
  });

  it("passes on what is our own bug", async () => {
    const { at, line } = scene();
    at.request = () => Promise.reject(new TypeError("bug"));
    await assert.rejects(line.decides(BATCH, nothing), TypeError);
  });
});
