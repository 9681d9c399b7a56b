import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, describe, it } from "node:test";
import { startPostgres } from "@tamis/testkit";

describe("startPostgres", async () => {
  const postgres = await startPostgres();
  after(() => postgres.stop());

  it("listens on a socket in its own folder", () => {
    assert.ok(existsSync(`${postgres.socketDir}/.s.PGSQL.${postgres.port}`));
  });

  it("keeps its databases over kill -9 and a restart", async () => {
    await postgres.createDatabase("kept");
    await postgres.kill();
    await postgres.restart();
    await assert.rejects(postgres.createDatabase("kept"), /already exists/);
  });

  it("leaves nothing behind", async () => {
    await postgres.stop();
    assert.equal(existsSync(postgres.socketDir), false);
  });
});
