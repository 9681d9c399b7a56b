import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Account } from "@tamis/kit";
import { accountBook } from "./account-book.ts";
import type { AuditFields } from "./audit.ts";
import { openDoor } from "./door.ts";
import type { CheckResult, Credential } from "./imap-check.ts";

const account = (id: string): Account => ({ id, address: `${id}@example.org`, user: `${id}@example.org`, mode: "act" });
const password = (text: string): Credential => ({ kind: "password", password: text });

/** A door whose time passes only by its delays and by hand, before a server that knows one password. */
function stage(settings: Partial<Parameters<typeof openDoor>[0]["settings"]> = {}) {
  let now = 1_000_000;
  const audit: AuditFields[] = [];
  const delays: number[] = [];
  const asked: string[] = [];
  const server = { answer: null as CheckResult | null };
  const book = accountBook(["anna", "bob", "carl"].map(account));
  const door = openDoor({
    settings: {
      failures_per_address: 5,
      failures_upstream_per_minute: 60,
      first_delay_ms: 500,
      longest_delay_ms: 4_000,
      upstream_connections: 2,
      timeout_ms: 1_000,
      default_domain: undefined,
      ...settings,
    },
    masterSeparator: "%",
    book: () => book,
    imap: {
      check: async ({ user }, credential) => {
        const secret = credential.kind === "password" ? credential.password : credential.token;
        asked.push(`${user} ${secret}`);
        await Promise.resolve();
        return server.answer ?? (secret === "right" ? "right" : "wrong");
      },
    },
    audit: (fields) => audit.push(fields),
    clock: () => now,
    delay: async (ms) => {
      delays.push(ms);
      now += ms;
    },
  });
  const signIn = (name: string, secret: string, peer = "192.0.2.1", authzid = "") =>
    door.signIn({ name, authzid, credential: password(secret), peer });
  return {
    door,
    signIn,
    audit,
    delays,
    asked,
    server,
    pass: (ms: number) => (now += ms),
    reasons: () => audit.map(({ reason }) => reason),
  };
}

