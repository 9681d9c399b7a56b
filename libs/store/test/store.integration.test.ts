import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type PostgresServer, startPostgres, tempDir, waitFor } from "@tamis/testkit";
import { type Generated, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { FolderInUse, openStore, type Store, type StoreSettings, StoreUnavailable } from "../src/index.ts";

interface Tables {
  book: { id: Generated<number>; title: string; lent: boolean };
}

const first: Migration = {
  up: async (db) => {
    await db.schema
      .createTable("book")
      .addColumn("id", "bigserial", (column) => column.primaryKey())
      .addColumn("title", "text", (column) => column.notNull().unique())
      .execute();
  },
};
const second: Migration = {
  up: async (db) => {
    await db.schema
      .alterTable("book")
      .addColumn("lent", "boolean", (column) => column.notNull().defaultTo(false))
      .execute();
  },
};
const broken: Migration = { up: (db) => db.schema.dropTable("nothing").execute() };

const events: string[] = [];
const log = {
  info: (_: unknown, event: string) => void events.push(event),
  warn: (_: unknown, event: string) => void events.push(event),
  error: (_: unknown, event: string) => void events.push(event),
};

interface Place {
  readonly name: string;
  readonly settings: () => StoreSettings;
}

let postgres: PostgresServer;
const dir = tempDir("tamis-store");
before(async () => {
  postgres = await startPostgres();
});
after(async () => {
  await postgres.stop();
  dir.remove();
});

const inPostgres = (connections = 4): StoreSettings => ({
  kind: "postgres",
  host: postgres.socketDir,
  port: postgres.port,
  database: postgres.database,
  user: postgres.user,
  schema_prefix: "tamis_",
  connections,
});
const places: readonly Place[] = [
  { name: "PostgreSQL", settings: () => inPostgres() },
  { name: "PGlite", settings: () => ({ kind: "pglite" }) },
];

const open = (settings: StoreSettings, migrations: Record<string, Migration>, service = "books") =>
  openStore<Tables>({ settings, stateDir: dir.path, service, migrations, log });

for (const { name, settings } of places) {
  describe(`the store in ${name}`, { timeout: 120_000 }, () => {
    let store: Store<Tables>;
    before(async () => {
      store = await open(settings(), { "0001-book": first });
    });
    after(() => store.close());

    const add = (title: string) =>
      store.transaction((db) => db.insertInto("book").values({ title, lent: false }).execute());
    const titles = async () => {
      const rows = await store.read((db) => db.selectFrom("book").select("title").orderBy("id").execute());
      return rows.map(({ title }) => title);
    };

    it("answers", async () => {
      assert.ok((await store.ping()) >= 0);
      assert.equal(store.kind, settings().kind);
    });

    it("keeps rows and brings them up to date at the next opening, each migration once", async () => {
      await store.transaction((db) =>
        db
          .insertInto("book")
          .values({ title: "Émile" } as never)
          .execute(),
      );
      await store.close();
      events.length = 0;
      store = await open(settings(), { "0001-book": first, "0002-lent": second });
      assert.equal(events.filter((event) => event === "store-migrated").length, 1);
      const rows = await store.read((db) => db.selectFrom("book").select(["title", "lent"]).execute());
      assert.deepEqual(rows, [{ title: "Émile", lent: false }]);
    });

    it("rolls back what throws", async () => {
      await assert.rejects(
        store.transaction(async (db) => {
          await db.insertInto("book").values({ title: "half", lent: false }).execute();
          throw new Error("on second thoughts");
        }),
        /on second thoughts/,
      );
      assert.ok(!(await titles()).includes("half"));
    });

    it("goes on after an error of the database, which comes out as it is", async () => {
      await assert.rejects(
        add("Émile"),
        (error: unknown) => error instanceof Error && "code" in error && error.code === "23505",
      );
      await add("Candide");
      assert.ok((await titles()).includes("Candide"));
    });

    it("keeps transactions apart that run side by side", async () => {
      const attempts = await Promise.allSettled(
        Array.from({ length: 12 }, (_, i) =>
          store.transaction(async (db) => {
            await db
              .insertInto("book")
              .values({ title: `side ${i}`, lent: false })
              .execute();
            if (i % 2 === 1) throw new Error("odd");
          }),
        ),
      );
      assert.equal(attempts.filter(({ status }) => status === "fulfilled").length, 6);
      assert.deepEqual(
        (await titles()).filter((title) => title.startsWith("side")).sort(),
        [0, 10, 2, 4, 6, 8].map((i) => `side ${i}`),
      );
    });

    it("names the migration that fails, and applies nothing of it", async () => {
      await assert.rejects(
        open(settings(), { "0001-book": first, "0002-lent": second, "0003-broken": broken }, "broken"),
        /tamis_broken refuse the migration 0003-broken/,
      );
      const again = await open(settings(), { "0001-book": first }, "broken");
      await again.close();
    });

    it("refuses the tables of a later version", async () => {
      await (await open(settings(), { "0001-book": first, "0002-lent": second }, "later")).close();
      await assert.rejects(open(settings(), { "0001-book": first }, "later"), /0002-lent/);
    });
  });
}

describe("PGlite's folder", () => {
  it("is for one process, and is free again after an orderly end and a failed start", async () => {
    const store = await open({ kind: "pglite" }, { "0001-book": first }, "alone");
    await assert.rejects(open({ kind: "pglite" }, { "0001-book": first }, "alone"), FolderInUse);
    await store.close();
    await assert.rejects(
      open({ kind: "pglite" }, { "0001-book": first, "0002-broken": broken }, "alone"),
      /0002-broken/,
    );
    await (await open({ kind: "pglite" }, { "0001-book": first }, "alone")).close();
  });

  it("begins anew where it was killed while it made its first files", async () => {
    const folder = join(dir.path, "store", "broken");
    mkdirSync(join(folder, "data"), { recursive: true });
    writeFileSync(join(folder, "data.unfinished"), "");
    writeFileSync(join(folder, "data", "PG_VERSION"), "18");
    const begin = () => open({ kind: "pglite" }, { "0001-book": first, "0002-lent": second }, "broken");
    const store = await begin();
    await store.transaction((db) => db.insertInto("book").values({ title: "a", lent: false }).execute());
    await store.close();
    const again = await begin();
    assert.equal((await again.read((db) => db.selectFrom("book").selectAll().execute())).length, 1);
    await again.close();
  });
});

describe("PostgreSQL's troubles", { timeout: 120_000 }, () => {
  it("instances that start together migrate once", async () => {
    events.length = 0;
    const stores = await Promise.all([1, 2, 3].map(() => open(inPostgres(), { "0001-book": first }, "together")));
    assert.equal(events.filter((event) => event === "store-migrated").length, 1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("tries a deadlock again", async () => {
    const store = await open(inPostgres(), { "0001-book": first, "0002-lent": second }, "deadlock");
    await store.transaction((db) =>
      db
        .insertInto("book")
        .values([
          { title: "a", lent: false },
          { title: "b", lent: false },
        ])
        .execute(),
    );
    const bothFirst = Promise.withResolvers<void>();
    let begun = 0;
    const lend = (one: string, other: string) =>
      store.transaction(async (db) => {
        await db.updateTable("book").set({ lent: true }).where("title", "=", one).execute();
        if (++begun === 2) bothFirst.resolve();
        await bothFirst.promise;
        await db.updateTable("book").set({ lent: true }).where("title", "=", other).execute();
      });
    await Promise.all([lend("a", "b"), lend("b", "a")]);
    assert.ok(begun > 2, "one of them ran twice");
    await store.close();
  });

  it("says unavailable while the server is away, and works again after it", async () => {
    const store = await open(inPostgres(1), { "0001-book": first }, "away");
    await postgres.kill();
    await assert.rejects(store.ping(), StoreUnavailable);
    await assert.rejects(
      store.transaction((db) => db.selectFrom("book").selectAll().execute()),
      StoreUnavailable,
    );
    await postgres.restart();
    await waitFor(() => store.ping().then(() => true), { describe: "the database to answer again" });
    await store.close();
  });

  it("says unavailable to a transaction whose server is killed between two of its queries", async () => {
    const store = await open(inPostgres(1), { "0001-book": first }, "between");
    const lost = store.transaction(async (db) => {
      await db.selectFrom("book").selectAll().execute();
      await postgres.kill();
      return db.selectFrom("book").selectAll().execute();
    });
    await assert.rejects(lost, StoreUnavailable);
    await postgres.restart();
    await waitFor(() => store.ping().then(() => true), { describe: "the database to answer again" });
    await store.close();
  });

  it("waits for the disk where the server is set not to, as the one of these tests is", async () => {
    const store = await open(inPostgres(1), { "0001-book": first }, "synced");
    const { rows } = await store.read((db) => sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(db));
    assert.deepEqual(rows, [{ synchronous_commit: "on" }]);
    await store.close();
  });

  it("waits for a server that is not there yet, and ends the wait when asked", async () => {
    const asked = new AbortController();
    const elsewhere = { ...inPostgres(), host: dir.path };
    const waiting = openStore<Tables>({
      settings: elsewhere,
      stateDir: dir.path,
      service: "w",
      migrations: {},
      log: { ...log, warn: () => asked.abort() },
      signal: asked.signal,
    });
    await assert.rejects(waiting);
  });

  it("says at once that there is no such database", async () => {
    await assert.rejects(open({ ...inPostgres(), database: "nowhere" } as StoreSettings, {}), /nowhere/);
  });
});
