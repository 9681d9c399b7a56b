import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { describe, it } from "node:test";
import { Spool } from "./spool.ts";

const kindOf = (spool: Spool, ...chunks: string[]) =>
  spool.with(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), async (spooled) =>
    spooled.kind === "whole" ? spooled.raw.toString() : spooled.kind,
  );

describe("mails that are coming in", () => {
  it("are kept whole up to the limit of one, and read to their end beyond it", async () => {
    const spool = new Spool({ perMail: 6, inAll: 100 });
    assert.equal(await kindOf(spool, "abc", "def"), "abcdef");
    assert.equal(await kindOf(spool, "abc", "def", "g"), "too-long");
  });

  it("have room together, which is free again when one is done or breaks off", async () => {
    const spool = new Spool({ perMail: 6, inAll: 8 });
    const slow = new PassThrough();
    const first = spool.with(slow, async () => "done");
    slow.write("abcdef");
    const broken = assert.rejects(first, /away/);
    // Its octets are counted once they were read.
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await kindOf(spool, "abc"), "no-room");
    slow.destroy(new Error("away"));
    await broken;
    assert.equal(await kindOf(spool, "abc"), "abc");
  });
});
