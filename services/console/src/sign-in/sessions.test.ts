import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { MemoryBucket } from "../../test/memory-bucket.ts";
import { isFormToken, openSessions, type Sessions } from "./sessions.ts";

describe("sessions", () => {
  let now: number;
  let bucket: MemoryBucket;
  let sessions: Sessions;
  beforeEach(() => {
    now = 0;
    bucket = new MemoryBucket();
    sessions = openSessions(bucket, { lifeMs: 1_000, now: () => now });
  });

  it("are found by their cookie until their time is over", async () => {
    const cookie = await sessions.open("a1");
    now = 999;
    const session = await sessions.find(cookie);
    assert.equal(session?.accountId, "a1");
    assert.ok(isFormToken(session, session.formToken));
    for (const given of ["", `${session.formToken}x`, cookie]) assert.ok(!isFormToken(session, given));
    now = 1_000;
    assert.equal(await sessions.find(cookie), null);
  });

  it("end one by one, and all of an account", async () => {
    const [one, two, other] = [await sessions.open("a1"), await sessions.open("a1"), await sessions.open("a10")];
    await sessions.end(one);
    assert.equal(await sessions.find(one), null);
    assert.notEqual(await sessions.find(two), null);
    await sessions.endAll("a1");
    assert.equal(await sessions.find(two), null);
    assert.notEqual(await sessions.find(other), null);
  });

  it("cannot be taken over by who reads the bucket, nor moved to another account", async () => {
    const cookie = await sessions.open("a1");
    const [[key = "", value] = []] = bucket.entries;
    assert.ok(!JSON.stringify([key, Buffer.from(value ?? []).toString()]).includes(cookie.slice(3)));
    assert.equal(await sessions.find(key), null);
    assert.equal(await sessions.find(cookie.replace("a1", "a2")), null);
    await bucket.put(key.replace("a1", "a2"), value ?? Buffer.alloc(0));
    assert.equal(await sessions.find(cookie.replace("a1", "a2")), null);
  });

  for (const cookie of [
    "",
    ".",
    "a1.",
    "a1.short",
    `a1.${"x".repeat(44)}`,
    `a.b.${"x".repeat(43)}`,
    `>.${"x".repeat(43)}`,
  ])
    it(`are none for ${JSON.stringify(cookie)}`, async () => {
      assert.equal(await sessions.find(cookie), null);
      await sessions.end(cookie);
    });

  it("are none where the bucket holds something else", async () => {
    const cookie = await sessions.open("a1");
    for (const [key] of [...bucket.entries]) await bucket.put(key, Buffer.from("{"));
    assert.equal(await sessions.find(cookie), null);
  });
});
