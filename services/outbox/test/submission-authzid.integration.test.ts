import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { ANNA, plain, SubmissionWorld, submitOn } from "./submission-world.ts";

describe("submission: the relay is told who writes", { timeout: 170_000 }, () => {
  let site: SubmissionWorld;
  before(async () => {
    site = await SubmissionWorld.open({
      store: "postgres",
      sink: { tls: "starttls", account: { user: "tamis", password: "service" } },
      relay: "user: tamis, password: service",
      submission: "send_as: account-address, connections_per_address: 2",
    });
    await site.world.start();
  });
  beforeEach(() => site.begin());
  after(() => site[Symbol.asyncDispose]());

  it("each author by the service account's authorization identity, never by his password", async () => {
    assert.equal((await site.submit({})).code, 250);
    assert.equal((await site.submit({ mail: "HOLDFOR=1" })).code, 250);
    using client = await site.signedIn("bob@example.org");
    const raw = "From: bob@example.org\r\n\r\nx\r\n";
    assert.equal((await submitOn(client, { from: "bob@example.org", raw })).code, 250);
    const kept = await site.world.received(3);
    assert.deepEqual(kept.map(({ from, user, authzid }) => [from, user, authzid]).toSorted(), [
      [ANNA, "tamis", ANNA],
      [ANNA, "tamis", ANNA],
      ["bob@example.org", "tamis", "bob@example.org"],
    ]);
  });

  it("lets no address have more connections than it may, and those that are there go on", async () => {
    using first = await site.client();
    using second = await site.client();
    await assert.rejects(site.client());
    assert.equal((await second.command("QUIT")).code, 221);
    await second.closed();
    assert.equal((await first.command(plain(ANNA, site.dovecot.password))).code, 235);
    using third = await site.client();
    assert.equal((await third.command("NOOP")).code, 250);
  });
});
