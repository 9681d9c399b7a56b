import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import { scriptedRelay } from "../../test/scripted-relay.ts";
import { SessionPool } from "./session-pool.ts";

describe("sessions with the relay", { timeout: 60_000 }, () => {
  it("are used again while they are good", async () => {
    using relay = await scriptedRelay({});
    const pool = new SessionPool({ route: relay.route, idleMs: 60_000, mailsPerSession: 2 });
    const first = await pool.take();
    first.transactions = 1;
    pool.give(first);
    const second = await pool.take();
    assert.equal(second, first);
    second.transactions = 2;
    pool.give(second);
    assert.notEqual(await pool.take(), first);
    assert.notEqual(await pool.take({ authzid: "anna" }), first);
    pool.abort();
  });

  it("are not, where the relay said goodbye meanwhile", async () => {
    using relay = await scriptedRelay({ NOOP: "250 OK\r\n421 4.4.2 bye" });
    const pool = new SessionPool({ route: relay.route, idleMs: 60_000, mailsPerSession: 2 });
    const first = await pool.take();
    assert.equal((await first.command("NOOP")).code, 250);
    await waitFor(() => !first.line.isOpen);
    pool.give(first);
    assert.notEqual(await pool.take(), first);
    pool.abort();
  });

  it("that are being opened end with those in use", async () => {
    using relay = await scriptedRelay({ greeting: ["220 here", "silence"] });
    const route = { ...relay.route, commandMs: 600_000 };
    const pool = new SessionPool({ route, idleMs: 60_000, mailsPerSession: 2 });
    const taken = await pool.take();
    const opening = pool.take();
    await waitFor(() => relay.connections() === 2);
    pool.abort();
    await assert.rejects(opening, { name: "RelayUnavailable" });
    assert.equal(taken.isUsable, false);
    await assert.rejects(pool.take(), { name: "RelayUnavailable", code: "stopping" });
  });
});
