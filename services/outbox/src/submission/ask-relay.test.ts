import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Script, scriptedRelay } from "../../test/scripted-relay.ts";
import { RelayState } from "../relay-state.ts";
import { formatReply } from "../smtp/reply.ts";
import { SessionPool } from "../smtp/session-pool.ts";
import { askRelay, type Question } from "./ask-relay.ts";

const question: Question = {
  sender: { from: "anna@example.org", hold: null, size: null, isUtf8: false, ret: undefined, envid: undefined },
  recipient: { address: "bob@example.com", dsn: {} },
  authzid: null,
};

describe("a recipient that the relay is asked about", { timeout: 60_000 }, () => {
  const cases: readonly { name: string; script: Script; want: string; again?: string; connections?: number }[] = [
    { name: "is taken", script: {}, want: "250 OK" },
    { name: "is refused", script: { RCPT: "550 5.1.1 no such user" }, want: "550 5.1.1 no such user" },
    { name: "is not asked about where its sender is refused", script: { MAIL: "553 5.1.8 no" }, want: "553 5.1.8 no" },
    {
      name: "of a relay that does not let us send: no fault of the mail",
      script: { MAIL: "530 5.7.0 sign in" },
      want: "451 4.3.5 the relay does not let us send now",
    },
    {
      name: "of a relay that is leaving: the author's connection to us stays, and so it is no 421",
      script: { RCPT: "421 4.3.2 bye" },
      want: "451 4.3.2 bye",
      connections: 2,
    },
    {
      name: "on a connection that is said to be done with",
      script: { MAIL: ["250 OK", "421 4.7.0 enough|cut", "250 OK"] },
      want: "250 OK",
      connections: 2,
    },
    { name: "of whom something is said that makes no sense", script: { RCPT: "354 go" }, want: "451 go" },
    {
      name: "and is not let go of: nothing more is said on that connection",
      script: { RSET: "502 what" },
      want: "250 OK",
      connections: 2,
    },
    {
      name: "and gone with the connection",
      script: { RCPT: ["250 OK", "cut"] },
      want: "250 OK",
      again: "451 4.4.2 the connection to the relay broke",
      connections: 2,
    },
  ];
  for (const { name, script, want, again = want, connections = 1 } of cases)
    it(name, async () => {
      using relay = await scriptedRelay(script);
      const pool = new SessionPool({ route: relay.route, idleMs: 60_000, mailsPerSession: 100 });
      const deps = { pool, relay: new RelayState({ firstMs: 1, maxMs: 1 }, () => {}), now: () => new Date(0) };
      const said: string[] = [];
      for (let n = 0; n < 2; n++) said.push(formatReply(await askRelay(question, deps)));
      assert.deepEqual(said, [want, again]);
      assert.equal(relay.connections(), connections);
      assert.ok(!relay.heard.includes("DATA"));
      pool.abort();
      await pool.close();
    });
});
