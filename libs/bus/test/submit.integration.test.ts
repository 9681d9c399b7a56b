import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import {
  decodeSubmission,
  outgoingObjects,
  SUBMISSION_INLINE_BYTES,
  type Submission,
  type SubmissionAnswer,
  subjects,
} from "@tamis/contracts";
import { RetryLater, submit } from "../src/index.ts";
import { bench, bytes } from "./harness.ts";

const sha256 = (octets: Uint8Array): string => createHash("sha256").update(octets).digest("hex");

const head = {
  v: 1,
  accountId: "anna",
  address: "anna@example.org",
  mailId: "anna/0123abcd/1/7",
  fingerprint: "f",
  internalDate: 0,
  sendings: [
    {
      key: "redirect/1",
      kind: "redirect",
      to: ["bob@example.org"],
      messageId: "<m@example.org>",
      body: 0,
      cancelsKeep: true,
      hold: false,
    },
  ],
} as const;

const stored: SubmissionAnswer = { kind: "committed", sendings: [{ key: "redirect/1", state: "stored" }] };

describe("a submission", { timeout: 60_000 }, () => {
  it("goes inline as long as it fits, else through the object bucket, under the names of its bodies", async () => {
    await using b = await bench();
    const seen: Submission[] = [];
    const outbox = await b.connect();
    await outbox.respond(subjects.outboxSubmit, ({ payload }) => {
      seen.push(decodeSubmission(payload));
      return { payload: bytes(JSON.stringify(stored)) };
    });
    const small = [randomBytes(SUBMISSION_INLINE_BYTES - 5), randomBytes(5)];
    assert.deepEqual(await submit(b.bus, head, small), stored);
    assert.deepEqual(seen[0]?.inline.map(sha256), small.map(sha256));
    const large = [randomBytes(3 * 1024 * 1024), randomBytes(5)];
    for (let repetition = 0; repetition < 2; repetition++) assert.deepEqual(await submit(b.bus, head, large), stored);
    assert.deepEqual(seen[2]?.inline, []);
    assert.deepEqual(seen[1], seen[2]);
    assert.deepEqual(
      seen[1]?.head.bodies,
      large.map((body) => ({ size: body.length, sha256: sha256(body), object: sha256(body) })),
    );
    const objects = await outbox.objects(outgoingObjects);
    for (const body of large) assert.ok(body.equals((await objects.get(sha256(body))) ?? bytes("")));
  });

  it("that is refused says so; that nobody answers, or answers badly, is RetryLater", async () => {
    await using b = await bench();
    const retry = (code: string) => (error: unknown) => error instanceof RetryLater && error.code === code;
    await assert.rejects(submit(b.bus, head, [bytes("x")]), retry("unreachable"));
    const outbox = await b.connect();
    const answers = ["{}", "no JSON", JSON.stringify({ kind: "refused", reason: "why" })];
    await outbox.respond(subjects.outboxSubmit, () => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error("the database is away");
      return { payload: bytes(answer) };
    });
    await assert.rejects(submit(b.bus, head, [bytes("x")]), retry("failed"));
    await assert.rejects(submit(b.bus, head, [bytes("x")]), retry("failed"));
    assert.deepEqual(await submit(b.bus, head, [bytes("x")]), { kind: "refused", reason: "why" });
    await assert.rejects(submit(b.bus, head, [bytes("x")]), retry("failed"));
  });
});
