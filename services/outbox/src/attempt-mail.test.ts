import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Script, scriptedRelay } from "../test/scripted-relay.ts";
import { attemptMail } from "./attempt-mail.ts";
import { RelayState } from "./relay-state.ts";
import { RelayUnavailable } from "./smtp/route.ts";
import { SessionPool } from "./smtp/session-pool.ts";

const mail = {
  envelopeId: null,
  from: null,
  recipients: [{ id: 1, address: "a@example.org" }],
  octets: Buffer.from("Subject: x\r\n\r\nx\r\n"),
  dsn: null,
  deliverBy: null,
};

describe("a mail on a connection that was used before", { timeout: 60_000 }, () => {
  const cases: readonly { name: string; script: Script; want: string; connections: number; fences?: number }[] = [
    { name: "that is good", script: {}, want: "accepted 250", connections: 1 },
    {
      name: "that the relay closed",
      script: { MAIL: ["250 OK", "cut", "250 OK"] },
      want: "accepted 250",
      connections: 2,
    },
    {
      name: "on which the relay wants no more mails",
      script: { MAIL: ["250 OK", "421 4.7.0 enough on this one|cut", "250 OK"] },
      want: "accepted 250",
      connections: 2,
    },
    {
      name: "to a relay that is leaving altogether",
      script: { MAIL: ["250 OK", "421 4.3.2 bye"] },
      want: "deferred 421",
      connections: 2,
      fences: 0,
    },
    {
      name: "that is cut at DATA: it was begun, and is tried later",
      script: { DATA: ["354 go", "cut"] },
      want: "deferred 451",
      connections: 1,
    },
    {
      name: "that is cut after the mail: nobody knows",
      script: { ".": ["250 OK", "cut"] },
      want: "unknown 451",
      connections: 1,
    },
  ];
  for (const { name, script, want, connections, fences = 1 } of cases)
    it(name, async () => {
      using relay = await scriptedRelay(script);
      const pool = new SessionPool({ route: relay.route, idleMs: 60_000, mailsPerSession: 100 });
      const deps = { pool, relay: new RelayState({ firstMs: 1, maxMs: 1 }, () => {}), now: () => new Date(0) };
      await attemptMail(mail, async () => true, deps);
      let fenced = 0;
      const outcomes = await attemptMail(
        mail,
        async () => {
          fenced++;
          return true;
        },
        deps,
      );
      assert.ok(!(outcomes instanceof RelayUnavailable));
      assert.deepEqual(
        outcomes.map(({ state, reply }) => `${state} ${reply.code}`),
        [want],
      );
      assert.deepEqual([relay.connections(), fenced], [connections, fences]);
      pool.abort();
      await pool.close();
    });
});

describe("a relay that answers", { timeout: 60_000 }, () => {
  it("that it has no room for anybody is left alone for a while; that it wants one mail later, is not", async () => {
    using server = await scriptedRelay({ MAIL: ["452 4.3.1 no room", "450 4.7.1 come again"] });
    const pool = new SessionPool({ route: server.route, idleMs: 0, mailsPerSession: 1 });
    const relay = new RelayState({ firstMs: 100, maxMs: 100 }, () => {});
    const attempt = async (time: number) => {
      const outcomes = await attemptMail(mail, async () => true, { pool, relay, now: () => new Date(time) });
      assert.ok(!(outcomes instanceof RelayUnavailable));
      return outcomes.map(({ state, reply }) => `${state} ${reply.code}`).join();
    };
    assert.equal(await attempt(1_000), "deferred 452");
    assert.deepEqual([relay.isDown, relay.pausedUntil], [true, 1_100]);
    assert.equal(await attempt(1_200), "deferred 450");
    assert.equal(relay.isDown, false);
  });
});
