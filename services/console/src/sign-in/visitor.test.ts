import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { SignInOutcome } from "@tamis/doors";
import type { Account } from "@tamis/kit";
import { MemoryBucket } from "../../test/memory-bucket.ts";
import { Problem } from "../http/problem.ts";
import { knownPasswords } from "./known-passwords.ts";
import { openSessions } from "./sessions.ts";
import { type Credentials, refuseForeign, type VisitorDeps, visitorOf } from "./visitor.ts";

const anna: Account = { id: "a1", address: "anna@example.org", user: "anna", mode: "act" };
const basic = (password: string): string => `Basic ${Buffer.from(`anna:${password}`).toString("base64")}`;
const isProblem = (code: string) => (error: unknown) => error instanceof Problem && error.code === code;

describe("a visitor", () => {
  let asked: number;
  let malformed: number;
  let accounts: readonly Account[];
  let deps: VisitorDeps;
  beforeEach(() => {
    asked = 0;
    malformed = 0;
    accounts = [anna];
    deps = {
      door: {
        account: (id) => accounts.find((one) => one.id === id) ?? null,
        async malformed() {
          malformed++;
          return { kind: "refused" };
        },
        async signIn({ credential }): Promise<SignInOutcome> {
          asked++;
          if (credential.kind !== "password") return { kind: "refused" };
          if (credential.password === "right") return { kind: "accepted", account: anna };
          return credential.password === "busy" ? { kind: "later" } : { kind: "refused" };
        },
      },
      sessions: openSessions(new MemoryBucket(), { lifeMs: 1_000, now: () => 0 }),
      known: knownPasswords(() => 0),
    };
  });
  const visit = (more: Partial<Credentials>) =>
    visitorOf({ authorization: undefined, cookie: undefined, peer: "192.0.2.1", ...more }, deps);

  it("may be nobody", async () => assert.equal(await visit({}), null));
  it("is let in by the right password, which is asked for once a minute", async () => {
    for (let time = 0; time < 3; time++)
      assert.deepEqual(await visit({ authorization: basic("right") }), { account: anna, session: null });
    assert.equal(asked, 1);
    await visit({ authorization: basic("right"), peer: "192.0.2.2" });
    assert.equal(asked, 2);
  });
  it("is not let in by a password that was right when the account is gone", async () => {
    await visit({ authorization: basic("right") });
    accounts = [];
    await visit({ authorization: basic("right") });
    assert.equal(asked, 2);
  });
  it("is refused, told to come later, and counted when it cannot be read", async () => {
    await assert.rejects(visit({ authorization: basic("wrong") }), isProblem("sign-in-refused"));
    await assert.rejects(visit({ authorization: basic("busy") }), isProblem("sign-in-later"));
    await assert.rejects(visit({ authorization: "Basic !" }), isProblem("sign-in-refused"));
    assert.equal(malformed, 1);
  });
  it("is known by a cookie as long as the account is there", async () => {
    const cookie = await deps.sessions.open("a1");
    assert.equal((await visit({ cookie }))?.account, anna);
    accounts = [];
    assert.equal(await visit({ cookie }), null);
    assert.equal(await visit({ cookie: "none" }), null);
  });
});

describe("a change", () => {
  const url = "https://console.example.org";
  const session = { accountId: "a1", formToken: "token" };
  const ours = { origin: url, fetchSite: "same-origin" };
  const said = { origin: undefined, fetchSite: undefined };
  for (const { name, change, of, refused } of [
    { name: "a form of ours", change: { ...ours, formToken: "token" }, of: session, refused: false },
    { name: "without its token", change: { ...ours, formToken: undefined }, of: session, refused: true },
    { name: "with another token", change: { ...ours, formToken: "tokem" }, of: session, refused: true },
    { name: "with its token, from nowhere", change: { ...said, formToken: "token" }, of: session, refused: true },
    { name: "a script with its password", change: { ...said, formToken: undefined }, of: null, refused: false },
    {
      name: "a password that a browser sends by itself",
      change: { origin: "https://evil.example", fetchSite: undefined, formToken: undefined },
      of: null,
      refused: true,
    },
  ])
    it(`${name} is ${refused ? "refused" : "taken"}`, () => {
      const act = (): void => refuseForeign(change, of, url);
      if (refused) assert.throws(act, isProblem("cross-site"));
      else act();
    });
});
