import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Group } from "../tables/circular-commit.ts";
import type { CircularResult } from "../tables/circular-work.ts";
import { LedgerWriter } from "./ledger-writer.ts";

const beginning = (id: number) => ({ lease: "l", circularId: 1, ids: [id] });
const result = (id: number): CircularResult => ({
  id,
  circularId: 1,
  lease: "l",
  state: "accepted",
  reply: null,
  nextAt: new Date(0),
});

/** A ledger whose commits end when the test says so. */
function openBench() {
  const groups: Group[] = [];
  const ends: ((holds: readonly boolean[] | Error) => void)[] = [];
  const writer = new LedgerWriter({
    work: {
      commit: (group) => {
        groups.push(group);
        return new Promise((resolve, reject) => {
          ends.push((holds) => (holds instanceof Error ? reject(holds) : resolve(holds)));
        });
      },
    },
    now: () => new Date(0),
    log: { warn() {} },
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { groups, ends, writer, turn };
}

describe("the writer of groups", () => {
  it("gathers what is asked while a commit is under way, and answers each", async () => {
    const { groups, ends, writer, turn } = openBench();
    const first = writer.begin(beginning(1));
    await turn();
    const others = [writer.begin(beginning(2)), writer.begin(beginning(3))];
    writer.tell([result(9)]);
    ends[0]?.([true]);
    assert.equal(await first, true);
    await turn();
    assert.deepEqual(
      groups.map(({ begins, results }) => [begins.flatMap(({ ids }) => ids), results.map(({ id }) => id)]),
      [
        [[1], []],
        [[2, 3], [9]],
      ],
    );
    ends[1]?.([false, true]);
    assert.deepEqual(await Promise.all(others), [false, true]);
    await writer.stop();
  });

  it("answers no where the ledger cannot be written, and keeps results until it can", async () => {
    const { groups, ends, writer, turn } = openBench();
    const first = writer.begin(beginning(1));
    writer.tell([result(9)]);
    await turn();
    ends[0]?.(new Error("away"));
    assert.equal(await first, false);
    while (ends.length < 2) await turn();
    assert.deepEqual(
      groups[1]?.results.map(({ id }) => id),
      [9],
    );
    ends[1]?.([]);
    await writer.stop();
  });
});
