import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, describe, it } from "node:test";
import { startPostgres } from "@tamis/testkit";
import { groupStates, groupsOf } from "../src/process-group.ts";

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

  it("is stopped dead and killed as a whole, though each of its processes leads a group of its own", async () => {
    const { pid } = postgres;
    // The processes of a container are not to be seen from here.
    const groups = pid === undefined ? [] : await groupsOf(pid);
    const states = async () => (await Promise.all(groups.map(groupStates))).flat();
    assert.ok(pid === undefined || groups.length > 3);
    await postgres.pause();
    assert.deepEqual([...new Set(await states())], pid === undefined ? [] : ["T"]);
    await postgres.resume();
    assert.ok(!(await states()).includes("T"));
    await postgres.kill();
    assert.deepEqual(await states(), []);
    await postgres.restart();
  });

  it("leaves nothing behind", async () => {
    await postgres.stop();
    assert.equal(existsSync(postgres.socketDir), false);
  });
});
