import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { buckets, decodeScriptMemory, MAIL } from "@tamis/contracts";
import type { StartedService } from "@tamis/kit";
import { waitFor } from "@tamis/testkit";
import { World } from "./nats-world.ts";

const FILTER =
  ", envelope: { from: return-path }, authentication: { authserv_ids: [mx.example.org] }, organisation: { before: [before.sieve], after: [after.sieve] }";
const BEFORE = `require ["imap4flags", "fileinto"];
if header "subject" "phish" { fileinto "Quarantine"; }
if header "subject" "flagged" { addflag "$Org"; }
`;
const AFTER = 'require "fileinto"; if header "x-spam" "yes" { fileinto "Spam"; }\n';

/** A mail that the operator's server took in from bob just now, or so many hours ago. */
function mail(subject: string, { hours = 0, fields = [] as readonly string[], spf = "pass" } = {}): string {
  const received = new Date(Date.now() - hours * 3_600_000).toUTCString();
  return [
    "Return-Path: <bob@example.net>",
    `Authentication-Results: mx.example.org; spf=${spf} smtp.mailfrom=bob@example.net`,
    ...fields,
    `Received: from a by b; ${received}`,
    "From: bob@example.net",
    "To: anna@example.org",
    `Subject: ${subject}`,
    "",
    "Hello",
  ].join("\n");
}

const SCRIPT = `require ["fileinto", "vacation", "reject", "duplicate", "copy"];
# rule:[Doubles]
if allof (header :contains "subject" "double", duplicate) { fileinto "Doubles"; stop; }
# rule:[On]
if header :contains "subject" "send on" { redirect "carla@example.com"; stop; }
# rule:[No]
if header :contains "subject" "refuse" { reject "No."; stop; }
# rule:[Away]
if header :contains "subject" "answer" { vacation "Away."; stop; }
# rule:[Kept]
if header :contains "subject" "mine" { keep; stop; }
`;

