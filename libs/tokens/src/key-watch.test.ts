import assert from "node:assert/strict";
import { it } from "node:test";
import { renewKeys, tokenKeysOf } from "./kept-keys.ts";
import { type KeyWatchOptions, watchKeys } from "./key-watch.ts";
import { makeToken, readToken } from "./token.ts";

const AGES = { useMs: 10, acceptMs: 1_000 };

it("keys are followed as outbox tells them, and what is no key is told to an operator", async () => {
  const told: Parameters<KeyWatchOptions["bucket"]["watch"]>[0][] = [];
  const unusable: string[] = [];
  const keys = await watchKeys({
    bucket: {
      async watch(onEntry) {
        told.push(onEntry);
        return { ready: Promise.resolve(), stop() {} };
      },
    },
    onUnusable: ({ key }) => unusable.push(key),
  });
  const tell = (key: string, value: unknown): void => {
    const bytes = value === null ? null : Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
    for (const onEntry of told) onEntry({ key, value: bytes });
  };
  assert.equal(keys.current(), null);
  const first = renewKeys(null, new Date(0), AGES);
  const second = renewKeys(first, new Date(20), AGES);
  const token = makeToken("5", tokenKeysOf(first));
  for (const key of second.keys) tell(key.id, key);
  // No key has such a name.
  tell("00", "{");
  const current = keys.current();
  assert.ok(current !== null);
  assert.equal(current.current.id, second.keys[0]?.id);
  assert.equal(readToken(token, current), "5");
  assert.deepEqual(unusable, ["00"]);
  tell(first.keys[0]?.id ?? "", null);
  assert.equal(readToken(token, keys.current() ?? assert.fail()), null);
});
