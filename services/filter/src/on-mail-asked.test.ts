import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Answer, type Incoming, RetryLater } from "@tamis/bus";
import { applyCommand, decideAnswers, headerNames } from "@tamis/contracts";
import { delivery, loaded, world } from "../test/plain-world.ts";
import { mailAsked } from "./on-mail-asked.ts";

const SCRIPT = loaded('require "fileinto"; fileinto "A";');

const asking = (mails = [{ uid: 1, text: "Subject: x\n\n" }]): Incoming => {
  const { payload } = delivery(mails);
  return { subject: "mail.decide", payload, header: () => undefined };
};
const statusOf = ({ headers }: Answer): string | undefined => headers?.[headerNames.status];

describe("mail.decide", () => {
  it("is answered when the command and the fact are published, as those of the stream", async () => {
    const { deps, published, facts, destination } = world({ script: SCRIPT });
    const { respond } = mailAsked(deps, 4);
    assert.equal(statusOf(await respond(asking())), decideAnswers.decided);
    assert.equal(destination(), "A");
    assert.deepEqual([published.length, facts.length], [1, 1]);
  });

  it("gives the command to who asks, ahead of the answer and in place of APPLY", async () => {
    const { deps, published, facts } = world({ script: SCRIPT });
    const order: unknown[] = [];
    const { respond } = mailAsked(
      {
        ...deps,
        publishDecided: async (...given) => {
          order.push("fact");
          await deps.publishDecided(...given);
        },
      },
      4,
    );
    const answered = await respond(asking(), (command) => {
      order.push(applyCommand.parse(JSON.parse(Buffer.from(command).toString())).decisions.map(({ uid }) => uid));
    });
    assert.equal(statusOf(answered), decideAnswers.decided);
    assert.deepEqual([order, published.length, facts.length], [[[1], "fact"], 0, 1]);
  });

  it("gives what it publishes other names each time: another question may be about other rules", async () => {
    const { deps, published } = world({ script: SCRIPT });
    const { respond } = mailAsked(deps, 4);
    for (let i = 0; i < 2; i++) await respond(asking());
    assert.equal(new Set(published.map(({ id }) => id)).size, 2);
  });

  it("is for later while something is away", async () => {
    const { deps } = world({ script: SCRIPT });
    const publish = () => Promise.reject(new RetryLater("full", { code: "full" }));
    const { respond } = mailAsked({ ...deps, publish }, 4);
    assert.equal(statusOf(await respond(asking())), decideAnswers.later);
  });

  it("is for later where programs may run: they run once", async () => {
    const script = loaded('require "vnd.dovecot.pipe"; pipe "archive";');
    const { deps, published } = world({ script, runner: { run: () => assert.fail("run") } });
    assert.equal(statusOf(await mailAsked(deps, 4).respond(asking())), decideAnswers.later);
    assert.equal(published.length, 0);
  });

  it("fails on what is no batch", async () => {
    const { deps } = world({ script: SCRIPT });
    const { respond } = mailAsked(deps, 4);
    await assert.rejects(async () => await respond({ ...asking(), payload: Buffer.from("x") }), { code: "bad-batch" });
  });

  it("holds no more than it may, and is idle when all are answered", async () => {
    const { deps } = world({ script: SCRIPT });
    const waiting: (() => void)[] = [];
    const publish = () => new Promise<void>((resolve) => waiting.push(resolve));
    const { respond, idle } = mailAsked({ ...deps, publish }, 2);
    const answers = [1, 2, 3].map(async () => await respond(asking()));
    assert.equal(statusOf((await answers[2]) ?? assert.fail()), decideAnswers.busy);
    let isIdle = false;
    const ended = idle().then(() => {
      isIdle = true;
    });
    await new Promise(setImmediate);
    assert.equal(isIdle, false);
    for (const go of waiting) go();
    await ended;
    assert.deepEqual((await Promise.all(answers.slice(0, 2))).map(statusOf), [
      decideAnswers.decided,
      decideAnswers.decided,
    ]);
  });
});
