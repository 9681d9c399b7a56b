import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { PARTITIONS, partitionOf } from "./partition.ts";

const ACCOUNTS = 25_600;
const EVEN = ACCOUNTS / PARTITIONS;

describe("partitionOf", () => {
  it("is one of the partitions, and always the same", () => {
    fc.assert(
      fc.property(fc.string(), (accountId) => {
        const p = partitionOf(accountId);
        assert.ok(Number.isInteger(p) && p >= 0 && p < PARTITIONS);
        assert.equal(partitionOf(accountId), p);
      }),
    );
  });

  it("stays what it is: durables and leases of running installations carry it", () => {
    const known = ["", "a", "0123456789abcdef", "prof.dupont", "z".repeat(64)].map((id) => partitionOf(id));
    assert.deepEqual(known, [89, 32, 1, 50, 65]);
  });

  const alphabets = [
    { name: "hex digits", id: (i: number) => Math.imul(i, 2_654_435_761).toString(16) },
    { name: "counted", id: (i: number) => `${i}` },
    { name: "counted with zeros", id: (i: number) => String(i).padStart(8, "0") },
    { name: "one prefix", id: (i: number) => `academie-user-${i}` },
  ];
  for (const { name, id } of alphabets) {
    it(`spreads evenly: ${name}`, () => {
      const counts = new Array<number>(PARTITIONS).fill(0);
      for (let i = 0; i < ACCOUNTS; i++) counts[partitionOf(id(i))] = (counts[partitionOf(id(i))] ?? 0) + 1;
      assert.ok(Math.max(...counts) < EVEN * 1.4, `fullest partition: ${Math.max(...counts)} of ${EVEN}`);
      assert.ok(Math.min(...counts) > EVEN * 0.6, `emptiest partition: ${Math.min(...counts)} of ${EVEN}`);
    });
  }
});
