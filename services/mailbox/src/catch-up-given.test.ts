import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { Scene } from "../test/catching-up.ts";
import { settle } from "./account-record.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("CatchUp, of mails whose commands came with the answer", () => {
  it("moves the mark over what was given only when that is carried out", async () => {
    const scene = new Scene(3);
    const carried = Promise.withResolvers<void>();
    scene.carried = carried.promise;
    await scene.all();
    assert.deepEqual([scene.record.published, scene.record.handed, scene.catchUp.underWay], [0, 3, 3]);
    settle(scene.record, { uid: 3, fingerprint: "3", internalDate: 0 });
    assert.equal(scene.catchUp.underWay, 2);
    carried.resolve();
    await turn();
    assert.deepEqual(
      [scene.marks, scene.catchUp.underWay],
      [
        {
          published: 3,
          unsettled: [[1, 2]],
        },
        0,
      ],
    );
  });

  it("keeps no octets of them while they wait", async () => {
    const scene = new Scene(2);
    const carried = Promise.withResolvers<void>();
    scene.carried = carried.promise;
    await scene.all();
    carried.resolve();
    await turn();
    assert.deepEqual(scene.safe, [{ uid: 1 }, { uid: 2 }]);
  });

  it("moves nothing over what was given and is lost, and begins again there", async () => {
    const scene = new Scene(3);
    const carried = Promise.withResolvers<void>();
    scene.carried = carried.promise;
    await scene.all();
    carried.reject(new RetryLater("lost", { code: "lease-lost" }));
    await turn();
    assert.equal(scene.failures, 1);
    await assert.rejects(scene.catchUp.flush(), RetryLater);
    assert.equal(scene.record.published, 0);
    scene.carried = null;
    await scene.all();
    assert.deepEqual(
      [scene.published, scene.record.published],
      [
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        3,
      ],
    );
  });
});
