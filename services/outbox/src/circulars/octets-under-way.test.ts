import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OctetsUnderWay, SHORT_MAIL } from "./octets-under-way.ts";

const MIB = 1024 * 1024;

describe("octets under way", () => {
  it("are never more than there is room for, and short mails are not counted", () => {
    const octets = new OctetsUnderWay(64 * MIB);
    let mails = 0;
    for (; octets.hasRoomFor(15 * MIB); mails++) octets.add(15 * MIB);
    assert.equal(mails, 4);
    for (let short = 0; short < 100; short++) {
      assert.ok(octets.hasRoomFor(SHORT_MAIL));
      octets.add(SHORT_MAIL);
    }
    for (let short = 0; short < 100; short++) octets.remove(SHORT_MAIL);
    octets.remove(15 * MIB);
    assert.ok(octets.hasRoomFor(15 * MIB));
    assert.ok(!octets.hasRoomFor(20 * MIB));
  });

  it("may be those of one mail that is longer than all of it, by itself", () => {
    const octets = new OctetsUnderWay(2 * MIB);
    assert.ok(octets.hasRoomFor(50 * MIB));
    octets.add(50 * MIB);
    assert.ok(!octets.hasRoomFor(MIB + 1));
    assert.ok(octets.hasRoomFor(MIB));
    octets.remove(50 * MIB);
    octets.add(MIB + 1);
    assert.ok(!octets.hasRoomFor(50 * MIB));
  });
});
