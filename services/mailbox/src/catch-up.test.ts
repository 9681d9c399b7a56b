import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import fc from "fast-check";
import { Scene } from "../test/catching-up.ts";
import { text } from "../test/plain-session.ts";
import { unsettled } from "./account-record.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { UidRanges } from "./uid-ranges.ts";

describe("CatchUp", () => {
  it("publishes all that is new and waits for its decisions", async () => {
    const scene = new Scene(5, 2);
    await scene.all();
    assert.deepEqual([scene.published, scene.awaited], [[[3, 4, 5]], [3, 4, 5]]);
    assert.deepEqual(scene.marks, { published: 5, unsettled: [[3, 5]] });
  });

  it("sends one mail of many ahead while nobody knows what the rules read", async () => {
    const scene = new Scene(6);
    scene.reads = "unknown";
    await scene.catchUp.look();
    await scene.catchUp.step(0);
    assert.deepEqual(scene.published, [[1]]);
    const { probeMs } = scene.catchUp;
    assert.ok(probeMs > 0 && probeMs <= 2_000);
    scene.reads = "header";
    assert.equal(scene.catchUp.probeMs, 0);
    await scene.catchUp.step(0);
    assert.deepEqual(scene.published, [[1], [2, 3, 4, 5, 6]]);
  });

  it("sends few mails at once, and many where no answer came", async () => {
    const few = new Scene(4);
    few.reads = "unknown";
    await few.all();
    assert.deepEqual([few.published, few.catchUp.probeMs], [[[1, 2, 3, 4]], 0]);
    const many = new Scene(6);
    many.reads = "unknown";
    await many.all();
    assert.deepEqual(many.published, [[1], [2, 3, 4, 5, 6]]);
  });

  it("settles UIDs that no mail has", async () => {
    const scene = new Scene(9);
    scene.session.inbox.remove(new Set([1, 4, 5, 9]));
    await scene.all();
    assert.deepEqual(scene.marks, {
      published: 8,
      unsettled: [
        [2, 3],
        [6, 8],
      ],
    });
  });

  it("finds nothing where `n:*` names the last old mail", async () => {
    const scene = new Scene(3, 3);
    assert.deepEqual([await scene.catchUp.look(), await scene.catchUp.fetchNew(0, 1)], [0, 0]);
    assert.deepEqual(scene.published, []);
  });

  it("leaves alone what its owner put back: settled, not published", async () => {
    const scene = new Scene(1);
    await scene.all();
    const [first] = scene.session.inbox.mails;
    assert.ok(first);
    scene.record.prints.add(await printOf(scene, 1));
    scene.session.inbox.add(first.raw, first);
    await scene.all();
    assert.deepEqual(scene.published, [[1]]);
    assert.deepEqual(scene.marks, { published: 2, unsettled: [[1, 1]] });
  });

  it("moves the mark over acknowledged batches only, in order", async () => {
    const scene = new Scene(0);
    for (let i = 0; i < 6; i++) scene.session.inbox.add(`${text(`big${i}`)}${"x".repeat(400_000)}`);
    const answers: (() => void)[] = [];
    scene.publish = () => new Promise((resolve) => answers.push(resolve));
    await scene.catchUp.look();
    await scene.catchUp.step(0);
    assert.equal(scene.published.length, 6);
    for (const i of [3, 1]) answers[i]?.();
    await settled();
    assert.equal(scene.record.published, 0);
    answers[0]?.();
    await settled();
    assert.equal(scene.record.published, 2);
    assert.equal(scene.catchUp.underWay, 4);
    scene.record.settled.add(5);
    assert.equal(scene.catchUp.underWay, 3, "what is settled already waits for nothing");
    for (const answer of answers) answer();
    await scene.catchUp.flush();
    assert.equal(scene.record.published, 6);
  });

  it("begins again behind the mark when a batch was refused, and publishes each mail in the end", async () => {
    const scene = new Scene(200);
    let left = 2;
    scene.publish = async () => {
      left -= 1;
      if (left === 0) throw new RetryLater("full", { code: "full" });
    };
    await assert.rejects(scene.all(), RetryLater);
    assert.equal(scene.failures, 1);
    assert.equal(scene.catchUp.hasFailed, false, "told once");
    const before = scene.record.published;
    assert.ok(before < 200);
    await scene.all();
    assert.equal(scene.record.published, 200);
    assert.deepEqual(new Set(scene.awaited).size, 200);
  });

  it("asks for the next window while one is published, and begins anew where that one failed", async () => {
    const scene = new Scene(150);
    await scene.catchUp.look();
    scene.session.refusals.set("FETCH", "UNAVAILABLE");
    const fetches = (): readonly string[] => scene.session.calls.filter((call) => call.startsWith("FETCH"));
    scene.session.onCall = (call) => {
      if (call === "FETCH 1:64") scene.session.refusals.clear();
      else if (call === "FETCH 65:128") scene.session.refusals.set("FETCH", "UNAVAILABLE");
    };
    await scene.catchUp.step(0);
    assert.deepEqual(fetches(), ["FETCH 1:64", "FETCH 65:128"]);
    await scene.catchUp.pause();
    await assert.rejects(scene.catchUp.step(0), ServerRefused);
    scene.session.onCall = () => undefined;
    scene.session.refusals.clear();
    await scene.all();
    assert.equal(scene.record.published, 150);
    assert.deepEqual([...new Set(scene.awaited)].length, 150);
  });

  it("stops fetching soon after a batch was refused", async () => {
    const scene = new Scene(3_000);
    scene.publish = () => Promise.reject(new RetryLater("full", { code: "full" }));
    await assert.rejects(scene.all(), RetryLater);
    const fetches = scene.session.calls.filter((call) => call.startsWith("FETCH")).length;
    assert.ok(fetches <= 2, `${fetches} windows fetched for nothing`);
  });

  it("an acknowledgement that comes after the record was given up changes that record alone", async () => {
    const scene = new Scene(1);
    let answer = (): void => undefined;
    scene.publish = () => new Promise((resolve) => (answer = resolve));
    await scene.catchUp.look();
    await scene.catchUp.step(0);
    answer();
    await settled();
    assert.equal(scene.record.published, 1);
  });

  it("whatever fails and whatever is removed meanwhile: no mail that stays is skipped", async () => {
    const run = fc.record({
      mails: fc.integer({ min: 1, max: 150 }),
      gone: fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 40 }),
      failures: fc.array(fc.boolean(), { maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ mails, gone, failures }) => {
        const scene = new Scene(mails);
        const answers = [...failures];
        scene.publish = async () => {
          if (answers.shift()) throw new RetryLater("full", { code: "full" });
        };
        scene.session.onCall = (call) => {
          if (call.startsWith("FETCH")) scene.session.inbox.remove(new Set(gone));
        };
        for (let i = 0; i < 10; i++) await scene.all().catch(() => undefined);
        const here = scene.session.inbox.mails.map(({ uid }) => uid);
        assert.deepEqual(
          [...new Set(scene.awaited)].filter((uid) => here.includes(uid)),
          here,
        );
        const waiting = new UidRanges(unsettled(scene.record));
        for (const uid of here) assert.ok(waiting.has(uid), `${uid} waits for its decision`);
      }),
      { numRuns: 60 },
    );
  });
});

