import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { decodeMailBatch } from "@tamis/contracts";
import { delivery, fresh, loaded, NOW, world } from "../test/plain-world.ts";
import { onMailReceived } from "./on-mail-received.ts";
import { carefully, type Submit } from "./sender.ts";

describe("while outbox does not answer", () => {
  const away: Submit = async () => Promise.reject(new RetryLater("nobody there", { code: "unreachable" }));
  const script = loaded('if header "subject" "go" { redirect "carla@example.com"; }');
  const mails = [
    { uid: 1, text: fresh("Subject: go") },
    { uid: 2, text: fresh("Subject: stay") },
    { uid: 3, text: fresh("Subject: go") },
  ];

  it("the mails that send wait, each alone, and the others go on", async () => {
    const { deps, published, command, logged } = world({ submit: away, script });
    await onMailReceived(delivery(mails), deps);
    assert.deepEqual(
      command(0).decisions.map(({ uid }) => uid),
      [2],
    );
    assert.deepEqual(
      published.slice(1).map(({ payload }) => decodeMailBatch(payload).mails.map(({ meta }) => meta.uid)),
      [[1], [3]],
    );
    assert.deepEqual(logged, ["mail-delayed", "mail-delayed"]);
  });

  it("a mail alone comes back; after a minute it is left to its INBOX", async () => {
    const { deps, published, logged } = world({ submit: away, script });
    const alone = delivery(mails.slice(0, 1));
    await assert.rejects(onMailReceived(alone, deps), RetryLater);
    await onMailReceived({ ...alone, storedAt: NOW - 61_000 }, deps);
    assert.deepEqual([published.length, logged], [0, ["batch-held"]]);
  });

  it("an answer that leaves out a sending is none", async () => {
    const submit: Submit = async () => ({ kind: "committed", sendings: [] });
    const { deps } = world({ submit, script });
    await assert.rejects(onMailReceived(delivery(mails.slice(0, 1)), deps), RetryLater);
  });
});

describe("carefully", () => {
  const given: Parameters<Submit> = [
    { v: 1, accountId: "a1", address: "", mailId: "", fingerprint: "", internalDate: 0, sendings: [] },
    [],
  ];
  const answer = { kind: "committed", sendings: [] } as const;

  it("asks one at a time who did not answer, after a pause, and all again once there is an answer", async () => {
    let now = 0;
    const waiting: PromiseWithResolvers<typeof answer>[] = [];
    const submit: Submit = carefully(
      () => {
        const asked = Promise.withResolvers<typeof answer>();
        waiting.push(asked);
        return asked.promise;
      },
      () => now,
    );
    const [first, second] = [submit(...given), submit(...given)];
    for (const asked of waiting) asked.reject(new RetryLater("no answer"));
    await assert.rejects(first, RetryLater);
    await assert.rejects(second, RetryLater);
    await assert.rejects(submit(...given), RetryLater);
    assert.equal(waiting.length, 2);
    now += 2000;
    const probe = submit(...given);
    await assert.rejects(submit(...given), RetryLater);
    assert.equal(waiting.length, 3);
    waiting[2]?.resolve(answer);
    assert.equal(await probe, answer);
    const free = [submit(...given), submit(...given)];
    assert.equal(waiting.length, 5);
    for (const asked of waiting) asked.resolve(answer);
    await Promise.all(free);
  });

  it("takes our own bug for no absence", async () => {
    const submit: Submit = carefully(
      async () => Promise.reject(new TypeError("a bug")),
      () => 0,
    );
    await assert.rejects(submit(...given), TypeError);
    await assert.rejects(submit(...given), TypeError);
  });
});
