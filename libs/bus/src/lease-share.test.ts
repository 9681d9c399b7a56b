import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { planMoves, shuffled } from "./lease-share.ts";

const range = (n: number, from = 0) => Array.from({ length: n }, (_, i) => from + i);
const inOrder = (list: readonly number[]) => [...list];

interface Case {
  readonly name: string;
  readonly wanted: number;
  readonly mine: readonly number[];
  readonly taken?: readonly number[];
  readonly members: number;
  readonly adopted?: readonly number[];
  readonly orphaned?: readonly number[];
  readonly want: { readonly room: number; readonly free: number; readonly release: number; readonly adopt: number };
}

describe("planMoves", () => {
  const cases: readonly Case[] = [
    {
      name: "alone, nothing held",
      wanted: 128,
      mine: [],
      members: 1,
      want: { room: 128, free: 128, release: 0, adopt: 0 },
    },
    {
      name: "alone, all held",
      wanted: 128,
      mine: range(128),
      members: 1,
      want: { room: 0, free: 0, release: 0, adopt: 0 },
    },
    {
      name: "a second came",
      wanted: 128,
      mine: range(128),
      members: 2,
      want: { room: 0, free: 0, release: 32, adopt: 0 },
    },
    {
      name: "halfway there",
      wanted: 128,
      mine: range(96),
      members: 2,
      want: { room: 0, free: 32, release: 16, adopt: 0 },
    },
    {
      name: "few too many",
      wanted: 128,
      mine: range(69),
      members: 2,
      want: { room: 0, free: 59, release: 5, adopt: 0 },
    },
    {
      name: "three members",
      wanted: 128,
      mine: range(43),
      members: 3,
      want: { room: 0, free: 85, release: 0, adopt: 0 },
    },
    {
      name: "a share to take",
      wanted: 128,
      mine: range(10),
      members: 2,
      want: { room: 54, free: 118, release: 0, adopt: 0 },
    },
    {
      name: "all others taken",
      wanted: 128,
      mine: range(10),
      taken: range(128),
      members: 2,
      want: { room: 54, free: 0, release: 0, adopt: 0 },
    },
    {
      name: "what nobody wants is adopted above the share",
      wanted: 8,
      mine: range(4),
      members: 2,
      orphaned: [6],
      want: { room: 0, free: 4, release: 0, adopt: 1 },
    },
    {
      name: "what was adopted is not given up",
      wanted: 8,
      mine: range(6),
      members: 2,
      adopted: [4, 5],
      want: { room: 0, free: 2, release: 0, adopt: 0 },
    },
    { name: "nothing wanted", wanted: 0, mine: [], members: 1, want: { room: 0, free: 0, release: 0, adopt: 0 } },
  ];
  for (const { name, want, ...given } of cases) {
    it(name, () => {
      const moves = planMoves(
        {
          wanted: new Set(range(given.wanted)),
          mine: new Set(given.mine),
          taken: new Set([...given.mine, ...(given.taken ?? [])]),
          members: given.members,
          adopted: new Set(given.adopted),
          orphaned: new Set(given.orphaned),
        },
        inOrder,
      );
      const got = {
        room: moves.room,
        free: moves.take.length,
        release: moves.release.length,
        adopt: moves.adopt.length,
      };
      assert.deepEqual(got, want);
    });
  }

  it("however many join, everybody ends at a fair share and nothing is left over", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 128 }), fc.integer({ min: 1, max: 9 }), (wanted, members) => {
        const all = new Set(range(wanted));
        const held = range(members).map((m) => new Set(m === 0 ? range(wanted) : []));
        for (let round = 0; round < 60; round++) {
          for (const mine of held) {
            const taken = new Set(held.flatMap((set) => [...set]));
            const view = { wanted: all, mine, taken, members, adopted: new Set<number>(), orphaned: new Set<number>() };
            const moves = planMoves(view, shuffled);
            for (const p of moves.release) mine.delete(p);
            for (const p of moves.take.slice(0, moves.room)) mine.add(p);
          }
        }
        const sizes = held.map((set) => set.size);
        assert.equal(new Set(held.flatMap((set) => [...set])).size, wanted);
        assert.equal(
          sizes.reduce((sum, size) => sum + size, 0),
          wanted,
        );
        assert.ok(Math.max(...sizes) <= Math.ceil(wanted / members));
      }),
      { numRuns: 40 },
    );
  });
});

describe("shuffled", () => {
  it("keeps every element, and leaves its argument alone", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (list) => {
        const before = [...list];
        const mixed = shuffled(list);
        assert.deepEqual(list, before);
        assert.deepEqual(
          mixed.toSorted((a, b) => a - b),
          before.toSorted((a, b) => a - b),
        );
      }),
    );
  });
});
