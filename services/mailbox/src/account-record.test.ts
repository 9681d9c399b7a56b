import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type AccountRecord,
  decodeRecord,
  encodeRecord,
  Fingerprints,
  newRecord,
  passSettled,
  settle,
  unsettled,
} from "./account-record.ts";
import { dueListOf } from "./due-list.ts";
import { type UidRange, UidRanges } from "./uid-ranges.ts";

const print = (i: number): string => i.toString(16).padStart(16, "0");

const uid = fc.integer({ min: 1, max: 0xffff_ffff });
const range = fc.tuple(uid, fc.nat(50)).map(([from, more]): [number, number] => [from, from + more]);
const marks = fc.record<Omit<AccountRecord, "published" | "handed">>({
  uidValidity: fc.nat(),
  settled: fc.array(range, { maxLength: 20 }).map((ranges) => new UidRanges(ranges)),
  newest: fc.nat(),
  prints: fc.uniqueArray(fc.nat(), { maxLength: 20 }).map((list) => new Fingerprints(list.map(print))),
  open: fc.array(
    fc.record(
      {
        mailbox: fc.string({ unit: "grapheme" }),
        uidValidity: fc.nat(),
        uidNext: uid,
        uids: fc.array(range, { maxLength: 3 }),
      },
      { noNullPrototype: true },
    ),
    { maxLength: 3 },
  ),
  rebuiltFrom: fc.option(fc.nat(), { nil: undefined }),
  lastSeen: fc.nat(),
  snoozed: fc.option(
    fc.array(fc.nat()).map((minutes) => dueListOf({ mailbox: "Snoozed", uidValidity: 1 }, minutes)),
    { nil: undefined },
  ),
  watched: fc.constant(new Map()),
  asked: fc
    .array(fc.record({ folder: fc.string(), uidValidity: fc.nat(), modSeq: fc.constantFrom("", "7") }))
    .map((marks) => new Map(marks.map((mark) => [mark.folder, { ...mark }]))),
});
const record = fc
  .tuple(marks, uid, fc.nat(300))
  .map(([rest, published, more]): AccountRecord => ({ ...rest, published, handed: published + more }));

/** As plain values. */
const shown = ({ settled, prints, ...rest }: AccountRecord): unknown => ({
  ...rest,
  settled: settled.toJSON(),
  prints: prints.toBase64(),
});

function bigRecord(ranges: number, prints: number, firstUid: number): AccountRecord {
  const big = newRecord(1, firstUid + 2 * ranges, 0);
  big.settled = new UidRanges(Array.from({ length: ranges }, (_, i): UidRange => [firstUid + 2 * i, firstUid + 2 * i]));
  big.prints = new Fingerprints(Array.from({ length: prints }, (_, i) => print(i)));
  return big;
}

describe("account record", () => {
  it("decode(encode(x)) = x, with the token", () => {
    fc.assert(
      fc.property(record, fc.nat(), (given, token) => {
        const back = decodeRecord(encodeRecord(given, token));
        assert.equal(back.token, token);
        assert.deepEqual(shown(back.record), shown(given));
      }),
    );
  });

  it("stays below 64 KB with 4,000 fingerprints and 2,000 ranges: the oldest prints give way", () => {
    for (const firstUid of [1, 1_000_000, 4_294_960_000]) {
      const bytes = encodeRecord(bigRecord(2_000, 4_000, firstUid), Number.MAX_SAFE_INTEGER);
      assert.ok(bytes.length <= 65_536, `${bytes.length} bytes`);
      const { prints, settled } = decodeRecord(bytes).record;
      assert.equal(settled.toJSON().length, 2_000);
      assert.ok(prints.has(print(3_999)), "the newest is kept");
      assert.ok(!prints.has(print(0)));
    }
  });

  it("keeps every fingerprint where there is room", () => {
    const { prints } = decodeRecord(encodeRecord(bigRecord(1, 4_000, 1), 1)).record;
    assert.ok(prints.has(print(0)) && prints.has(print(3_999)));
  });

  it("keeps the newest 500 fingerprints whatever else is in it", () => {
    const { prints } = decodeRecord(encodeRecord(bigRecord(6_000, 4_000, 1_000_000), 1)).record;
    assert.deepEqual([prints.has(print(3_499)), prints.has(print(3_500))], [false, true]);
  });

  for (const [what, bytes] of [
    ["no JSON", "{"],
    ["another version", '{"v":2}'],
    ["nothing", ""],
    [
      "ranges that are none",
      JSON.stringify({
        v: 1,
        token: 1,
        uidValidity: 1,
        published: 1,
        settled: [[1]],
        newest: 0,
        prints: "",
        open: [],
        lastSeen: 0,
      }),
    ],
  ] as const)
    it(`is refused when it is ${what}`, () => assert.throws(() => decodeRecord(Buffer.from(bytes))));

  it("forgets the oldest fingerprint first; one met again is young again", () => {
    const prints = new Fingerprints(Array.from({ length: 4_000 }, (_, i) => print(i)));
    prints.add(print(0));
    prints.add(print(4_000));
    assert.deepEqual([prints.has(print(0)), prints.has(print(1)), prints.has(print(4_000))], [true, false, true]);
  });

  it("leaves alone what was there at a first contact", () => {
    assert.deepEqual(unsettled(newRecord(1, 10, 0)), []);
    assert.deepEqual(newRecord(1, 0, 0).settled.toJSON(), []);
  });

  it("settles a mail by UID, fingerprint and age", () => {
    const one = newRecord(1, 2, 0);
    one.published = 5;
    settle(one, { uid: 4, fingerprint: print(7), internalDate: 50 });
    settle(one, { uid: 3, fingerprint: print(8), internalDate: 40 });
    assert.deepEqual(unsettled(one), [[5, 5]]);
    assert.equal(one.newest, 50);
    assert.ok(one.prints.has(print(7)));
  });

  it("moves the mark over what is settled right behind it, and no further", () => {
    const one = newRecord(1, 2, 0);
    one.settled.add(5);
    passSettled(one);
    assert.equal(one.published, 2);
    one.settled.add(3);
    passSettled(one);
    assert.equal(one.published, 3);
    one.settled.add(4);
    passSettled(one);
    assert.deepEqual([one.published, unsettled(one)], [5, []]);
  });
});
