import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { keyOfMember, keyOfPartition, readKeys, tokenOf } from "./lease-bucket.ts";

describe("the keys of the leases", () => {
  it("are read back as they were made; others are left out", () => {
    const keys = [keyOfPartition(0), keyOfPartition(127), keyOfMember("a-1"), "other", "p1", "i.", "px01"];
    const { taken, members } = readKeys(keys);
    assert.deepEqual([...taken], [0, 127]);
    assert.deepEqual(members, ["a-1"]);
  });

  it("any instance name becomes one token", () => {
    fc.assert(fc.property(fc.string(), (instance) => assert.match(tokenOf(instance), /^[A-Za-z0-9_-]+$/)));
    assert.equal(tokenOf("mail.example.org-12"), "mail_example_org-12");
  });
});
