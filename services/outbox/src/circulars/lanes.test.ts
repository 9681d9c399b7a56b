import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClaimedRecipient } from "../tables/circular-work.ts";
import { Lanes, type Parcel } from "./lanes.ts";

const circular = (id: number) => ({ id, accountId: "a", tracked: true });
const waiting = (circularId: number, ids: readonly number[], notBefore = 0, lease = "l") =>
  ids.map((id) => ({
    notBefore,
    recipient: {
      id,
      circularId,
      lease,
      address: `${id}@example.org`,
      mailbox: `${id}@example.org`,
      name: null,
      fields: {},
      messageId: null,
      attempts: 0,
    } satisfies ClaimedRecipient,
  }));
const idsOf = (parcel: Parcel | null) => parcel?.recipients.map(({ id }) => id) ?? null;

describe("lanes", () => {
  it("lets circulars take turns", () => {
    const lanes = new Lanes();
    lanes.add(circular(1), 1, waiting(1, [10, 11, 12]));
    lanes.add(circular(2), 1, waiting(2, [20]));
    assert.deepEqual(
      [0, 0, 0, 0, 0].map((now) => idsOf(lanes.take(now))),
      [[10], [20], [11], [12], null],
    );
  });

  it("puts as many recipients of one circular into a mail as may be, and none before its moment", () => {
    const lanes = new Lanes();
    lanes.add(circular(1), 3, waiting(1, [1, 2, 3, 4]));
    lanes.add(circular(1), 3, waiting(1, [5], 100));
    assert.deepEqual([idsOf(lanes.take(0)), idsOf(lanes.take(0)), idsOf(lanes.take(99))], [[1, 2, 3], [4], null]);
    assert.equal(lanes.nextAt, 100);
    assert.deepEqual(idsOf(lanes.take(100)), [5]);
    assert.equal(lanes.nextAt, null);
  });

  it("puts only those into a mail that were claimed together", () => {
    const lanes = new Lanes();
    lanes.add(circular(1), 3, waiting(1, [1, 2]));
    lanes.add(circular(1), 3, waiting(1, [3, 4, 5, 6], 0, "m"));
    assert.deepEqual(
      [0, 0, 0, 0].map((now) => idsOf(lanes.take(now))),
      [[1, 2], [3, 4, 5], [6], null],
    );
  });

  it("passes over one that has to wait", () => {
    const lanes = new Lanes();
    lanes.add(circular(1), 1, waiting(1, [1], 100));
    lanes.add(circular(1), 1, waiting(1, [2]));
    assert.deepEqual(idsOf(lanes.take(0)), [2]);
  });

  it("gives up what is not sent any more", () => {
    const lanes = new Lanes();
    lanes.add(circular(1), 1, waiting(1, [1, 2]));
    lanes.add(circular(2), 1, waiting(2, [3]));
    assert.deepEqual(
      lanes.takeOthers(new Set([2])).map(({ id }) => id),
      [1, 2],
    );
    assert.deepEqual([idsOf(lanes.take(0)), idsOf(lanes.take(0))], [[3], null]);
  });
});
