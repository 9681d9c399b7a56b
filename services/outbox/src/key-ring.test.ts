import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type KeptKeys, makeToken, readToken, renewKeys } from "@tamis/tokens";
import { KeyRing } from "./key-ring.ts";

const DAY = 86_400_000;
const AGES = { useMs: 90 * DAY, acceptMs: 400 * DAY };

/** KV and tables of one process. */
function world(options: { readonly isAway?: boolean } = {}) {
  const entries = new Map<string, { readonly key: string; readonly value: Uint8Array; readonly revision: number }>();
  let last = 0;
  let kept: KeptKeys | null = null;
  const clock = { day: 0 };
  const bucket = {
    get: async (key: string) => entries.get(key) ?? null,
    keys: async () => [...entries.keys()],
    put: async (key: string, value: Uint8Array) => {
      if (options.isAway === true) throw new Error("away");
      entries.set(key, { key, value, revision: ++last });
      return last;
    },
    delete: async (key: string, revision?: number) =>
      entries.get(key)?.revision === revision ? entries.delete(key) : false,
  };
  const renew = async (now: Date): Promise<KeptKeys> => {
    kept = renewKeys(kept, now, AGES);
    return kept;
  };
  const open = () =>
    new KeyRing({ renew, bucket, now: () => new Date(clock.day * DAY), log: { warn: () => assert.fail() } });
  return { open, entries, clock };
}

describe("the ring of keys", () => {
  it("tells readers of a key before it is used, and of the same keys to every instance", async () => {
    const { open, entries } = world();
    const [one, two] = [open(), open()];
    assert.throws(() => one.keys);
    await one.start();
    await two.start();
    one.stop();
    two.stop();
    assert.deepEqual([...entries.keys()], [one.keys.current.id]);
    assert.equal(readToken(makeToken("5", one.keys), two.keys), "5");
  });

  it("keeps a key that was followed by another for as long as its tokens are accepted, then drops it", async () => {
    const { open, entries, clock } = world();
    const at = async (day: number) => {
      clock.day = day;
      const ring = open();
      await ring.start();
      ring.stop();
      return ring.keys;
    };
    const first = await at(0);
    const token = makeToken("5", first);
    const second = await at(100);
    assert.notEqual(second.current.id, first.current.id);
    assert.equal(readToken(token, second), "5");
    assert.equal(entries.size, 2);
    const third = await at(100 + 401);
    assert.equal(readToken(token, third), null);
    assert.equal(entries.has(first.current.id), false);
  });

  it("does not begin with a key that nobody can read yet", async () => {
    const ring = world({ isAway: true }).open();
    await assert.rejects(ring.start());
    assert.throws(() => ring.keys);
  });
});
