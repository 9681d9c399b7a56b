import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { recipientsTracked } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import { type SunkMail, waitFor } from "@tamis/testkit";
import { ANNA, dsnOf, headerOf, letter, SubmissionWorld, submitOn } from "./submission-world.ts";

describe("submission: mail that is held (RFC 4865)", { timeout: 170_000 }, () => {
  let site: SubmissionWorld;
  before(async () => {
    const outbox = "  receipts: { address: retours@example.org }\n";
    site = await SubmissionWorld.open({ outbox, submission: "track_receipts: true", sink: { hideDSN: false } });
    await site.world.start();
  });
  /** So many mails of these subjects. */
  const about = (subjects: readonly string[], count: number): Promise<readonly SunkMail[]> =>
    waitFor(
      () => {
        const found = site.world.mails.filter((mail) =>
          subjects.some((one) => headerOf(mail).includes(`Subject: ${one}`)),
        );
        return found.length >= count ? found : null;
      },
      { timeoutMs: 20_000, describe: `${count} mails about ${subjects.join()}` },
    );
  beforeEach(() => site.begin());
  after(() => site[Symbol.asyncDispose]());

  it("is committed at 250 and leaves at its instant, never before, with its date", async () => {
    using client = await site.signedIn();
    const due = Math.ceil(Date.now() / 1000) * 1000 + 2_000;
    let arrived = 0;
    site.world.sink.answer({
      sender: () => {
        arrived = Date.now();
        return undefined;
      },
    });
    const until = `${new Date(due).toISOString().slice(0, 19)}Z`;
    const to = ["bob@example.com", "carl@example.com"];
    const reply = await submitOn(client, { mail: `HOLDUNTIL=${until}`, to });
    assert.deepEqual([reply.code, reply.lines], [250, [`2.0.0 held until ${until}`]]);
    const [kept] = await site.world.received(1);
    assert.ok(arrived >= due, `${due - arrived} ms before its instant`);
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
    assert.equal((await site.world.received(1)).length, 1);
  });

  it("its author's wish for receipts is followed recipient by recipient, and what he wrote is left as it is", async () => {
    const raw = letter("asking", `Disposition-Notification-To: <${ANNA}>\r\nDKIM-Signature: v=1\r\n`);
    const to = ["bob@example.com", "carl@example.com"];
    assert.equal((await site.submit({ mail: "HOLDFOR=1", to, raw })).code, 250);
    assert.equal((await site.submit({ rcpt: "NOTIFY=SUCCESS", raw: letter("notify") })).code, 250);
    const mails = await about(["asking", "notify"], 3);
    assert.deepEqual(mails.map((mail) => mail.to.join()).toSorted(), [...to, "bob@example.com"].toSorted());
    const named = mails.map(({ mailParameters }) => mailParameters["ENVID"]);
    assert.equal(new Set(named).size, 3);
    for (const token of named) assert.match(String(token), /^[a-z2-7]{23,34}$/);
    assert.ok(mails.every(({ from }) => from === ANNA));
    const asking = mails.filter((mail) => headerOf(mail).includes("Subject: asking"));
    assert.equal(asking.length, 2);
    for (const mail of asking) assert.match(headerOf(mail), /^Disposition-Notification-To: <anna@example\.org>$/m);
    await waitFor(
      async () => {
        const told = [];
        for await (const { payload } of site.world.bus.readFacts(`event.*.${recipientsTracked.name}`))
          told.push(...recipientsTracked.schema.parse(JSON.parse(Buffer.from(payload).toString())).recipients);
        assert.deepEqual(told.map(({ address, asksDisposition }) => [address, asksDisposition]).toSorted(), [
          ["bob@example.com", false],
          ["bob@example.com", true],
          ["carl@example.com", true],
        ]);
        return true;
      },
      { timeoutMs: 20_000, describe: "the facts" },
    );
  });

  it("receipts that he asks for come to subaddresses of his, where nobody signed the mail", async () => {
    const raw = letter("own", `Disposition-Notification-To: Anna <${ANNA}>\r\n`);
    const reply = await site.submit({ to: ["bob@example.com", "carl@example.com"], raw });
    assert.equal(reply.code, 250);
    const mails = await about(["own"], 2);
    for (const mail of mails) {
      const token = String(mail.mailParameters["ENVID"]);
      assert.equal(mail.from, `anna+${token}@example.org`);
      const asked = headerOf(mail).match(/^Disposition-Notification-To: .*$/gm);
      assert.deepEqual(asked, [`Disposition-Notification-To: <${mail.from}>`]);
    }
    assert.equal(new Set(mails.map(({ from }) => from)).size, 2);
  });

  it("can be cancelled until it leaves", async () => {
    await site.submit({ mail: "HOLDFOR=3600" });
    const [one] = await site.listed();
    assert.deepEqual([one?.kind, one?.state], ["submission", "scheduled"]);
    const left = (one?.nextAt ?? 0) - Date.now();
    assert.ok(left > 3_400_000 && left <= 3_600_000, `${left} ms`);
    const answer = await site.world.ask({ op: "cancel", accountId: "anna", id: one?.id ?? "" });
    assert.equal(answer.kind, "done");
    assert.deepEqual(
      (await site.listed()).map(({ state }) => state),
      ["cancelled"],
    );
  });

  it("is the same mail when it is handed over again because the answer was lost", async () => {
    const raw = letter("x");
    assert.equal((await site.submit({ mail: "HOLDFOR=3600", raw })).code, 250);
    assert.match((await site.submit({ mail: "HOLDFOR=3599", raw })).lines[0] ?? "", /taken before/);
    assert.equal((await site.listed()).length, 1);
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
    const report = (await site.world.received(2)).find(({ from }) => from === "");
    assert.deepEqual(report?.to, [ANNA]);
    const text = report?.raw.toString() ?? "";
    assert.match(text, /^Future-Release-Request: for;1\r$/m);
    assert.match(text, /^Auto-Submitted: auto-replied\r$/m);
    assert.match(text, /Bonjour\r\n/, "the whole mail");
    const [subject] = readMessage(report?.raw ?? Buffer.alloc(0)).headers("Subject");
    assert.equal(subject?.text(), "Votre message n'est pas parvenu à tous : refused", "in the author's language");
    const read = dsnOf(report);
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
    const report = (await site.world.received(2)).find(({ from }) => from === "");
    const read = dsnOf(report);
    assert.deepEqual(
      read.recipients.map(({ action, status }) => [action, status]),
      [["failed", "4.4.2"]],
    );
    assert.equal(site.world.mails.filter(({ from }) => from === ANNA).length, 1);
  });
});
