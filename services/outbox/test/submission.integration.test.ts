import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { readMessage, readReport } from "@tamis/message";
import { SmtpClient, type SunkMail, waitFor } from "@tamis/testkit";
import { ANNA, letter, plain, SubmissionWorld, submitOn } from "./submission-world.ts";

const headerOf = ({ raw }: SunkMail): string => raw.toString("latin1").split("\r\n\r\n")[0] ?? "";

/** SECONDS from now, as HOLDUNTIL has it. */
const fromNow = (seconds: number): string => `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;

describe("submission", { timeout: 170_000 }, () => {
  let site: SubmissionWorld;
  /** What was there before a test. */
  let listedBefore = 0;
  const listed = async () => {
    const all = await site.world.list();
    return all.slice(0, all.length - listedBefore);
  };
  const sunk = (count: number): Promise<readonly SunkMail[]> => site.world.received(count);

  before(async () => {
    site = await SubmissionWorld.open({
      submission: "max_hold_days: 7, max_recipients: 5",
      outbox: "  max_bytes: 200000\n",
    });
    await site.world.start();
  });
  beforeEach(async () => {
    site.world.begin();
    site.world.account = "anna";
    listedBefore = (await site.world.list()).length;
  });
  after(() => site[Symbol.asyncDispose]());

  describe("the door", () => {
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
      for (const line of [
        "PIPELINING",
        "8BITMIME",
        "SMTPUTF8",
        "ENHANCEDSTATUSCODES",
        "DSN",
        "AUTH PLAIN LOGIN",
        "SIZE 200000",
      ])
        assert.ok(lines.includes(line), `${line} in ${lines.join(", ")}`);
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
      { name: "HOLDUNTIL with an offset", sent: { mail: "HOLDUNTIL=2030-01-01T00:00:00+01:00" }, want: "501 5.5.4" },
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

  describe("without HOLDFOR", () => {
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
      assert.deepEqual([reply.code, reply.lines], [250, ["2.0.0 OK: message queued"].map(() => reply.lines[0])]);
      const [kept] = await sunk(1);
      assert.deepEqual([kept?.from, kept?.to], [ANNA, ["bob@example.com", "carl@example.com"]]);
      const text = kept?.raw.toString("utf8") ?? "";
      assert.match(
        text,
        /^Received: from client\.example\.org \(\[127\.0\.0\.1\]\)\r\n by mx\.example\.org with ESMTPSA id /,
      );
      assert.doesNotMatch(text, /Bcc|carl/);
      assert.ok(text.endsWith(body), text);
      assert.equal(kept?.mailParameters["BODY"], "8BITMIME");
      assert.deepEqual((await listed()).map(({ kind, state, to }) => [kind, state, to]).toSorted(), [
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
      assert.deepEqual((await sunk(1))[0]?.to, ["bob@example.com"]);
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
          (await listed()).map((one) => one.state),
          [state],
        );
        site.world.sink.answer({});
        assert.equal((await site.submit({ raw })).code, 250);
        assert.equal((await sunk(1)).length, 1);
        assert.equal((await listed()).filter(({ kind }) => kind === "report").length, 0);
      });

    it("reports what failed for some after the relay said yes for others", async () => {
      let asked = 0;
      // Accepted when asked about, refused when it is sent.
      site.world.sink.answer({
        recipient: (to) => (to === "late@example.com" && ++asked > 1 ? "550 5.1.1 gone" : undefined),
      });
      const reply = await site.submit({ to: ["bob@example.com", "late@example.com"] });
      assert.equal(reply.code, 250);
      const mails = await sunk(2);
      const report = mails.find(({ from }) => from === "");
      assert.deepEqual(report?.to, [ANNA]);
      const read = readReport(readMessage(report?.raw ?? Buffer.alloc(0)));
      assert.ok(read?.kind === "dsn");
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
        (await sunk(2)).map(({ to }) => to[0]),
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
        (await listed()).map(({ state }) => state),
        ["unknown"],
      );
    });

    it("says try again while the relay is away, and keeps nothing", async () => {
      await site.world.sink.down();
      try {
        const reply = await site.submit({});
        assert.match(`${reply.code} ${reply.lines[0]}`, /^451 4\.4\.1 /);
      } finally {
        await site.world.sink.up();
      }
      assert.deepEqual(await listed(), []);
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
      assert.match((await sunk(1))[0]?.raw.toString() ?? "", /Bonjour\r\n$/);
    });

    it("keeps nothing of a mail that breaks off", async () => {
      const client = await site.signedIn();
      await client.command(`MAIL FROM:<${ANNA}>`);
      await client.command("RCPT TO:<bob@example.com>");
      await client.command("DATA");
      client.write(letter("cut"));
      client.destroy();
      assert.equal((await site.submit({})).code, 250);
      assert.equal((await sunk(1)).length, 1);
      assert.equal((await listed()).length, 1);
    });

    it("takes addresses and headers in UTF-8 where SMTPUTF8 is said", async () => {
      const raw = Buffer.from(letter("x").replace("Subject: x", "Subject: été"));
      assert.equal((await site.submit({ to: ["élise@example.com"], raw })).code, 553);
      const reply = await site.submit({ to: ["élise@example.com"], mail: "SMTPUTF8", raw });
      assert.equal(reply.code, 250, reply.lines.join());
      const [kept] = await sunk(1);
      assert.deepEqual([kept?.to, kept?.mailParameters["SMTPUTF8"]], [["élise@example.com"], true]);
    });

    it("passes wishes for reports on", async () => {
      const reply = await site.submit({
        mail: "RET=HDRS ENVID=c+2B1",
        rcpt: "NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bx@example.com",
      });
      assert.equal(reply.code, 250);
      const [kept] = await sunk(1);
      // The sink offers no DSN: nothing is passed on, and success is ours to report.
      assert.equal(kept?.mailParameters["ENVID"], undefined);
      const report = (await sunk(2)).find(({ from }) => from === "");
      const read = readReport(readMessage(report?.raw ?? Buffer.alloc(0)));
      assert.ok(read?.kind === "dsn");
      assert.deepEqual(
        [read.originalEnvelopeId, read.recipients.map((one) => [one.action, one.originalRecipient?.address])],
        ["c+1", [["relayed", "b+x@example.com"]]],
      );
    });
  });

  describe("with HOLDFOR or HOLDUNTIL", () => {
    it("is committed at 250 and leaves at its instant, never before, with its date", async () => {
      const due = Math.ceil(Date.now() / 1000) * 1000 + 2_000;
      let arrived = 0;
      site.world.sink.answer({ sender: () => void (arrived = Date.now()) });
      const until = `${new Date(due).toISOString().slice(0, 19)}Z`;
      const reply = await site.submit({ mail: `HOLDUNTIL=${until}`, to: ["bob@example.com", "carl@example.com"] });
      assert.deepEqual([reply.code, reply.lines], [250, [`2.0.0 held until ${until}`]]);
      assert.equal(site.world.mails.length, 0);
      assert.deepEqual(
        (await listed()).map(({ kind, state, nextAt }) => [kind, state, nextAt]),
        [
          ["submission", "scheduled", due],
          ["submission", "scheduled", due],
        ],
      );
      const [kept] = await sunk(1);
      assert.ok(arrived >= due && arrived < due + 5_000, `${arrived - due} ms after its instant`);
      assert.equal(kept?.to.length, 2);
      const date = /^Date: (.*)$/m.exec(headerOf(kept as SunkMail))?.[1] ?? "";
      assert.deepEqual([Date.parse(date), date.slice(-5)], [due, "+0100"]);
      assert.deepEqual(headerOf(kept as SunkMail).match(/^Date:/gm)?.length, 1);
    });

    it("asks the relay nothing before: one that is away takes the mail when it is back", async () => {
      await site.world.sink.down();
      const reply = await site.submit({ mail: "HOLDFOR=1" });
      assert.equal(reply.code, 250);
      await site.world.sink.up();
      assert.equal((await sunk(1)).length, 1);
    });

    it("can be cancelled until it leaves", async () => {
      await site.submit({ mail: "HOLDFOR=3600" });
      const [one] = await listed();
      const answer = await site.world.ask({ op: "cancel", accountId: "anna", id: one?.id ?? "" });
      assert.equal(answer.kind, "done");
      assert.deepEqual(
        (await listed()).map(({ state }) => state),
        ["cancelled"],
      );
    });

    it("is the same mail when it is handed over again because the answer was lost", async () => {
      const raw = letter("x");
      assert.equal((await site.submit({ mail: "HOLDFOR=3600", raw })).code, 250);
      assert.match((await site.submit({ mail: "HOLDFOR=3599", raw })).lines[0] ?? "", /taken before/);
      assert.equal((await listed()).length, 1);
    });

    it("its author hears of a refusal, with what he asked to get back, and of nothing he did not want", async () => {
      site.world.sink.answer({
        recipient: (to) => (to.endsWith("gone.example") ? "550 5.1.2 no such domain" : undefined),
      });
      using client = await site.signedIn();
      await client.command(`MAIL FROM:<${ANNA}> HOLDFOR=1 RET=FULL ENVID=abc`);
      await client.command("RCPT TO:<a@gone.example> ORCPT=rfc822;a+40home@gone.example");
      await client.command("RCPT TO:<b@gone.example> NOTIFY=NEVER");
      await client.command("RCPT TO:<c@gone.example> NOTIFY=SUCCESS");
      await client.command("RCPT TO:<bob@example.com>");
      await client.command("DATA");
      assert.equal((await client.data(letter("refused"))).code, 250);
      const report = (await sunk(2)).find(({ from }) => from === "");
      assert.deepEqual(report?.to, [ANNA]);
      const text = report?.raw.toString() ?? "";
      assert.match(text, /^Future-Release-Request: for;1\r$/m);
      assert.match(text, /^Auto-Submitted: auto-replied\r$/m);
      assert.match(text, /Bonjour\r\n/, "the whole mail");
      const read = readReport(readMessage(report?.raw ?? Buffer.alloc(0)));
      assert.ok(read?.kind === "dsn");
      assert.deepEqual(
        [
          read.originalEnvelopeId,
          read.recipients.map((one) => [one.finalRecipient?.address, one.originalRecipient?.address]),
        ],
        ["abc", [["a@gone.example", "a@home@gone.example"]]],
      );
    });

    it("its author hears when nobody knows whether it left", async () => {
      let cut = 0;
      site.world.sink.answer({ data: ({ from }) => (from !== "" && ++cut === 1 ? "keep-and-cut" : "accept") });
      assert.equal((await site.submit({ mail: "HOLDFOR=1" })).code, 250);
      const report = (await sunk(2)).find(({ from }) => from === "");
      const read = readReport(readMessage(report?.raw ?? Buffer.alloc(0)));
      assert.ok(read?.kind === "dsn");
      assert.deepEqual(
        read.recipients.map(({ action, status }) => [action, status]),
        [["failed", "4.4.2"]],
      );
      assert.equal(site.world.mails.filter(({ from }) => from === ANNA).length, 1);
    });
  });
});
