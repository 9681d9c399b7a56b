import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Ability } from "@tamis/sieve";
import fc from "fast-check";
import { base64, Client, RIGHT, WRONG } from "../test/scripted-client.ts";

describe("a stranger's session", () => {
  it("is greeted with what there is, without mechanisms before TLS", () => {
    const greeting = new Client({ tls: false }).session.greeting();
    assert.equal(
      greeting,
      '"IMPLEMENTATION" "Tamis"\r\n"SASL" ""\r\n"SIEVE" "fileinto copy"\r\n"STARTTLS"\r\n"MAXREDIRECTS" "4"\r\n"UNAUTHENTICATE"\r\n"LANGUAGE" "en"\r\n"VERSION" "1.0"\r\nOK\r\n',
    );
  });

  it("is told that nothing is redirected where no mail is sent", () => {
    const offerOf = () => ({ names: ["fileinto"], lists: [], abilities: new Set<Ability>() });
    const { session } = new Client({ more: { offerOf } });
    assert.match(session.greeting(), /"SIEVE" "fileinto"\r\n"MAXREDIRECTS" "0"\r\n/);
    assert.doesNotMatch(session.greeting(), /NOTIFY/);
  });

  it("is told the schemes of the external lists that there are", () => {
    const lists = [":addrbook:default", "tag:x,2026:a", "TAG:x,2026:b"];
    const offerOf = () => ({ names: ["extlists"], lists, abilities: new Set<Ability>() });
    assert.match(new Client({ more: { offerOf } }).session.greeting(), /"EXTLISTS" "urn tag"\r\n/);
  });

  it("sees what the installation offers, and once signed in what is offered to the account", async () => {
    const offerOf = (accountId: string | null) => ({
      names: accountId === null ? ["fileinto"] : ["fileinto", accountId],
      lists: [],
      abilities: new Set<Ability>(["send"]),
    });
    const client = new Client({ more: { offerOf } });
    assert.match(await client.tell("CAPABILITY"), /"SIEVE" "fileinto"\r\n/);
    assert.match(await client.tell(`AUTHENTICATE "PLAIN" "${RIGHT}"`), /^OK/);
    assert.match(await client.tell("CAPABILITY"), /"SIEVE" "fileinto anna"\r\n/);
    assert.match(await client.tell("UNAUTHENTICATE", "CAPABILITY"), /"SIEVE" "fileinto"\r\n/);
  });

  it("sees mechanisms and no STARTTLS inside TLS", () => {
    const greeting = new Client({ tls: false }).session.tlsBegan();
    assert.match(greeting, /"SASL" "PLAIN"\r\n/);
    assert.doesNotMatch(greeting, /STARTTLS|OWNER/);
  });

  const cases = [
    { name: "NOOP", say: "NOOP", want: /^OK\r\n$/ },
    { name: "NOOP with a tag", say: 'noop "STARTTLS-SYNC-42"', want: /^OK \(TAG "STARTTLS-SYNC-42"\)\r\n$/ },
    { name: "CAPABILITY", say: "Capability", want: /^"IMPLEMENTATION"[\s\S]*\r\nOK\r\n$/ },
    { name: "LOGOUT", say: "LOGOUT", want: /^OK\r\n$/ },
    { name: "no such command", say: "FROBNICATE", want: /^NO "there is no such command"/ },
    { name: "a string for a command", say: '"NOOP"', want: /^NO "there is no such command"/ },
    { name: "an argument too many", say: 'LOGOUT "now"', want: /^NO "the arguments/ },
    { name: "a command of owners", say: "LISTSCRIPTS", want: /^NO "sign in first"/ },
    { name: "UNAUTHENTICATE", say: "UNAUTHENTICATE", want: /^NO "not signed in"/ },
    { name: "STARTTLS inside TLS", say: "STARTTLS", want: /^NO "TLS is active already"/ },
    {
      name: "another mechanism",
      say: 'AUTHENTICATE "SCRAM-SHA-1" "biws"',
      want: /^NO "this mechanism is not offered"/,
    },
    { name: "a mechanism that is not offered here", say: 'AUTHENTICATE "OAUTHBEARER"', want: /^NO "this mechanism/ },
    { name: "a wrong password", say: `AUTHENTICATE "PLAIN" "${WRONG}"`, want: /^NO "wrong name or password"/ },
    { name: "base64 that is none", say: 'AUTHENTICATE "PLAIN" "AGFubmE*"', want: /^NO "wrong name or password"/ },
    { name: "the right password", say: `authenticate "plain" "${RIGHT}"`, want: /^OK/ },
    {
      name: "the right password as a literal",
      say: `AUTHENTICATE "PLAIN" {${RIGHT.length}+}\r\n${RIGHT}`,
      want: /^OK/,
    },
  ];
  for (const { name, say, want } of cases) it(name, async () => assert.match(await new Client().tell(say), want));

  it("may not sign in before TLS", async () => {
    const client = new Client({ tls: false });
    assert.match(await client.tell(`AUTHENTICATE "PLAIN" "${RIGHT}"`), /^NO \(ENCRYPT-NEEDED\)/);
    assert.equal(client.session.isOwner, false);
  });

  it("signs in in two steps, and may change its mind", async () => {
    const client = new Client();
    assert.equal(await client.tell('AUTHENTICATE "PLAIN"'), '""\r\n');
    for (const star of ['"*"', "*", "{1+}\r\n*"]) {
      assert.match(await client.tell(star), /^NO "cancelled"/);
      assert.equal(await client.tell('AUTHENTICATE "PLAIN"'), '""\r\n');
    }
    await client.tell("*");
    assert.equal(await client.tell('AUTHENTICATE "PLAIN"'), '""\r\n');
    assert.match(await client.tell(`{${RIGHT.length}+}`, RIGHT), /^OK/);
  });

  it("is told nothing of a command inside the exchange", async () => {
    const client = new Client();
    await client.tell('AUTHENTICATE "PLAIN"');
    assert.match(await client.tell("LISTSCRIPTS"), /^NO "wrong name or password"/);
    assert.match(await client.tell("NOOP"), /^OK/);
  });

  it("has three attempts", async () => {
    const client = new Client();
    for (let i = 0; i < 2; i++) assert.match(await client.tell(`AUTHENTICATE "PLAIN" "${WRONG}"`), /^NO/);
    assert.match(await client.tell(`AUTHENTICATE "PLAIN" "${WRONG}"`), /^BYE "too many failed attempts/);
    assert.equal(client.open, false);
    assert.equal(await client.tell(`AUTHENTICATE "PLAIN" "${RIGHT}"`), "");
  });

  it("is told to come later where the server cannot be asked", async () => {
    const client = new Client();
    client.outcome = { kind: "later" };
    assert.match(await client.tell(`AUTHENTICATE "PLAIN" "${RIGHT}"`), /^NO \(TRYLATER\)/);
  });

  it("may show a token where the IMAP server takes them", async () => {
    const client = new Client();
    client.mechanisms = ["PLAIN", "OAUTHBEARER"];
    assert.match(client.session.tlsBegan(), /"SASL" "PLAIN OAUTHBEARER"/);
    const bearer = (token: string) => base64(`n,a=anna@example.org,\x01auth=Bearer ${token}\x01\x01`);
    const refused = await client.tell(`AUTHENTICATE "OAUTHBEARER" "${bearer("wrong")}"`);
    assert.equal(Buffer.from(refused.slice(1, -3), "base64").toString(), '{"status":"invalid_token"}');
    assert.match(await client.tell('"AQ=="'), /^NO "wrong name/);
    assert.match(await client.tell(`AUTHENTICATE "OAUTHBEARER" "${bearer("right")}"`), /^OK/);
  });

  it("keeps what was offered until TLS begins or somebody signs in", async () => {
    const client = new Client();
    client.mechanisms = ["PLAIN", "OAUTHBEARER"];
    assert.match(await client.tell("CAPABILITY"), /"SASL" "PLAIN"\r\n/);
  });

  it("may send little, and little that is wrong", async () => {
    assert.match(await new Client().tell(`NOOP "${"a".repeat(30_000)}"`), /^BYE "the command is too long"/);
    assert.match(await new Client().tell("PUTSCRIPT {70000+}"), /^BYE "the literal is too long"/);
    const client = new Client();
    for (let i = 0; i < 10; i++) assert.match(await client.tell("X"), /^NO/);
    assert.match(await client.tell("X"), /^BYE "too many wrong commands"/);
    assert.equal(client.open, false);
  });
});

describe("any session", () => {
  it("answers each line of garbage once, and never throws", async () => {
    const word = fc.constantFrom(
      "NOOP",
      "PUTSCRIPT",
      "AUTHENTICATE",
      '"PLAIN"',
      `"${RIGHT}"`,
      '"a"',
      "{2+}\r\nk;",
      "5",
      "*",
      "(",
      '"é',
      "\0",
    );
    const line = fc.array(word, { maxLength: 4 }).map((words) => words.join(" "));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
        const client = new Client();
        for (const one of lines) {
          const answer = await client.tell(one);
          if (client.open) assert.match(answer, /^(""|[\s\S]*\b(OK|NO)\b)/);
        }
        assert.deepEqual(client.bugs, []);
      }),
      { numRuns: 200 },
    );
  });
});
