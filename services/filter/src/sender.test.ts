import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { decodeMailBatch } from "@tamis/contracts";
import { delivery, fresh, loaded, NOW, world } from "../test/plain-world.ts";
import { onMailReceived } from "./on-mail-received.ts";
import type { Submit } from "./sender.ts";

describe("while outbox does not answer", () => {
  const away: Submit = async () => Promise.reject(new RetryLater("nobody there", { code: "unreachable" }));
  const script = loaded('if header "subject" "go" { redirect "carla@example.com"; }');
  const mails = [
    { uid: 1, text: fresh("Subject: go") },
    { uid: 2, text: fresh("Subject: stay") },
    { uid: 3, text: fresh("Subject: go") },
  ];

  it("the mails that send wait, each alone, and the others go on; outbox is asked once", async () => {
    let asked = 0;
    const submit: Submit = async (...given) => {
      asked++;
      return await away(...given);
    };
    const { deps, published, command, logged } = world({ submit, script });
    await onMailReceived(delivery(mails), deps);
    assert.deepEqual(
      command(0).decisions.map(({ uid }) => uid),
      [2],
    );
    assert.deepEqual(
      published.slice(1).map(({ payload }) => decodeMailBatch(payload).mails.map(({ meta }) => meta.uid)),
      [[1], [3]],
    );
    assert.deepEqual([asked, logged], [1, ["mail-delayed", "mail-delayed"]]);
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