describe("CatchUp before a server that lags", () => {
  it("publishes what lies before a mail that is not given yet, and nothing behind it", async () => {
    const scene = new Scene(4);
    scene.session.unreadable.add(3);
    await scene.all();
    assert.deepEqual([scene.published, scene.record.published], [[[1, 2]], 2]);
    scene.session.unreadable.clear();
    await scene.all();
    assert.deepEqual(scene.published, [
      [1, 2],
      [3, 4],
    ]);
  });

  it("says how far mail is about to be handed over before it asks for it", async () => {
    const scene = new Scene(2);
    await scene.all();
    scene.session.inbox.add(text("m3"));
    const asked = scene.catchUp.fetchNew(0, 1);
    assert.equal(scene.expected, 3);
    assert.deepEqual([await asked, scene.published], [1, [[1, 2], [3]]]);
  });

  it("takes no later mail alone when one in between is not given", async () => {
    const scene = new Scene(2);
    scene.session.unreadable.add(1);
    assert.equal(await scene.catchUp.fetchNew(0, 1), 0);
    assert.deepEqual([scene.published, scene.record.published], [[], 0]);
  });

  it("keeps those given before a refusal", async () => {
    const scene = new Scene(2);
    scene.session.unreadable.add(2);
    scene.session.refusals.set("FETCH given", "SERVERBUG");
    await scene.all();
    assert.deepEqual(scene.published, [[1]]);
  });

  it("leaves a mail alone that is never given, and goes on with the others, one by one", async () => {
    const scene = new Scene(5);
    scene.session.unreadable.add(2).add(4);
    for (let i = 0; i < 30; i++) await scene.all();
    assert.deepEqual(scene.unreadable, [2, 4]);
    assert.deepEqual(scene.published, [[1], [3], [5]]);
    assert.deepEqual(scene.marks, {
      published: 5,
      unsettled: [
        [1, 1],
        [3, 3],
        [5, 5],
      ],
    });
  });
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function printOf(scene: Scene, uid: number): Promise<string> {
  const { readMail } = await import("./publish-mail.ts");
  let print = "";
  await scene.session.fetch(String(uid), "[]", (mail) => {
    print = readMail(mail, 0).fingerprint;
  });
  return print;
}
