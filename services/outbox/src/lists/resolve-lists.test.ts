import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ListFault } from "./list-fault.ts";
import { type ResolvedSource, resolveLists } from "./resolve-lists.ts";

type Written = Readonly<Record<string, readonly string[]>>;

/** Lists as arrays: what has an @ is somebody. */
const resolve = (lists: Written, sources: readonly string[], limits = { depth: 5, members: 100 }) =>
  resolveLists(sources, {
    limits,
    mailboxOf: (address) => address.toLowerCase(),
    reader: {
      read: async (name) => {
        const entries = lists[name];
        if (entries === undefined) throw new ListFault("unknown", name);
        return {
          members: entries.filter((one) => one.includes("@")).map((address) => ({ address, fields: { from: name } })),
          nested: entries.filter((one) => !one.includes("@")),
          alias: name === "a" ? "cn=a" : null,
          gone: entries.length === 1 ? 1 : 0,
          noAddress: 0,
        };
      },
    },
  });

const addresses = ({ members }: ResolvedSource): string => members.map(({ address }) => address).join(" ");

async function faultOf(lists: Written, sources: readonly string[], limits?: { depth: number; members: number }) {
  try {
    await resolve(lists, sources, limits);
    return "read";
  } catch (error) {
    assert.ok(error instanceof ListFault);
    return `${error.code} ${error.list} ${error.detail}`.trim();
  }
}

describe("lists and the lists in them", () => {
  it("take each mailbox once, as it stood first", async () => {
    const lists = { a: ["X@b.example", "b", "y@b.example"], b: ["x@B.example", "z@b.example"] };
    const [one] = await resolve(lists, ["a"]);
    assert.ok(one);
    assert.equal(addresses(one), "X@b.example y@b.example z@b.example");
    assert.deepEqual([one.lists, one.depth, one.notes, one.members[0]?.fields], [2, 2, [], { from: "a" }]);
  });

  it("are read once where they hold themselves, and that is told", async () => {
    const lists = { a: ["1@x.example", "b"], b: ["2@x.example", "c"], c: ["3@x.example", "B", "a"] };
    const [one] = await resolve({ ...lists, B: lists.b }, ["a"]);
    assert.ok(one);
    assert.equal(addresses(one), "1@x.example 2@x.example 3@x.example");
    assert.deepEqual(one.notes, [
      { kind: "cycle", path: ["b", "c", "B"] },
      { kind: "cycle", path: ["a", "b", "c", "a"] },
    ]);
  });

  it("may have two names", async () => {
    const lists = { a: ["1@x.example", "b"], b: ["cn=a", "2@x.example"], "cn=a": ["3@x.example"] };
    const [one, two] = await resolve(lists, ["a", "b"]);
    assert.deepEqual([one?.lists, one?.notes], [2, [{ kind: "cycle", path: ["a", "b", "cn=a"] }]]);
    assert.equal(two?.lists, 2);
  });

  it("may be reached by two ways, which is no circle", async () => {
    const [one] = await resolve({ a: ["b", "c"], b: ["d"], c: ["d", "2@x.example"], d: ["1@x.example"] }, ["a"]);
    assert.deepEqual([one?.lists, one?.depth, one?.notes], [4, 3, [{ kind: "gone", count: 2 }]]);
  });

  it("are asked for side by side, each with what it holds", async () => {
    const found = await resolve({ a: ["1@x.example"], b: ["1@x.example", "2@x.example"] }, ["b", "a"]);
    assert.deepEqual(found.map(addresses), ["1@x.example 2@x.example", "1@x.example"]);
  });

  for (const { name, lists, limits, want } of [
    { name: "is not there", lists: { a: ["b"] }, want: "unknown b" },
    {
      name: "is nested too deeply",
      lists: { a: ["b"], b: ["c"], c: ["1@x.example"] },
      limits: { depth: 2, members: 9 },
      want: "too-deep a a → b → c",
    },
    {
      name: "holds too many",
      lists: { a: ["1@x.example", "b"], b: ["2@x.example", "3@x.example"] },
      limits: { depth: 9, members: 2 },
      want: "too-many a",
    },
  ])
    it(`refuse all where one ${name}`, async () =>
      assert.equal(await faultOf({ ...lists, ok: ["0@x.example"] } as Written, ["a", "ok"], limits), want));

  it("count all sources of a request against what it may add", async () => {
    const lists = { a: ["1@x.example", "2@x.example"], b: ["3@x.example", "4@x.example"] };
    assert.equal(await faultOf(lists, ["a", "b"], { depth: 3, members: 3 }), "too-many b");
  });
});
