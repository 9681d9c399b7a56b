import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Lease } from "@tamis/bus";
import { memoryBucket } from "../test/memory-bucket.ts";
import { decodeRecord, newRecord } from "./account-record.ts";
import { LeaseLost, RecordStore } from "./record-store.ts";

const lease = (token: number, isValid = true): Lease => ({ p: 1, token, validUntil: () => 0, isValid: () => isValid });

describe("RecordStore", () => {
  it("reads what it wrote", async () => {
    const bucket = memoryBucket("accounts");
    const store = new RecordStore(bucket, "ada", lease(1));
    assert.equal(await store.load(), null);
    await store.save(newRecord(5, 3, 0));
    await store.save(newRecord(5, 4, 0));
    assert.equal((await new RecordStore(bucket, "ada", lease(2)).load())?.published, 4);
  });

  it("an older holder's write is refused once a newer one wrote", async () => {
    const bucket = memoryBucket("accounts");
    const [older, newer] = [new RecordStore(bucket, "ada", lease(1)), new RecordStore(bucket, "ada", lease(2))];
    await older.load();
    await older.save(newRecord(5, 1, 0));
    await newer.load();
    await newer.save(newRecord(5, 2, 0));
    await assert.rejects(older.save(newRecord(5, 9, 0)), LeaseLost);
    assert.equal((await newer.load())?.published, 2);
  });

  it("a newer holder overwrites what an older one wrote meanwhile", async () => {
    const bucket = memoryBucket("accounts");
    const [older, newer] = [new RecordStore(bucket, "ada", lease(1)), new RecordStore(bucket, "ada", lease(2))];
    await Promise.all([older.load(), newer.load()]);
    await older.save(newRecord(5, 1, 0));
    await newer.save(newRecord(5, 2, 0));
    const entry = await bucket.get("ada");
    assert.ok(entry);
    assert.deepEqual([decodeRecord(entry.value).token, decodeRecord(entry.value).record.published], [2, 2]);
  });

  it("goes on when the bucket was emptied under it", async () => {
    const bucket = memoryBucket("accounts");
    const store = new RecordStore(bucket, "ada", lease(1));
    await store.load();
    await store.save(newRecord(5, 1, 0));
    await bucket.delete("ada");
    await store.save(newRecord(5, 2, 0));
    assert.equal((await store.load())?.published, 2);
  });

  it("writes nothing without a valid lease, nor under a new one before it has read again", async () => {
    const bucket = memoryBucket("accounts");
    const store = new RecordStore(bucket, "ada", lease(1, false));
    await assert.rejects(store.save(newRecord(5, 1, 0)), LeaseLost);
    assert.deepEqual(await bucket.keys(), []);
    store.renew(lease(2));
    await assert.rejects(store.save(newRecord(5, 1, 0)), LeaseLost);
    await store.load();
    await store.save(newRecord(5, 1, 0));
    assert.deepEqual(await bucket.keys(), ["ada"]);
  });
});
