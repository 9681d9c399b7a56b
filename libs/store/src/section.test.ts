import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ConfigFault, loadSettings } from "@tamis/kit";
import { tempDir } from "@tamis/testkit";
import { passwordOf, storeSections } from "./section.ts";

describe("the section store", () => {
  const dir = tempDir("tamis-section");
  after(() => dir.remove());
  const load = (text: string) => {
    const file = join(dir.path, "tamis.yaml");
    writeFileSync(file, text, { mode: 0o600 });
    return loadSettings(file, storeSections).store;
  };

  it("is PGlite where nothing is said", () => assert.deepEqual(load(""), { kind: "pglite" }));
  it("takes a folder alone", () =>
    assert.deepEqual(load("store: { folder: tables }"), { kind: "pglite", folder: join(dir.path, "tables") }));
  it("takes PostgreSQL with defaults", () => {
    const store = load('store: { kind: postgres, host: db.example.org, password: "geheim" }');
    assert.ok(store.kind === "postgres");
    assert.equal(passwordOf(store), "geheim");
    assert.deepEqual([store.port, store.database, store.user, store.schema_prefix], [5432, "tamis", "tamis", "tamis_"]);
  });
  for (const { name, text, want } of [
    { name: "another kind", text: "store: { kind: mysql }", want: /store\.kind/ },
    { name: "a key of the other kind", text: "store: { host: db }", want: /host/ },
    { name: "a schema that needs quotes", text: "store: { kind: postgres, schema_prefix: Big- }", want: /schema/ },
    { name: "no section at all", text: "store: 7", want: /store/ },
  ])
    it(`refuses ${name}`, () =>
      assert.throws(
        () => load(text),
        (error: unknown) => error instanceof ConfigFault && want.test(error.message),
      ));
});
