import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClaimedRecipient } from "../tables/circular-work.ts";
import { Lanes, type MailShape, type Parcel } from "./lanes.ts";

const circular = (id: number) => ({ id, accountId: "a", tracked: true });
const waiting = (circularId: number, ids: readonly number[], notBefore = 0, lease = "l") =>
  ids.map(
    (id): ClaimedRecipient => ({
      id,
      circularId,
      lease,
      address: `${id}@example.org`,
      mailbox: `${id}@example.org`,
      name: null,
      fields: {},
      messageId: null,
      attempts: 0,
      waitMs: notBefore,
    }),
  );
const shape = (perMail: number, octets = 1_000): MailShape => ({ perMail, octets });
const laned = (id: number, mails: MailShape) => ({ circular: circular(id), shape: mails });
const always = (): boolean => true;
const idsOf = (parcel: Parcel | null) => parcel?.recipients.map(({ id }) => id) ?? null;

describe("lanes", () => {
  it("lets circulars take turns", () => {
    const lanes = new Lanes();
    lanes.add(laned(1, shape(1)), waiting(1, [10, 11, 12]), 0);
    lanes.add(laned(2, shape(1)), waiting(2, [20]), 0);
    assert.deepEqual(
      [0, 0, 0, 0, 0].map((now) => idsOf(lanes.take(now, always))),
      [[10], [20], [11], [12], null],
    );
  });

  it("puts as many recipients of one circular into a mail as may be, and none before its moment", () => {
    const lanes = new Lanes();
    lanes.add(laned(1, shape(3)), waiting(1, [1, 2, 3, 4]), 0);
    lanes.add(laned(1, shape(3)), waiting(1, [5], 100), 0);
    assert.deepEqual(
      [idsOf(lanes.take(0, always)), idsOf(lanes.take(0, always)), idsOf(lanes.take(99, always))],
      [[1, 2, 3], [4], null],
    );
    assert.equal(lanes.nextAt, 100);
    assert.deepEqual(idsOf(lanes.take(100, always)), [5]);
    assert.equal(lanes.nextAt, null);
  });

  it("puts only those into a mail that were claimed together", () => {
    const lanes = new Lanes();
    lanes.add(laned(1, shape(3)), waiting(1, [1, 2]), 0);
    lanes.add(laned(1, shape(3)), waiting(1, [3, 4, 5, 6], 0, "m"), 0);
    assert.deepEqual(
      [0, 0, 0, 0].map((now) => idsOf(lanes.take(now, always))),
      [[1, 2], [3, 4, 5], [6], null],
    );
  });

  it("passes over one that has to wait", () => {
    const lanes = new Lanes();
    lanes.add(laned(1, shape(1)), waiting(1, [1], 100), 0);
    lanes.add(laned(1, shape(1)), waiting(1, [2]), 0);
    assert.deepEqual(idsOf(lanes.take(0, always)), [2]);
  });

  it("has short mails go before one that there is no room for, and no other long one", () => {
    const lanes = new Lanes();
    lanes.add(laned(1, shape(1, 50_000_000)), waiting(1, [10]), 0);
    lanes.add(laned(2, shape(1, 8_000_000)), waiting(2, [20]), 0);
    lanes.add(laned(3, shape(1)), waiting(3, [30, 31]), 0);
    const whereIsRoomFor = (most: number) => idsOf(lanes.take(0, (octets) => octets <= most));
    assert.deepEqual([8_000_000, 8_000_000, 8_000_000].map(whereIsRoomFor), [[30], [31], null]);
    assert.deepEqual([50_000_000, 8_000_000].map(whereIsRoomFor), [[10], [20]]);
  });

  it("gives up what is not sent any more", () => {
    const lanes = new Lanes();
    lanes.add(laned(1, shape(1)), waiting(1, [1, 2]), 0);
    lanes.add(laned(2, shape(1)), waiting(2, [3]), 0);
    assert.deepEqual(
      lanes.takeOthers(new Set([2])).map(({ id }) => id),
      [1, 2],
    );
    assert.deepEqual([idsOf(lanes.take(0, always)), idsOf(lanes.take(0, always))], [[3], null]);
  });
});
