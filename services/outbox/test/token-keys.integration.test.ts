import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Store } from "@tamis/store";
import type { Tables } from "../src/tables/schema.ts";
import { renewTokenKeys } from "../src/tables/token-keys.ts";
import { at, DAY, openTables, places } from "./ledger-bench.ts";

const AGES = { useMs: DAY, acceptMs: 10 * DAY };

for (const { name: place, settings } of places)
  describe(`the keys of receipt tokens in ${place}`, { timeout: 120_000 }, () => {
    let store: Store<Tables>;

    before(async () => {
      store = await openTables(settings());
    });
    after(() => store.close());

    it("are made and renewed once, however many instances ask at the same moment", async () => {
      const ask = (ms: number) => Promise.all(Array.from({ length: 6 }, () => renewTokenKeys(store, at(ms), AGES)));
      const first = await ask(0);
      assert.deepEqual(
        first.map(({ keys }) => keys.map(({ id }) => id)),
        Array(6).fill([first[0]?.keys[0]?.id]),
      );
      const second = await ask(2 * DAY);
      assert.equal(new Set(second.map(({ keys }) => keys.map(({ id }) => id).join())).size, 1);
      assert.deepEqual(second[0]?.keys.slice(1), first[0]?.keys);
    });
  });
