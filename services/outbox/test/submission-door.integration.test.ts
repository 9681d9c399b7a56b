import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { SmtpClient, TokenIssuer, waitFor } from "@tamis/testkit";
import { ANNA, letter, plain, SubmissionWorld, submitOn } from "./submission-world.ts";

/** SECONDS from now, as HOLDUNTIL has it. */
const fromNow = (seconds: number): string => `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;

describe("submission: the door", { timeout: 170_000 }, () => {
  const issuer = new TokenIssuer();
  let site: SubmissionWorld;
  before(async () => {
    site = await SubmissionWorld.open({
      store: "postgres",
      dovecot: issuer.config,
      submission: "max_hold_days: 7, max_recipients: 5",
      outbox: "  max_bytes: 200000\n",
    });
    await site.world.start();
  });
  beforeEach(() => site.begin());
  after(async () => {
    await site[Symbol.asyncDispose]();
    issuer[Symbol.dispose]();
  });

  it("offers what it has, and no sign-in before TLS", async () => {
    using client = await SmtpClient.connect({ port: site.port, ca: site.ca });
    assert.match((await client.reply()).lines[0] ?? "", /^mx\.example\.org ESMTP/);
    const plainly = await client.command("EHLO client.example.org");
    assert.ok(plainly.lines.includes("STARTTLS"));
    assert.ok(!plainly.lines.some((line) => line.startsWith("AUTH")));
    assert.equal((await client.command(plain(ANNA, site.dovecot.password))).code, 538);
    assert.equal((await client.command(`MAIL FROM:<${ANNA}>`)).code, 530);
    assert.equal((await client.command("STARTTLS")).code, 220);
    await client.startTls();
    const { lines } = await client.command("EHLO client.example.org");
    for (const line of ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "DSN", "SIZE 200000"])
      assert.ok(lines.includes(line), `${line} in ${lines.join(", ")}`);
    assert.ok(lines.some((line) => line.startsWith("AUTH PLAIN LOGIN")));
    const until = lines
      .find((line) => /^FUTURERELEASE 604800 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(line))
      ?.split(" ")[2];
    assert.ok(Math.abs(Date.parse(until ?? "") - Date.now() - 604_800_000) < 60_000, `${until}`);
    assert.equal((await client.command(`MAIL FROM:<${ANNA}>`)).code, 530);
    assert.equal((await client.command(plain(ANNA, site.dovecot.password))).code, 235);
    assert.equal((await submitOn(client, {})).code, 250);
  });

  it("runs nothing that came in the clear behind STARTTLS", async () => {
    using client = await SmtpClient.connect({ port: site.port, ca: site.ca });
    await client.reply();
    await client.command("EHLO client.example.org");
    client.write("STARTTLS\r\nNOOP\r\nEHLO injected.example.org\r\n");
    assert.equal((await client.reply()).code, 220);
    await client.startTls();
    assert.match((await client.command("NOOP")).lines[0] ?? "", /OK/);
    assert.equal((await client.command(plain(ANNA, site.dovecot.password))).code, 503, "EHLO is yet to be said");
  });

  it("takes LOGIN, and a name in other letters", async () => {
    using client = await site.client();
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    assert.equal((await client.command("AUTH LOGIN")).code, 334);
    assert.equal((await client.command(base64("ANNA@example.org"))).code, 334);
    assert.equal((await client.command(base64(site.dovecot.password))).code, 235);
  });

  it("takes a token that the IMAP server takes: its owner's alone, and malformed ones are refused", async () => {
    const bearer = (name: string, token: string): string =>
      `AUTH OAUTHBEARER ${Buffer.from(`n,a=${name},\x01auth=Bearer ${token}\x01\x01`).toString("base64")}`;
    using client = await site.client();
    // It asks what the IMAP server takes when it starts.
    await waitFor(async () =>
      (await client.command("EHLO client.example.org")).lines.includes("AUTH PLAIN LOGIN OAUTHBEARER"),
    );
    const refusals = [bearer("bob@example.org", issuer.token(ANNA)), bearer(ANNA, issuer.token(ANNA, 1_200_000))];
    for (const line of refusals) {
      const why = await client.command(line);
      assert.deepEqual([why.code, atob(why.lines[0] ?? "")], [334, '{"status":"invalid_token"}']);
      assert.equal((await client.command("AQ==")).code, 535);
    }
    assert.equal((await client.command(bearer(ANNA, issuer.token(ANNA)))).code, 235);
    assert.equal((await submitOn(client, {})).code, 250);
    assert.match(site.world.mails[0]?.raw.toString() ?? "", /with ESMTPSA id/);
    using malformed = await site.client();
    assert.equal((await malformed.command(`AUTH OAUTHBEARER ${btoa("anna")}`)).code, 334);
    assert.equal((await malformed.command("")).code, 535);
  });

  it("lets nobody guess on: the third refusal ends the connection", async () => {
    using client = await site.client();
    const wrong = [
      plain(ANNA, "wrong"),
      plain("nobody@example.org", "wrong"),
      plain(ANNA, site.dovecot.password, "bob@example.org"),
    ];
    const codes: number[] = [];
    for (const line of wrong) codes.push((await client.command(line)).code);
    assert.deepEqual(codes, [535, 535, 421]);
    await client.closed();
    using right = await site.signedIn();
    assert.equal((await right.command("NOOP")).code, 250);
  });

  const refusals: readonly { name: string; sent: Parameters<SubmissionWorld["submit"]>[0]; want: string }[] = [
    { name: "somebody else's address in MAIL", sent: { from: "bob@example.org" }, want: "550 5.7.1" },
    {
      name: "somebody else's address in From",
      sent: { raw: letter("x").replace(/Anna <.*>/, "bob@example.org") },
      want: "550 5.7.1",
    },
    { name: "a parameter that nobody knows", sent: { mail: "BY=5;R" }, want: "555 5.5.4" },
    { name: "one behind RCPT", sent: { rcpt: "HOLDFOR=5" }, want: "555 5.5.4" },
    { name: "HOLDFOR and HOLDUNTIL", sent: { mail: `HOLDFOR=5 HOLDUNTIL=${fromNow(60)}` }, want: "501 5.5.4" },
    { name: "HOLDFOR beyond the limit", sent: { mail: "HOLDFOR=604801" }, want: "501 5.5.4" },
    { name: "HOLDFOR without a value", sent: { mail: "HOLDFOR" }, want: "501 5.5.4" },
    { name: "HOLDFOR twice", sent: { mail: "HOLDFOR=5 HOLDFOR=6" }, want: "501 5.5.4" },
    { name: "HOLDUNTIL with an offset", sent: { mail: "HOLDUNTIL=2030-01-01T00:00:00+01:00" }, want: "501 5." },
    { name: "a NOTIFY that is none", sent: { rcpt: "NOTIFY=NEVER,FAILURE" }, want: "501 5.5.4" },
    { name: "a RET that is none", sent: { mail: "RET=SOME" }, want: "501 5.5.4" },
    { name: "a mail declared too long", sent: { mail: "SIZE=200001" }, want: "552 5.3.4" },
    {
      name: "a mail that is too long",
      sent: { raw: letter("x") + "0123456789\r\n".repeat(17_000) },
      want: "552 5.3.4",
    },
    {
      name: "a sixth recipient",
      sent: { to: ["a", "b", "c", "d", "e", "f"].map((name) => `${name}@example.com`) },
      want: "250",
    },
  ];
  for (const { name, sent, want } of refusals)
    it(`answers ${want} to ${name}`, async () => {
      using client = await site.signedIn();
      const { code, lines } = await submitOn(client, sent);
      assert.ok(`${code} ${lines[0]}`.startsWith(want), `${code} ${lines[0]}`);
      assert.equal((await client.command("NOOP")).code, 250, "the connection goes on");
      if (want !== "250") assert.equal(site.world.mails.length, 0);
      else assert.equal(site.world.mails[0]?.to.length, 5);
    });
});