describe("a door", () => {
  it("lets an owner in under the canonical name", async () => {
    const { signIn, asked, audit } = stage();
    const outcome = await signIn("ANNA@Example.ORG", "right");
    assert.deepEqual(outcome, { kind: "accepted", account: account("anna") });
    assert.deepEqual(asked, ["anna@example.org right"]);
    assert.deepEqual(audit, [
      { mechanism: "PLAIN", peer: "192.0.2.1", result: "accepted", reason: "right-password", accountId: "anna" },
    ]);
  });

  const refused = [
    { name: "a wrong password", given: ["anna@example.org", "wrong"], reason: "wrong-password", asked: 1 },
    { name: "an unknown name", given: ["eve@example.org", "right"], reason: "unknown-account", asked: 0 },
    { name: "a master user's name", given: ["anna@example.org*proxy", "right"], reason: "master-name", asked: 0 },
    {
      name: "a master user's name with the installation's own separator",
      given: ["anna@example.org%proxy", "right"],
      reason: "master-name",
      asked: 0,
    },
    {
      name: "to act as somebody else",
      given: ["anna@example.org", "right", "192.0.2.1", "bob@example.org"],
      reason: "foreign-authzid",
      asked: 0,
    },
    {
      name: "to act as nobody we know",
      given: ["anna@example.org", "right", "192.0.2.1", "root"],
      reason: "foreign-authzid",
      asked: 0,
    },
  ] as const;
  for (const { name, given, reason, asked } of refused)
    it(`refuses ${name}, after a delay`, async () => {
      const world = stage();
      const [user, secret, peer, authzid] = [...given, undefined, undefined];
      assert.deepEqual(await world.signIn(user, secret, peer, authzid), { kind: "refused" });
      assert.deepEqual(world.reasons(), [reason]);
      assert.equal(world.asked.length, asked);
      assert.equal(world.delays.at(-1), 500);
    });

  it("takes an authzid that is the same owner", async () => {
    const { signIn } = stage();
    assert.equal((await signIn("anna@example.org", "right", "192.0.2.1", "Anna@example.org")).kind, "accepted");
  });

  it("doubles the delay with each failure, up to the longest, and forgets them at a success", async () => {
    const { signIn, delays } = stage({ failures_per_address: 100 });
    for (const guess of ["a", "b", "c", "d", "e"]) await signIn("anna@example.org", guess);
    assert.deepEqual(delays, [500, 1000, 2000, 4000, 4000]);
    await signIn("anna@example.org", "right");
    await signIn("anna@example.org", "f");
    assert.equal(delays.at(-1), 500);
  });

  it("asks nothing more of the server for an address with too many failures, right password or not", async () => {
    const { signIn, asked, reasons, pass } = stage({ first_delay_ms: 0 });
    for (const guess of ["1", "2", "3", "4", "5"]) await signIn("anna@example.org", guess);
    const before = asked.length;
    assert.deepEqual(await signIn("bob@example.org", "right"), { kind: "later" });
    assert.deepEqual(await signIn("bob@example.org", "guess"), { kind: "later" });
    assert.equal(asked.length, before);
    assert.equal(reasons().at(-1), "too-many-from-address");
    assert.equal((await signIn("anna@example.org", "right", "198.51.100.9")).kind, "accepted", "from elsewhere");
    pass(10 * 60_000);
    assert.equal((await signIn("bob@example.org", "right")).kind, "accepted");
  });

  it("is not got round by asking a hundred times at once", async () => {
    const { signIn, asked } = stage({ first_delay_ms: 0 });
    const names = ["anna", "bob", "carl"];
    await Promise.all(Array.from({ length: 100 }, (_, i) => signIn(`${names[i % 3]}@example.org`, `guess ${i}`)));
    assert.ok(asked.length <= 5, `${asked.length} guesses reached the server`);
  });

  it("lets the guesses of one account from one address wait for one another", async () => {
    const { signIn, delays, reasons } = stage({ failures_per_address: 100 });
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, i) => signIn("anna@example.org", `guess ${i}`)));
    assert.deepEqual(delays, [500, 1000, 2000, 4000]);
    assert.equal(outcomes.filter(({ kind }) => kind === "later").length, 4);
    assert.ok(reasons().includes("too-many-at-once"));
  });

  it("answers the same wrong password by itself for a minute, without counting it against the address", async () => {
    const { signIn, asked, reasons, pass } = stage({ first_delay_ms: 0 });
    for (let i = 0; i < 20; i++) assert.equal((await signIn("anna@example.org", "old")).kind, "refused");
    assert.equal(asked.length, 1);
    assert.equal(reasons().at(-1), "same-wrong-password");
    assert.equal((await signIn("anna@example.org", "right")).kind, "accepted");
    await signIn("bob@example.org", "old");
    assert.equal(asked.length, 3, "another account's is another");
    pass(60_001);
    await signIn("anna@example.org", "old");
    assert.equal(asked.length, 4);
  });

  it("caps what all addresses together make the server refuse, but not for owners who were let in before", async () => {
    const { signIn, asked, reasons } = stage({ failures_upstream_per_minute: 10, first_delay_ms: 0 });
    assert.equal((await signIn("bob@example.org", "right", "203.0.113.1")).kind, "accepted");
    for (let i = 0; i < 40; i++) await signIn("anna@example.org", `guess ${i}`, `198.51.100.${i}`);
    assert.equal(asked.length, 11);
    assert.equal(reasons().at(-1), "too-many-upstream");
    assert.equal((await signIn("carl@example.org", "right", "203.0.113.2")).kind, "later");
    assert.equal((await signIn("bob@example.org", "right", "203.0.113.1")).kind, "accepted");
  });

  it("never takes trouble of the server for a wrong password", async () => {
    const { signIn, server, delays } = stage();
    server.answer = "unavailable";
    for (let i = 0; i < 20; i++) assert.deepEqual(await signIn("anna@example.org", "right"), { kind: "later" });
    server.answer = null;
    assert.equal((await signIn("anna@example.org", "right")).kind, "accepted");
    assert.deepEqual(delays, []);
  });

  it("counts what cannot be read against the address", async () => {
    const { door, signIn } = stage({ first_delay_ms: 0 });
    for (let i = 0; i < 5; i++) assert.equal((await door.malformed("PLAIN", "192.0.2.1")).kind, "refused");
    assert.equal((await door.malformed("PLAIN", "192.0.2.1")).kind, "later");
    assert.equal((await signIn("anna@example.org", "right")).kind, "later");
  });

  it("treats a token alike", async () => {
    const { door, audit, signIn } = stage();
    const token = (text: string): Credential => ({ kind: "token", token: text });
    const attempt = { name: "anna@example.org", authzid: "", peer: "192.0.2.1" };
    assert.equal((await door.signIn({ ...attempt, credential: token("right") })).kind, "accepted");
    assert.equal((await door.signIn({ ...attempt, credential: token("wrong") })).kind, "refused");
    assert.deepEqual(
      audit.map(({ mechanism, reason }) => [mechanism, reason]),
      [
        ["OAUTHBEARER", "right-token"],
        ["OAUTHBEARER", "wrong-token"],
      ],
    );
    assert.equal((await signIn("anna@example.org", "wrong")).kind, "refused");
  });
});
