import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { createSecureContext } from "node:tls";
import { freePorts, SmtpClient, selfSignedCertificate } from "@tamis/testkit";
import { localReply, type SmtpReply } from "../smtp/reply.ts";
import { type Credentials, SmtpDoor } from "./smtp-door.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const bearer = (token: string): string => base64(`n,a=anna@example.org,\x01auth=Bearer ${token}\x01\x01`);

describe("the door of submission: AUTH OAUTHBEARER (RFC 7628)", { timeout: 60_000 }, () => {
  const { cert, key } = selfSignedCertificate();
  let door: SmtpDoor<object>;
  let port: number;
  let takesTokens: boolean;
  let asked: Credentials[];
  let answer: SmtpReply;

  before(async () => {
    [port = 0] = await freePorts(1);
    const settings = { tls: "starttls", name: "mx", maxBytes: 1000, maxRecipients: 1, connections: 10 } as const;
    door = new SmtpDoor(settings, {
      enter: () => ({}),
      leave: () => {},
      signIn: async (credentials) => {
        asked.push(credentials);
        return answer;
      },
      sender: async () => localReply(250, "2.0.0", "ok"),
      recipient: async () => localReply(250, "2.0.0", "ok"),
      mail: async () => localReply(250, "2.0.0", "ok"),
      onBug: (error) => assert.fail(String(error)),
      takesTokens: () => takesTokens,
      extensions: () => [],
      secureContext: () => createSecureContext({ cert, key }),
    });
    await new Promise<void>((resolve) => door.listen(port, "127.0.0.1", resolve));
  });
  beforeEach(() => {
    takesTokens = true;
    asked = [];
    answer = localReply(235, "2.7.0", "welcome");
  });
  after(() => door.stop());

  async function overTls(): Promise<SmtpClient> {
    const client = await SmtpClient.connect({ port, ca: cert });
    await client.reply();
    await client.command("EHLO client");
    await client.command("STARTTLS");
    await client.startTls();
    return client;
  }

  it("is offered where tokens are taken, over TLS", async () => {
    using plain = await SmtpClient.connect({ port, ca: cert });
    await plain.reply();
    assert.ok(!(await plain.command("EHLO client")).lines.some((line) => line.startsWith("AUTH")));
    assert.equal((await plain.command(`AUTH OAUTHBEARER ${bearer("t")}`)).code, 538);
    using client = await overTls();
    assert.ok((await client.command("EHLO client")).lines.includes("AUTH PLAIN LOGIN OAUTHBEARER"));
    assert.deepEqual(asked, []);
  });

  it("is not where they are not", async () => {
    takesTokens = false;
    using client = await overTls();
    assert.ok((await client.command("EHLO client")).lines.includes("AUTH PLAIN LOGIN"));
    assert.equal((await client.command(`AUTH OAUTHBEARER ${bearer("t")}`)).code, 504);
    assert.deepEqual(asked, []);
  });

  const conversations: readonly {
    name: string;
    says: readonly string[];
    reply?: SmtpReply;
    want: readonly string[];
  }[] = [
    { name: "with the command", says: [`AUTH OAUTHBEARER ${bearer("t")}`], want: ["235 2.7.0 welcome"] },
    { name: "in any case", says: [`auth oauthbearer ${bearer("t")}`], want: ["235 2.7.0 welcome"] },
    { name: "after an empty challenge", says: ["AUTH OAUTHBEARER", bearer("t")], want: ["334 ", "235 2.7.0 welcome"] },
    {
      name: "refused: why, and an answer, come before it",
      says: [`AUTH OAUTHBEARER ${bearer("t")}`, base64("\x01"), "NOOP"],
      reply: localReply(535, "5.7.8", "wrong"),
      want: [`334 ${base64('{"status":"invalid_token"}')}`, "535 5.7.8 wrong", "250 2.0.0 OK"],
    },
    {
      name: "refused, and an empty answer",
      says: ["AUTH OAUTHBEARER", bearer("t"), "", "NOOP"],
      reply: localReply(535, "5.7.8", "wrong"),
      want: ["334 ", `334 ${base64('{"status":"invalid_token"}')}`, "535 5.7.8 wrong", "250 2.0.0 OK"],
    },
    {
      name: "refused, and cancelled",
      says: [`AUTH OAUTHBEARER ${bearer("t")}`, "*", "NOOP"],
      reply: localReply(535, "5.7.8", "wrong"),
      want: [`334 ${base64('{"status":"invalid_token"}')}`, "501 5.7.0 signing in was cancelled", "250 2.0.0 OK"],
    },
    {
      name: "not to be decided now",
      says: [`AUTH OAUTHBEARER ${bearer("t")}`, "NOOP"],
      reply: localReply(454, "4.7.0", "later"),
      want: ["454 4.7.0 later", "250 2.0.0 OK"],
    },
    {
      name: "cancelled",
      says: ["AUTH OAUTHBEARER", "*", "NOOP"],
      want: ["334 ", "501 5.7.0 signing in was cancelled", "250 2.0.0 OK"],
    },
    { name: "no base64", says: ["AUTH OAUTHBEARER bm8*"], want: ["501 5.5.2 that is no base64"] },
    { name: "no octets", says: ["AUTH OAUTHBEARER ="], want: ["501 5.5.2 that is no base64"] },
    {
      name: "too much",
      says: ["AUTH OAUTHBEARER bm8= bm8="],
      want: ["501 5.5.4 after OAUTHBEARER comes one response, or none"],
    },
    {
      name: "after somebody signed in",
      says: [`AUTH OAUTHBEARER ${bearer("t")}`, `AUTH OAUTHBEARER ${bearer("t")}`],
      want: ["235 2.7.0 welcome", "503 5.5.1 Error: No identity changes permitted"],
    },
  ];
  for (const { name, says, reply, want } of conversations)
    it(name, async () => {
      answer = reply ?? answer;
      using client = await overTls();
      await client.command("EHLO client");
      const heard: string[] = [];
      for (const line of says) {
        const { code, lines } = await client.command(line);
        heard.push(`${code} ${lines.join("/")}`);
      }
      assert.deepEqual(heard, want);
      if (want.some((line) => line.startsWith("235"))) {
        assert.deepEqual(asked, [{ kind: "bearer", message: Buffer.from(bearer("t"), "base64") }]);
        assert.equal((await client.command("MAIL FROM:<anna@example.org>")).code, 250);
      } else assert.equal((await client.command("MAIL FROM:<anna@example.org>")).code, 530);
    });
});
