import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { decodeScriptMemory, encodeScriptMemory, type ScriptMark } from "@tamis/contracts";
import { memoryBucket } from "../test/memory-bucket.ts";
import { forgetMarks } from "./forget-marks.ts";

const salt = "0".repeat(32);
const endsAt = Math.floor(Date.now() / 1000) + 3_600;
const mark = (hash: string, mail: string): ScriptMark => ({ hash: hash.repeat(16), mail: mail.repeat(16), endsAt });
const written = (...marks: readonly ScriptMark[]): Uint8Array => encodeScriptMemory({ salt, marks }, Date.now());

async function marksIn(bucket: ReturnType<typeof memoryBucket>): Promise<readonly ScriptMark[]> {
  const entry = await bucket.get("ada");
  return entry === null ? [] : decodeScriptMemory(entry.value).marks;
}

describe("forgetMarks", () => {
  it("takes out what these mails marked and nothing else", async () => {
    const bucket = memoryBucket("memory");
    await bucket.put("ada", written(mark("1", "a"), mark("1", "b"), mark("2", "c")));
    await forgetMarks(bucket, "ada", ["a".repeat(16), "c".repeat(16)]);
    assert.deepEqual(await marksIn(bucket), [mark("1", "b")]);
  });

  it("leaves a mark that is set meanwhile", async () => {
    const bucket = memoryBucket("memory");
    await bucket.put("ada", written(mark("1", "a")));
    let isLate = true;
    const contended = {
      ...bucket,
      update: async (key: string, value: Uint8Array, revision: number) => {
        if (isLate) await bucket.put("ada", written(mark("1", "a"), mark("2", "b")));
        isLate = false;
        return await bucket.update(key, value, revision);
      },
    };
    await forgetMarks(contended, "ada", ["a".repeat(16)]);
    assert.deepEqual(await marksIn(bucket), [mark("2", "b")]);
  });

  it("writes nothing where nothing is marked", async () => {
    const bucket = memoryBucket("memory");
    await forgetMarks(bucket, "ada", ["a".repeat(16)]);
    assert.equal(await bucket.get("ada"), null);
    await bucket.put("ada", written(mark("1", "b")));
    const before = (await bucket.get("ada"))?.revision;
    await forgetMarks(bucket, "ada", ["a".repeat(16)]);
    assert.equal((await bucket.get("ada"))?.revision, before);
  });

  it("RetryLater where others write all the time", async () => {
    const bucket = memoryBucket("memory");
    await bucket.put("ada", written(mark("1", "a")));
    await assert.rejects(forgetMarks({ ...bucket, update: async () => null }, "ada", ["a".repeat(16)]), RetryLater);
  });
});
