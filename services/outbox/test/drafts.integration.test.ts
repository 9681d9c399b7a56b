import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { UNTIL_REPLY } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { DraftOwner, draftFor, inSeconds } from "./draft-owner.ts";
import { World } from "./world.ts";

const SETTINGS = {
  outbox: "  retry: { first_ms: 50, max_ms: 200 }\n  sweep_ms: 100\n  lease_ms: 2000\n",
  sections: "drafts: { zone: Europe/Paris }\n",
};

const field = (raw: string, name: string): string => new RegExp(`^${name}: (.*)\r$`, "m").exec(raw)?.[1] ?? "";

describe("drafts, by the whole service", { timeout: 170_000 }, () => {
  let world: World;
  let owner: DraftOwner;
  before(async () => {
    world = await World.open({ store: "postgres", ...SETTINGS });
    owner = new DraftOwner(world);
    await owner.play();
  });
  beforeEach(() => {
    world.begin();
    owner.answers = () => "done";
  });
  afterEach(() => world.stopServices());
  after(() => world[Symbol.asyncDispose]());

  it("leave at their time and never before, to hidden ones too; the copy is asked for until it is stored", async () => {
    await world.start();
    const arrivals: number[] = [];
    world.sink.answer({
      data: () => {
        arrivals.push(Date.now());
        return "accept";
      },
    });
    owner.answers = (count) => (count === 1 ? "refused" : "done");
    const at = inSeconds(1);
    const draft = draftFor(at);
    await owner.schedule(draft);
    const [mail] = await world.received(1);
    const raw = mail?.raw.toString() ?? "";
    assert.ok((arrivals[0] ?? 0) >= +at, `${+at - (arrivals[0] ?? 0)} ms early`);
    assert.deepEqual(mail?.to, ["bob@example.com", "carl@example.com"]);
    assert.doesNotMatch(raw, /carl|Send-Later/);
    assert.equal(Date.parse(field(raw, "Date")), +at);
    const asked = await owner.askedTimes(2);
    const what = asked.map((ask) => ask.op === "draft-sent" && [ask.messageId, ask.isLast, ask.raw]);
    assert.deepEqual(what, Array(2).fill([field(raw, "Message-ID"), true, raw]));
    // Once the answer to the last question is written down.
    await waitFor(async () => (await owner.offer(draft)) === "refused", { describe: "the end of the draft" });
  });

  it("come again until somebody answers; then they are back, and their owner is told", async () => {
    await world.start();
    const draft = draftFor(inSeconds(0), "X-Send-Later-Recur: daily\r\nX-Send-Later-Cancel-On-Reply: yes\r\n");
    await owner.schedule(draft);
    const [sent] = await owner.askedTimes(1);
    assert.ok(sent?.op === "draft-sent" && !sent.isLast && sent.messageId.startsWith(UNTIL_REPLY));
    const isNextScheduled = async () => (await world.list()).some(({ state }) => state === "scheduled");
    await waitFor(isNextScheduled, { timeoutMs: 20_000, describe: "the next occurrence" });
    await owner.hearOfReply(sent.messageId);
    const [, back] = await owner.askedTimes(2);
    assert.ok(back?.op === "draft-back" && back.keyword === "$TamisNotScheduled");
    assert.match(field(back.notice?.raw ?? "", "Subject"), /^Not sent any more: /);
  });

  it("killed between any two steps, they leave once, and the copy is asked for", async () => {
    const draft = draftFor(inSeconds(-60));
    const step = async <T>(work: () => Promise<T>): Promise<T> => {
      const service = await world.spawn();
      const result = await work();
      service.kill("SIGKILL");
      await service.ended();
      return result;
    };
    owner.answers = (count) => (count === 1 ? "refused" : "done");
    // It is over by now: whoever has it confirmed begins at once, and comes no further than this.
    world.sink.answer({ recipient: () => new Promise(() => {}) });
    assert.equal(await step(() => owner.offer(draft)), "offered");
    assert.equal(await step(() => owner.confirm(draft)), "kept");
    world.sink.answer({});
    await step(() => owner.askedTimes(1));
    await step(() => owner.askedTimes(2));
    assert.equal(world.mails.length, 1);
    assert.deepEqual(
      owner.asked.map(({ op }) => op),
      ["draft-sent", "draft-sent"],
    );
  });

  it("killed before the relay's answer, nobody knows: no second copy, and the draft is back", async () => {
    world.sink.answer({ data: () => "silence" });
    const first = await world.spawn();
    await owner.schedule(draftFor(inSeconds(0)));
    await world.received(1);
    first.kill("SIGKILL");
    await first.ended();
    world.sink.answer({});
    await world.spawn();
    const [back] = await owner.askedTimes(1);
    assert.ok(back?.op === "draft-back" && back.keyword === "$TamisNotSent", JSON.stringify(back));
    // What came beside it is the report to its author.
    const [, report, ...more] = await world.received(2);
    assert.deepEqual([report?.from, report?.to, more], ["", ["anna@example.org"], []]);
  });
});
