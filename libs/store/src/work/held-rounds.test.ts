import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { AT_ONCE, HELD_MS, HeldRounds } from "./held-rounds.ts";

const START = Date.UTC(2026, 10, 30, 7);

interface Scene {
  /** All are of one account; otherwise each is of another. */
  readonly isOneAccount?: boolean;
  /** Takings and holdings fail while it says so. */
  readonly isAway?: () => boolean;
}

/** Rounds over ids that are due, which are at work until somebody ends them; the clock stands still unless it is told. */
function openRounds(test: TestContext, { isAway = () => false, isOneAccount = false }: Scene = {}) {
  test.mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: START });
  const due: number[] = [];
  const kept: string[] = [];
  const released: string[] = [];
  const failures: string[] = [];
  const working = new Map<number, PromiseWithResolvers<void>>();
  const fail = (): void => {
    if (isAway()) throw new Error("away");
  };
  const since = (time: Date): number => (time.getTime() - START) / 1000;
  const rounds = new HeldRounds<{ readonly id: number }>({
    queue: {
      take: async (limit, _now, _until, except = []) => {
        fail();
        const taken = due.filter((id) => !except.includes(id)).slice(0, limit);
        for (const id of taken) due.splice(due.indexOf(id), 1);
        return taken.map((id) => ({ id }));
      },
      keep: async (ids, taken, until) => {
        fail();
        kept.push(`${ids} ${since(taken).toFixed(1)} ${since(until).toFixed(1)}`);
      },
    },
    idOf: ({ id }) => id,
    accountOf: ({ id }) => (isOneAccount ? "anna" : `${id}`),
    carryOut: async ({ id }, release) => {
      assert.ok(!working.has(id), `${id} twice`);
      working.set(id, Promise.withResolvers());
      await working.get(id)?.promise.finally(() => working.delete(id));
      released.push(`${id} ${since(await release()).toFixed(1)}`);
    },
    failed: "not-done",
    now: () => new Date(),
    log: { warn: ({ err }, event) => void failures.push(`${event}: ${err}`) },
  });
  const settled = async (): Promise<void> => {
    for (let turns = 0; turns < 50; turns++) await Promise.resolve();
  };
  const pass = async (ms: number): Promise<void> => {
    test.mock.timers.tick(ms);
    await settled();
  };
  const offer = async (...ids: readonly number[]): Promise<void> => {
    due.push(...ids);
    rounds.wake();
    await settled();
  };
  rounds.start();
  const stop = async (failed: readonly string[] = []): Promise<void> => {
    for (const { resolve } of working.values()) resolve();
    await rounds.stop();
    assert.deepEqual(failures, failed);
  };
  return { due, kept, released, failures, working, rounds, settled, pass, offer, stop };
}

describe("what is taken out of tables for as long as it takes", () => {
  it("is held while it is under way, from where it was held until", async (test) => {
    const { offer, pass, kept, released, working, settled, stop } = openRounds(test);
    await offer(1);
    for (let times = 0; times < 3; times++) await pass(HELD_MS / 3);
    assert.deepEqual(kept, ["1 10.0 13.3", "1 13.3 16.7", "1 16.7 20.0"]);
    working.get(1)?.resolve();
    await settled();
    await pass(HELD_MS);
    assert.deepEqual([kept.length, released], [3, ["1 20.0"]]);
    await stop();
  });

  it("holds up nobody who comes later, and no more than so many are under way", async (test) => {
    const { offer, working, settled, stop, due } = openRounds(test);
    await offer(1);
    await offer(...Array.from({ length: AT_ONCE }, (_, index) => index + 2));
    assert.equal(working.size, AT_ONCE);
    assert.deepEqual(due, [AT_ONCE + 1]);
    working.get(5)?.resolve();
    await settled();
    assert.deepEqual([working.size, due, working.has(AT_ONCE + 1)], [AT_ONCE, [], true]);
    await stop();
  });

  it("is begun again only at its end, though it was due meanwhile, also since it could not be held", async (test) => {
    let isAway = false;
    const { offer, pass, settled, due, failures, working, kept, stop } = openRounds(test, { isAway: () => isAway });
    await offer(1);
    isAway = true;
    await pass(HELD_MS);
    assert.ok(failures.length > 0 && failures.every((failure) => failure === "not-done: Error: away"));
    isAway = false;
    await offer(1);
    assert.deepEqual([...working.keys(), "due", ...due], [1, "due", 1]);
    kept.splice(0);
    await pass(HELD_MS / 3);
    assert.deepEqual(kept, ["1 10.0 23.3"]);
    const [first] = working.values();
    first?.resolve();
    await settled();
    assert.deepEqual([[...working.keys()], working.get(1) !== first, due], [[1], true, []]);
    await stop(failures);
  });

  it("that fails without a word is told, and done again", async (test) => {
    const { offer, working, settled, failures, stop } = openRounds(test);
    await offer(1);
    working.get(1)?.reject(new Error("no table"));
    await settled();
    assert.deepEqual(failures, ["not-done: Error: no table"]);
    await offer(1);
    assert.deepEqual([...working.keys()], [1]);
    await stop(failures);
  });

  it("is done one after the other where it is of one account, held all the while", async (test) => {
    const { offer, pass, kept, working, settled, stop } = openRounds(test, { isOneAccount: true });
    await offer(1, 2, 3);
    await pass(HELD_MS / 3);
    assert.deepEqual([[...working.keys()], kept], [[1], ["1,2,3 10.0 13.3"]]);
    working.get(1)?.resolve();
    await settled();
    assert.deepEqual([...working.keys()], [2]);
    working.get(2)?.resolve();
    await settled();
    assert.deepEqual([...working.keys()], [3]);
    await stop();
  });

  it("is held in groups that were taken together, and joins them", async (test) => {
    const { offer, pass, kept, stop } = openRounds(test);
    await offer(1, 2);
    await pass(1_000);
    await offer(3);
    await pass(HELD_MS / 3 - 1_000);
    await pass(HELD_MS / 3);
    assert.deepEqual(kept, ["1,2 10.0 13.3", "3 11.0 13.3", "1,2,3 13.3 16.7"]);
    await stop();
  });

  it("is not begun any more once it is stopped, though it was taken", async (test) => {
    const { offer, due, working, rounds } = openRounds(test, { isOneAccount: true });
    await offer(1, 2);
    const stopped = rounds.stop();
    await offer(3);
    working.get(1)?.resolve();
    await stopped;
    assert.deepEqual([working.size, due], [0, [3]]);
  });
});