describe("what leaves, over NATS", { timeout: 180_000 }, () => {
  const world = new World();
  const filters: StartedService[] = [];
  let outbox: Awaited<ReturnType<World["outbox"]>> | undefined;

  const receive = async (...texts: readonly string[]) =>
    await world.receive(
      "anna",
      texts.map((text) => ({ text })),
    );
  const submitted = (uid: number | undefined) =>
    world.submissions.filter(({ mailId }) => mailId.endsWith(`/${uid}`)).flatMap(({ sendings }) => sendings);

  before(async () => {
    await world.open({ filter: FILTER, more: "outbox: {}\n", files: { "before.sieve": BEFORE, "after.sieve": AFTER } });
    filters.push(await world.start(), await world.start());
    await world.attend("anna");
    await world.activate("anna", SCRIPT, "v1");
    outbox = await world.outbox();
  });

  after(async () => {
    for (const filter of filters) await filter.stop();
    await world.close();
  });

  it("submits, and publishes the plan only after the answer", async () => {
    const [uid] = await receive(mail("send on"));
    assert.equal(await world.destinationOf(uid), "discard");
    const [submission] = world.submissions.filter(({ mailId }) => mailId.endsWith(`/${uid}`));
    assert.ok(submission);
    assert.equal(submission.planBefore, false);
    assert.deepEqual(
      submission.sendings.map(({ to, cancelsKeep }) => [to, cancelsKeep]),
      [[["carla@example.com"], true]],
    );
    const fact = await world.factOf(uid);
    assert.deepEqual([fact.rule, fact.sendings?.map(({ state }) => state)], ["On", ["stored"]]);
  });

  it("keeps what is refused, and files into Junk what must not be rejected", async () => {
    world.sendingState = ({ kind }) => ({ state: "refused", reason: kind === "redirect" ? "loop" : "rate-limited" });
    const [loop, limited] = await receive(mail("send on"), mail("refuse"));
    assert.equal(await world.destinationOf(loop), "stay");
    assert.match((await world.factOf(loop)).error ?? "", /come back/);
    assert.equal(await world.destinationOf(limited), "Spam");
    world.sendingState = () => ({ state: "stored" });
    const [rejected] = await receive(mail("refuse"));
    assert.equal(await world.destinationOf(rejected), "discard");
  });

  it("rejects nothing on the word of a forged Authentication-Results", async () => {
    const forged = "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=bob@example.net";
    const [uid] = await receive(mail("refuse", { spf: "fail", fields: [forged] }));
    assert.equal(await world.destinationOf(uid), "Spam");
    assert.deepEqual(submitted(uid), []);
    assert.equal((await world.factOf(uid)).sendings?.[0]?.reason, "not-authenticated");
  });

  it("says nothing about mail of three days ago; its redirect waits", async () => {
    world.sendingState = ({ hold }) => ({ state: hold ? "held" : "stored" });
    const [reply, refusal, redirect] = await receive(
      mail("answer", { hours: 72 }),
      mail("refuse", { hours: 72 }),
      mail("send on", { hours: 72 }),
    );
    assert.equal(await world.destinationOf(reply), "stay");
    assert.equal(await world.destinationOf(refusal), "Spam");
    assert.equal(await world.destinationOf(redirect), "stay");
    assert.deepEqual([...submitted(reply), ...submitted(refusal)], []);
    assert.deepEqual(
      submitted(redirect).map(({ hold, cancelsKeep }) => [hold, cancelsKeep]),
      [[true, false]],
    );
    world.sendingState = () => ({ state: "stored" });
  });

  it("answers one sender once, whichever of two filters has the mail", async () => {
    const uids = await Promise.all(Array.from({ length: 6 }, () => receive(mail("answer"))));
    const facts = await Promise.all(uids.map(([uid]) => world.factOf(uid)));
    const states = facts.map((fact) => fact.sendings?.[0]?.state).toSorted();
    assert.deepEqual(states, ["silent", "silent", "silent", "silent", "silent", "stored"]);
    assert.equal(uids.flatMap(([uid]) => submitted(uid)).length, 1);
  });

  it("knows doubles in one batch, and between two filters", async () => {
    const double = (id: string) => mail("double", { fields: [`Message-ID: <${id}@example.net>`] });
    const batch = await receive(double("a"), double("a"), double("a"));
    const single = (await Promise.all(Array.from({ length: 6 }, () => receive(double("b"))))).flat();
    const folders = async (uids: readonly (number | undefined)[]) =>
      (await Promise.all(uids.map((uid) => world.destinationOf(uid)))).filter((folder) => folder === "stay").length;
    assert.deepEqual([await folders(batch), await folders(single)], [1, 1]);
    const record = await (await world.bus.bucket(buckets.memory)).get("anna");
    const { marks } = decodeScriptMemory(record?.value ?? new Uint8Array());
    assert.ok(marks.length >= 2);
    const decision = world.commands.flatMap(({ decisions }) => decisions).find(({ uid }) => uid === batch[0]);
    assert.equal(decision?.marked, true);
  });

  it("holds up no other mail of the batch while outbox is away, and sends when it is back", async () => {
    await outbox?.stop();
    const [waiting, other] = await receive(mail("send on"), mail("other"));
    assert.equal(await world.destinationOf(other), "stay");
    await waitFor(async () => (await world.bus.backlog(MAIL.name, "filter")).redelivered > 0, {
      describe: "the mail that sends came back",
    });
    assert.equal(world.decisionOn(waiting), undefined);
    outbox = await world.outbox();
    assert.equal(await world.destinationOf(waiting), "discard");
    assert.equal(submitted(waiting).length, 1);
  });

  it("runs the organisation's scripts before and after, while the implicit keep stands", async () => {
    const spam = { fields: ["X-Spam: yes"] };
    const [phish, flagged, junk, kept] = await receive(
      mail("phish", spam),
      mail("flagged"),
      mail("buy", spam),
      mail("mine", spam),
    );
    assert.equal(await world.destinationOf(phish), "Quarantine");
    assert.equal((await world.factOf(phish)).layer, "before");
    assert.equal(await world.destinationOf(flagged), "stay");
    const plan = world.decisionOn(flagged)?.plan.destination;
    assert.deepEqual(plan?.kind === "stay" ? plan.addFlags : null, ["$Org"]);
    assert.equal(await world.destinationOf(junk), "Spam");
    assert.equal((await world.factOf(junk)).layer, "after");
    assert.equal(await world.destinationOf(kept), "stay");
    assert.equal((await world.factOf(kept)).rule, "Kept");
  });

  it("sends nothing in mode observe, and says so", async () => {
    const [uid] = await world.receive("anna", [{ text: mail("send on") }], { mode: "observe" });
    assert.equal(await world.destinationOf(uid), "stay");
    assert.deepEqual(submitted(uid), []);
    assert.equal((await world.factOf(uid)).sendings?.[0]?.state, "not-carried-out");
  });
});
