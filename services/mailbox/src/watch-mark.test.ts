import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeRecord, encodeRecord, newRecord } from "./account-record.ts";
import { FlagMemory } from "./flag-memory.ts";
import { advance, encodeMark, expectArrival, isOurs, newMark, pendingKey, type WatchMark } from "./watch-mark.ts";

function marked(): WatchMark {
  const mark = newMark("Spam", { uidValidity: 9, through: 4, lookedAt: 5 });
  mark.modSeq = "18446744073709551615";
  mark.flags = FlagMemory.of([{ uid: 3, flags: ["\\Seen"] }]);
  const event = { uid: 4, key: "77", cause: "FLAG", changedFlags: ["\\Seen"], after: 5 } as const;
  mark.pending.set(pendingKey(event), event);
  mark.ours.add(6);
  mark.open = [{ mailbox: "A", uidValidity: 1, uidNext: 2, uids: [[4, 4]] }];
  expectArrival(mark, "aa");
  return mark;
}

describe("watch mark", () => {
  it("is the same in the account's record, written and read", () => {
    const record = newRecord(1, 10, 0);
    record.watched = new Map([["Spam", marked()]]);
    const back = decodeRecord(encodeRecord(record, 1)).record.watched.get("Spam") ?? assert.fail();
    assert.deepEqual(encodeMark(back), encodeMark(marked()));
  });

  it("a record without watched folders is as it was", () => {
    assert.ok(
      !Buffer.from(encodeRecord(newRecord(1, 10, 0), 1))
        .toString()
        .includes("watched"),
    );
  });

  it("knows ours by UID, by fingerprint and by nonce; each fingerprint once", () => {
    const mark = marked();
    const mail = { uid: 7, fingerprint: "aa", marker: null };
    assert.deepEqual(
      [isOurs(mark, { ...mail, uid: 6, fingerprint: "bb" }), isOurs(mark, mail), isOurs(mark, mail)],
      [true, true, false],
    );
    expectArrival(mark, "12345678");
    assert.ok(isOurs(mark, { ...mail, fingerprint: "bb", marker: { nonce: "12345678" } }));
    advance(mark, 6);
    assert.ok(!isOurs(mark, { ...mail, uid: 6, fingerprint: "bb" }));
  });
});
