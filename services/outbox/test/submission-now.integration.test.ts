import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { waitFor } from "@tamis/testkit";
import { ANNA, dsnOf, letter, SubmissionWorld } from "./submission-world.ts";

describe("submission: mail that leaves at once", { timeout: 170_000 }, () => {
  let site: SubmissionWorld;
  before(async () => {
    site = await SubmissionWorld.open({
      outbox: "  lookup: { mailbox: { address: bob@example.org, folder: Journal }, after_ms: 10 }\n",
    });
    await site.world.playMailbox();
    site.world.mailboxFinds = async ({ accountId, folder = "", messageId }) => {
      assert.deepEqual([accountId, folder], ["bob", "Journal"]);
      const all = await site.dovecot.listAll("bob@example.org");
      return all.filter((mail) => mail.folder === folder && mail.messageId === messageId).length;
    };
    await site.world.start();
  });
  beforeEach(() => site.begin());
  after(() => site[Symbol.asyncDispose]());

  it("gives the mail to the relay as it is, without Bcc, and answers what the relay said", async () => {
    const raw = letter(
      "été",
      "Bcc: carl@example.com\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
    ).replace("été", "plain");
    const body = "Accentué\r\n..\r\n.\r\n";
    const reply = await site.submit({
      to: ["bob@example.com", "carl@example.com"],
      mail: "BODY=8BITMIME",
      raw: Buffer.from(raw + body),
    });
    assert.deepEqual([reply.code, reply.lines], [250, ["2.6.0 OK: message queued"]]);
    const [kept] = await site.world.received(1);
    assert.deepEqual([kept?.from, kept?.to], [ANNA, ["bob@example.com", "carl@example.com"]]);
    const text = kept?.raw.toString("utf8") ?? "";
    assert.match(
      text,
      /^Received: from client\.example\.org \(\[127\.0\.0\.1\]\)\r\n by mx\.example\.org with ESMTPSA id /,
    );
    assert.doesNotMatch(text, /Bcc|carl/);
    assert.ok(text.endsWith(body), text);
    assert.equal(kept?.mailParameters["BODY"], "8BITMIME");
    assert.deepEqual((await site.listed()).map(({ kind, state, to }) => [kind, state, to]).toSorted(), [
      ["submission", "accepted", "bob@example.com"],
      ["submission", "accepted", "carl@example.com"],
    ]);
  });

  it("tells each recipient's refusal at once, and sends to the others", async () => {
    site.world.sink.answer({ recipient: (to) => (to === "gone@example.com" ? "550 5.1.1 no such user" : undefined) });
    using client = await site.signedIn();
    await client.command(`MAIL FROM:<${ANNA}>`);
    const refused = await client.command("RCPT TO:<gone@example.com>");
    assert.deepEqual([refused.code, refused.lines], [550, ["5.1.1 no such user"]]);
    assert.equal((await client.command("RCPT TO:<bob@example.com>")).code, 250);
    assert.equal((await client.command("DATA")).code, 354);
    assert.equal((await client.data(letter("x"))).code, 250);
    assert.deepEqual((await site.world.received(1))[0]?.to, ["bob@example.com"]);
  });

  for (const { said, state } of [
    { said: "554 5.7.1 looks like spam", state: "rejected" },
    { said: "451 4.7.1 greylisted, come back", state: "rejected" },
  ] as const)
    it(`passes ${said.slice(0, 3)} on, tries nothing again by itself, and takes the same mail once more`, async () => {
      site.world.sink.answer({ data: () => said });
      const raw = letter("x");
      const reply = await site.submit({ raw });
      assert.equal(`${reply.code} ${reply.lines[0]}`, said);
      assert.deepEqual(
        (await site.listed()).map((one) => one.state),
        [state],
      );
      site.world.sink.answer({});
      assert.equal((await site.submit({ raw })).code, 250);
      assert.equal((await site.world.received(1)).length, 1);
      assert.equal((await site.listed()).filter(({ kind }) => kind === "report").length, 0);
    });

  it("reports what failed for some after the relay said yes for others", async () => {
    let asked = 0;
    // Accepted when asked about, refused when it is sent.
    site.world.sink.answer({
      recipient: (to) => (to === "late@example.com" && ++asked > 1 ? "550 5.1.1 gone" : undefined),
    });
    const reply = await site.submit({ to: ["bob@example.com", "late@example.com"] });
    assert.equal(reply.code, 250);
    const mails = await site.world.received(2);
    const report = mails.find(({ from }) => from === "");
    assert.deepEqual(report?.to, [ANNA]);
    const read = dsnOf(report);
    assert.deepEqual(
      read.recipients.map(({ finalRecipient, action, status }) => [finalRecipient?.address, action, status]),
      [["late@example.com", "failed", "5.1.1"]],
    );
  });

  it("knows the same mail again: it is answered yes, and not sent twice", async () => {
    const raw = letter("x");
    assert.equal((await site.submit({ raw })).code, 250);
    const again = await site.submit({ raw });
    assert.deepEqual(
      [again.code, again.lines],
      [250, ["2.0.0 this very mail was taken before, and is not sent twice"]],
    );
    assert.equal((await site.submit({ raw, to: ["other@example.com"] })).code, 250);
    assert.deepEqual(
      (await site.world.received(2)).map(({ to }) => to[0]),
      ["bob@example.com", "other@example.com"],
    );
  });

  it("says so where the relay's answer was lost, and never sends a second copy", async () => {
    site.world.sink.answer({ data: () => "keep-and-cut" });
    const raw = letter("x");
    const first = await site.submit({ raw });
    assert.match(`${first.code} ${first.lines[0]}`, /^554 5\.4\.2 .*may have left/);
    site.world.sink.answer({});
    assert.equal((await site.submit({ raw })).code, 554);
    assert.equal(site.world.mails.length, 1);
    assert.deepEqual(
      (await site.listed()).map(({ state }) => state),
      ["unknown"],
    );
  });

  it("finds the copy that the relay had made: then it is accepted, and known again", async () => {
    site.world.sink.answer({ data: () => "keep-and-cut" });
    const raw = letter("x");
    assert.equal((await site.submit({ raw })).code, 554);
    const copy = site.world.mails[0]?.raw ?? Buffer.alloc(0);
    await site.dovecot.appendFast("bob@example.org", [copy], { folder: "Journal" });
    await waitFor(async () => (await site.listed())[0]?.state === "accepted", { timeoutMs: 20_000, intervalMs: 100 });
    assert.equal((await site.submit({ raw })).code, 250);
    assert.equal(site.world.mails.length, 1);
  });

  it("says try again while the relay is away, and keeps nothing", async () => {
    await site.world.sink.down();
    try {
      const reply = await site.submit({});
      assert.match(`${reply.code} ${reply.lines[0]}`, /^451 4\.4\.1 /);
    } finally {
      await site.world.sink.up();
    }
    assert.deepEqual(await site.listed(), []);
    await waitFor(async () => (await site.submit({})).code === 250, { timeoutMs: 20_000, intervalMs: 100 });
  });

  it("takes a pipelined client, and one that writes octet by octet", async () => {
    using client = await site.signedIn();
    client.write(`MAIL FROM:<${ANNA}>\r\nRCPT TO:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n`);
    const codes: number[] = [];
    for (let n = 0; n < 4; n++) codes.push((await client.reply()).code);
    assert.deepEqual(codes, [250, 250, 250, 354]);
    const octets = Buffer.from(`${letter("slow")}.\r\nRSET\r\n`);
    for (const octet of octets) client.write(Buffer.of(octet));
    assert.deepEqual([(await client.reply()).code, (await client.reply()).code], [250, 250]);
    assert.match((await site.world.received(1))[0]?.raw.toString() ?? "", /Bonjour\r\n$/);
  });

  it("keeps nothing of a mail that breaks off", async () => {
    const client = await site.signedIn();
    await client.command(`MAIL FROM:<${ANNA}>`);
    await client.command("RCPT TO:<bob@example.com>");
    await client.command("DATA");
    client.write(letter("cut"));
    client.destroy();
    assert.equal((await site.submit({})).code, 250);
    assert.equal((await site.world.received(1)).length, 1);
    assert.equal((await site.listed()).length, 1);
  });

  it("takes addresses and headers in UTF-8 where SMTPUTF8 is said", async () => {
    const raw = Buffer.from(letter("x").replace("Subject: x", "Subject: été"));
    assert.equal((await site.submit({ to: ["élise@example.com"], raw })).code, 553);
    const reply = await site.submit({ to: ["élise@example.com"], mail: "SMTPUTF8", raw });
    assert.equal(reply.code, 250, reply.lines.join());
    const [kept] = await site.world.received(1);
    assert.deepEqual([kept?.to, kept?.mailParameters["SMTPUTF8"]], [["élise@example.com"], true]);
  });

  it("passes wishes for reports on", async () => {
    const reply = await site.submit({
      mail: "RET=HDRS ENVID=c+2B1",
      rcpt: "NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bx@example.com",
    });
    assert.equal(reply.code, 250);
    const [kept] = await site.world.received(1);
    // The sink offers no DSN: nothing is passed on, and success is ours to report.
    assert.equal(kept?.mailParameters["ENVID"], undefined);
    const report = (await site.world.received(2)).find(({ from }) => from === "");
    const read = dsnOf(report);
    assert.deepEqual(
      [read.originalEnvelopeId, read.recipients.map((one) => [one.action, one.originalRecipient?.address])],
      ["c+1", [["relayed", "b+x@example.com"]]],
    );
  });
});
