import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Bucket, RetryLater } from "@tamis/bus";
import { memoryBucket } from "../test/memory-bucket.ts";
import type { SelectedFolder } from "./imap/imap-session.ts";
import { ServerBook } from "./server-book.ts";

const inbox = (permanentFlags: SelectedFolder["permanentFlags"]): SelectedFolder => ({
  name: "INBOX",
  uidValidity: 1,
  uidNext: 1,
  uidNotSticky: false,
  permanentFlags,
});
const can = (...capabilities: readonly string[]) => ({ capabilities: new Set(capabilities) });

/** A bucket that counts what is done to it, a book, and its clock. */
function book() {
  const memory = memoryBucket("servers");
  const done: string[] = [];
  let away = false;
  const note = (what: string): void => {
    done.push(what);
    if (away) throw new RetryLater("away", { code: "unreachable" });
  };
  const bucket: Bucket = {
    ...memory,
    get: async (key) => {
      note("get");
      return await memory.get(key);
    },
    put: async (key, value) => {
      note("put");
      return await memory.put(key, value);
    },
  };
  const clock = { now: 0 };
  return {
    done,
    bucket,
    clock,
    book: new ServerBook(bucket, () => clock.now),
    setAway: (value: boolean) => {
      away = value;
    },
    read: async (key: string) => JSON.parse(Buffer.from((await memory.get(key))?.value ?? []).toString() || "null"),
  };
}

describe("ServerBook", () => {
  it("writes capabilities sorted, and whether keywords can be made, once per process however many accounts there are", async () => {
    const { book: one, done, read, bucket } = book();
    const flags = new Set(["\\seen", "\\*"]);
    await Promise.all([1, 2, 3].map(() => one.note("a", can("MOVE", "IDLE"), inbox(flags))));
    await one.note("b", can("IDLE"), inbox(new Set(["\\seen"])));
    assert.deepEqual(done, ["get", "put", "get", "put"]);
    assert.deepEqual(await read("a"), { v: 1, capabilities: ["IDLE", "MOVE"], keywords: true });
    assert.deepEqual(await read("b"), { v: 1, capabilities: ["IDLE"], keywords: false });
    await new ServerBook(bucket).note("b", can("IDLE"), inbox(new Set(["\\seen"])));
    assert.deepEqual(done.slice(4), ["get"], "another process finds it written");
  });

  it("RFC 9051 §7.1: a folder without PERMANENTFLAGS keeps all flags", async () => {
    const { book: one, read } = book();
    await one.note("a", can(), inbox(null));
    assert.equal((await read("a")).keywords, true);
  });

  it("writes again what changed, at most once a minute: backends of one address may differ", async () => {
    const { book: one, done, clock, read } = book();
    await one.note("a", can("IDLE"), inbox(null));
    for (const name of ["MOVE", "IDLE", "MOVE"]) await one.note("a", can(name), inbox(null));
    assert.deepEqual(done, ["get", "put"]);
    clock.now = 60_000;
    await one.note("a", can("MOVE"), inbox(null));
    assert.deepEqual(done, ["get", "put", "put"]);
    assert.deepEqual((await read("a")).capabilities, ["MOVE"]);
  });

  it("while NATS is away nothing is noted, and the next connection notes it", async () => {
    const { book: one, setAway, read } = book();
    setAway(true);
    await one.note("a", can("IDLE"), inbox(null));
    setAway(false);
    await one.note("a", can("IDLE"), inbox(null));
    assert.deepEqual((await read("a")).capabilities, ["IDLE"]);
  });
});
