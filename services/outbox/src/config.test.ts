import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ConfigFault, loadSettings } from "@tamis/kit";
import { tempDir } from "@tamis/testkit";
import { outboxConfig } from "./config.ts";

describe("the section outbox", () => {
  const dir = tempDir("tamis-outbox-config");
  after(() => dir.remove());
  const load = (outbox: string) => {
    const file = join(dir.path, "tamis.yaml");
    writeFileSync(file, `outbox: ${outbox}\n`, { mode: 0o600 });
    return loadSettings(file, { outbox: outboxConfig }).outbox;
  };

  it("needs a relay and nothing else", () => {
    const {
      relay,
      redirect_from: redirectFrom,
      limits,
      expire_hours: hours,
    } = load("{ relay: { host: smtp.example.org } }");
    assert.deepEqual([relay.port, relay.tls, redirectFrom], [587, "starttls", "owner"]);
    assert.deepEqual(limits.reject, { per_account_hour: 50, per_target_day: 5 });
    assert.deepEqual([hours.redirect, hours.vacation], [72, 24]);
  });
  for (const { tls, port } of [
    { tls: "implicit", port: 465 },
    { tls: "none", port: 25 },
  ])
    it(`finds the port of tls: ${tls}`, () =>
      assert.equal(load(`{ relay: { host: localhost, tls: ${tls} } }`).relay.port, port));
  it("takes an address to redirect from", () =>
    assert.equal(load("{ relay: { host: a }, redirect_from: r@example.org }").redirect_from, "r@example.org"));
  for (const { name, outbox, want } of [
    { name: "no relay", outbox: "{}", want: /outbox\.relay/ },
    {
      name: "mail in the clear over the net",
      outbox: "{ relay: { host: smtp.example.org, tls: none } }",
      want: /without TLS/,
    },
    { name: "a user without a password", outbox: "{ relay: { host: a, user: u } }", want: /relay\.password: missing/ },
    { name: "what is no address", outbox: "{ relay: { host: a }, redirect_from: somebody }", want: /redirect_from/ },
    { name: "an unknown key", outbox: "{ relay: { host: a }, retries: 3 }", want: /retries/ },
    {
      name: "receipts that come back to nowhere",
      outbox: "{ relay: { host: a }, receipts: {} }",
      want: /receipts\.address/,
    },
    { name: "a host with a blank", outbox: '{ relay: { host: "a b" } }', want: /relay\.host/ },
  ])
    it(`refuses ${name}`, () =>
      assert.throws(
        () => load(outbox),
        (error: unknown) => error instanceof ConfigFault && want.test(error.message),
      ));
});
