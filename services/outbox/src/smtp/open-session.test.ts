import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import { type Script, scriptedRelay } from "../../test/scripted-relay.ts";
import { openSession } from "./open-session.ts";
import type { Route } from "./route.ts";

describe("a relay that cannot be used", { timeout: 60_000 }, () => {
  for (const { name, script, route: more, code } of [
    { name: "refuses us", script: { greeting: "554 5.7.1 not you" }, code: "greeting" },
    { name: "is not ready", script: { greeting: "421 4.3.2 later" }, code: "greeting" },
    { name: "knows no EHLO", script: { EHLO: "502 what" }, code: "ehlo" },
    { name: "goes away", script: { EHLO: "cut" }, code: "connect" },
    { name: "says nothing", script: { EHLO: "silence" }, code: "connect" },
    { name: "offers no STARTTLS", script: {}, route: { tls: "starttls" }, code: "starttls-missing" },
    {
      name: "refuses STARTTLS for now",
      script: { EHLO: "250-here\r\n250 STARTTLS", STARTTLS: "454 4.7.0 not now" },
      route: { tls: "starttls" },
      code: "tls",
    },
    {
      name: "goes away at STARTTLS",
      script: { EHLO: "250-here\r\n250 STARTTLS", STARTTLS: "cut" },
      route: { tls: "starttls" },
      code: "connect",
    },
    {
      name: "speaks no TLS after all",
      script: { EHLO: "250-here\r\n250 STARTTLS", STARTTLS: "220 go|cut" },
      route: { tls: "starttls" },
      code: "tls",
    },
    { name: "leaves at EHLO", script: { EHLO: "421 4.3.2 bye" }, code: "ehlo" },
    {
      name: "leaves while we sign in",
      script: { EHLO: "250-here\r\n250 AUTH LOGIN", AUTH: "421 4.3.2 bye|cut" },
      route: { auth: { user: "u", password: () => "p" } },
      code: "auth",
    },
    {
      name: "speaks in the clear after STARTTLS",
      script: { EHLO: "250-here\r\n250 STARTTLS", STARTTLS: "220 go\r\n250 injected" },
      route: { tls: "starttls" },
      code: "tls",
    },
    { name: "offers no AUTH", script: {}, route: { auth: { user: "u", password: () => "p" } }, code: "auth-missing" },
    {
      name: "knows another password",
      script: { EHLO: "250-here\r\n250 AUTH PLAIN", AUTH: "535 5.7.8 no" },
      route: { auth: { user: "u", password: () => "p" } },
      code: "auth",
    },
    { name: "is not there", script: {}, route: { port: 1 }, code: "ECONNREFUSED" },
  ] as const satisfies readonly { name: string; script: Script; route?: Partial<Route>; code: string }[])
    it(name, async () => {
      using relay = await scriptedRelay(script);
      await assert.rejects(openSession({ ...relay.route, ...more }), { name: "RelayUnavailable", code });
    });

  it("is understood however its greeting and its offers come", async () => {
    using relay = await scriptedRelay(
      { greeting: "220-welcome\r\n220 here", EHLO: "250-here\r\n250-size 1000\r\n250 Pipelining" },
      { chunks: "octets" },
    );
    const session = await openSession(relay.route);
    assert.deepEqual([session.offers("PIPELINING"), session.parameterOf("SIZE")], [true, "1000"]);
    session.close();
  });

  it("is left at once where nobody waits for it any more, before and within its silence", async () => {
    using relay = await scriptedRelay({ greeting: "silence" });
    const route = { ...relay.route, commandMs: 60_000 };
    const stop = new AbortController();
    const opening = openSession(route, { signal: stop.signal });
    await waitFor(() => relay.connections() === 1);
    stop.abort();
    await assert.rejects(opening, { name: "RelayUnavailable" });
    await assert.rejects(openSession(route, { signal: stop.signal }), { code: "stopping" });
    assert.equal(relay.connections(), 1);
  });
});
