import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openStore, type Store } from "@tamis/store";
import { storePlaces } from "@tamis/testkit";
import type { ScriptTables } from "../src/script-tables.ts";
import { type CopySource, copySource } from "../src/tables/copy-source.ts";
import { openTables } from "../src/tables/open-tables.ts";
import { migrations, type Tables } from "../src/tables/schema.ts";

const quota = { scripts: 3 };
const log = { info() {}, warn() {}, error() {} };

const { places, stateDir } = storePlaces();

for (const { name: place, settings } of places)
  describe(`the tables in ${place}`, { timeout: 60_000 }, () => {
    let store: Store<Tables>;
    let tables: ScriptTables;
    let source: CopySource;
    let clock = 0;

    before(async () => {
      store = await openStore<Tables>({
        settings: settings(),
        stateDir,
        service: "scripts",
        migrations,
        log,
      });
      tables = openTables(store, { versionsKept: 2, now: () => new Date(++clock * 1000) });
      source = copySource(store);
    });
    after(() => store.close());

    it("keeps texts as they are, names by octets, in their order", async () => {
      const text = 'require "fileinto";\r\n# é 😀 \ufeff \'"\\\r\nkeep;';
      for (const name of ["é", "Z", "a'b\"c\\d"]) await tables.put("anna", { name, text }, quota);
      assert.deepEqual(
        (await tables.list("anna")).map(({ name, octets }) => [name, octets]),
        ["Z", "a'b\"c\\d", "é"].map((name) => [name, Buffer.byteLength(text)]),
      );
      assert.equal((await tables.get("anna", "é"))?.text, text);
      assert.equal(await tables.get("anna", "e\u0301"), null);
      assert.equal(await tables.get("bob", "é"), null);
    });

    it("has room for so many", async () => {
      assert.equal(await tables.hasRoom("anna", "new", quota), false);
      assert.equal(await tables.hasRoom("anna", "é", quota), true);
      assert.deepEqual(await tables.put("anna", { name: "new", text: "keep;" }, quota), { kind: "too-many" });
    });

    it("has at most one active, through replacing, renaming and deleting", async () => {
      assert.equal(await tables.activate("anna", "none"), "missing");
      assert.equal(await tables.activate("anna", "Z"), "done");
      assert.equal(await tables.activate("anna", "é"), "done");
      assert.deepEqual(await tables.put("anna", { name: "é", text: "discard;" }, quota), {
        kind: "stored",
        active: true,
      });
      assert.equal(await tables.delete("anna", "é"), "active");
      assert.equal(await tables.rename("anna", "é", "Z"), "exists");
      assert.equal(await tables.rename("anna", "none", "x"), "missing");
      assert.equal(await tables.rename("anna", "é", "été"), "renamed");
      assert.deepEqual(
        (await tables.list("anna")).filter(({ active }) => active).map(({ name }) => name),
        ["été"],
      );
      assert.equal(await tables.activate("anna", null), "done");
      assert.equal(await tables.delete("anna", "été"), "deleted");
      assert.equal(await tables.delete("anna", "été"), "missing");
    });

    it("keeps former texts, so many, under the new name too", async () => {
      for (const text of ["1", "2", "2", "3", "4"]) await tables.put("bob", { name: "v", text: `# ${text}` }, quota);
      await tables.rename("bob", "v", "w");
      const former = await tables.formerTexts("bob", "w");
      assert.deepEqual(
        former.map(({ number, text }) => [number, text]),
        [
          [3, "# 3"],
          [2, "# 2"],
        ],
      );
      await tables.delete("bob", "w");
      assert.deepEqual(await tables.formerTexts("bob", "w"), []);
    });

    it("is not confused by a dozen changes at once", async () => {
      const results = await Promise.all(
        Array.from({ length: 12 }, (_, i) => tables.put("carl", { name: `s${i}`, text: "keep;" }, quota)),
      );
      assert.equal(results.filter(({ kind }) => kind === "stored").length, 3);
      const names = (await tables.list("carl")).map(({ name }) => name);
      assert.equal(names.length, 3);
      await Promise.all(names.map((name) => tables.activate("carl", name)));
      assert.equal((await tables.list("carl")).filter(({ active }) => active).length, 1);
    });

    it("knows whose copy is behind", async () => {
      assert.deepEqual([...(await source.behind(10))].sort(), ["anna", "bob", "carl"]);
      for (const accountId of await source.behind(10)) {
        const account = await source.read(accountId);
        await source.copied(accountId, account?.changes ?? 0);
      }
      assert.deepEqual(await source.behind(10), []);
      await tables.put("bob", { name: "new", text: "keep;" }, quota);
      await tables.put("bob", { name: "new", text: "keep;" }, quota);
      assert.deepEqual(await source.behind(10), ["bob"]);
      assert.deepEqual(await source.accounts("", 2), ["anna", "bob"]);
      assert.deepEqual(await source.accounts("bob", 2), ["carl"]);
      assert.equal(await source.read("nobody"), null);
    });

    it("takes over an account once", async () => {
      const scripts = [{ name: "main", text: "keep;", at: 5000, active: true }];
      const both = await Promise.all([source.adopt("dora", scripts), source.adopt("dora", scripts)]);
      assert.deepEqual(both.sort(), [false, true]);
      assert.equal(await source.adopt("anna", scripts), false);
      assert.deepEqual(await tables.get("dora", "main"), { name: "main", text: "keep;", at: 5000, active: true });
    });
  });
