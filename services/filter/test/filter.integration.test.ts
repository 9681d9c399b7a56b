import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MAIL, partitionOf, subjects } from "@tamis/contracts";
import type { StartedService } from "@tamis/kit";
import { waitFor } from "@tamis/testkit";
import { World } from "./nats-world.ts";

const SCRIPT = `require ["fileinto", "mailbox", "body"];
# rule:[Lists]
if header :contains "subject" "[info]" { fileinto :create "Lists"; stop; }
# rule:[Old project]
if allof (header :contains "subject" "project", mailboxexists "Old") { fileinto "Old"; stop; }
# rule:[Needle]
if body :raw :contains "needle" { fileinto "Found"; }`;

describe("filter", { timeout: 120_000 }, () => {
  const world = new World();
  let filter: StartedService | undefined;

  before(async () => {
    await world.open();
    filter = await world.start();
    await world.attend("anna");
    await world.activate("anna", SCRIPT, "v1");
  });

  after(async () => {
    await filter?.stop();
    await world.close();
  });

  it("decides a batch, and tells which rule did it", async () => {
    const [list, other] = await world.receive("anna", [
      { text: "Subject: [info] strike\n\nx" },
      { text: "Subject: lunch\n\nx" },
    ]);
    assert.equal(await world.destinationOf(list), "Lists");
    assert.equal(await world.destinationOf(other), "stay");
    const fact = await world.factOf(list);
    assert.deepEqual([fact.rule, fact.line, fact.trace.map((step) => step.line)], ["Lists", 3, [3, 3, 3]]);
    await waitFor(async () => (await world.bus.backlog(MAIL.name, "filter")).ackPending === 0, {
      describe: "the batch acknowledged",
    });
    assert.equal((await world.bus.streamState(MAIL.name)).messages, 0);
  });

  it("asks the mailbox service for folders", async () => {
    const [uid] = await world.receive("anna", [{ text: "Subject: project x\n\nx" }]);
    assert.equal(await world.destinationOf(uid), "Old");
  });

  it("fetches the rest of a cut mail", async () => {
    const text = `Subject: long\r\n\r\n${"hay ".repeat(1000)}needle`;
    world.wholeMail = Buffer.from(text);
    const [uid] = await world.receive("anna", [{ text: "Subject: long\n\nhay ", size: text.length }]);
    assert.equal(await world.destinationOf(uid), "Found");
  });

  it("keeps the mail of an account without a script, and says nothing of a script", async () => {
    await world.attend("bruno");
    const [uid] = await world.receive("bruno", [{ text: "Subject: [info] x\n\nx" }]);
    assert.equal(await world.destinationOf(uid), "stay");
    await world.factOf(uid);
    assert.equal(world.facts.find((fact) => fact.accountId === "bruno")?.script, undefined);
  });

  it("takes up a changed script with the next mail", async () => {
    await world.activate("anna", 'require "fileinto"; fileinto "Everything";', "v2");
    await waitFor(async () => {
      const [uid] = await world.receive("anna", [{ text: "Subject: x\n\nx" }]);
      return (await world.destinationOf(uid)) === "Everything";
    });
    await world.activate("anna", SCRIPT, "v1");
  });

  it("keeps mail whose script does not compile, and tells the owner", async () => {
    await world.activate("carla", "fileinto;", "broken");
    await world.attend("carla");
    const [uid] = await world.receive("carla", [{ text: "Subject: x\n\nx" }], { mode: "observe" });
    assert.equal(await world.destinationOf(uid), "stay");
    assert.match((await world.factOf(uid)).error ?? "", /has errors/);
    assert.equal(world.commands.find((command) => command.accountId === "carla")?.mode, "observe");
  });

  it("decides after a kill of NATS what was published before it", async () => {
    world.mailboxAnswers = false;
    const before = world.asked.length;
    const [uid] = await world.receive("anna", [{ text: "Subject: project y\n\nx" }], { purpose: "sort", sortId: "s1" });
    await waitFor(() => world.asked.length > before, { describe: "the refused question" });
    await world.nats.kill();
    world.mailboxAnswers = true;
    await world.nats.restart();
    const decision = waitFor(() => world.commands.find((command) => command.decisions.some((one) => one.uid === uid)), {
      timeoutMs: 60_000,
    });
    assert.equal((await decision).sortId, "s1");
    assert.equal(await world.destinationOf(uid), "Old");
  });

  it("parks what is no batch, and goes on", async () => {
    const p = partitionOf("anna");
    await world.bus.publish({ subject: subjects.mailReceived(p), payload: Buffer.from("no batch"), id: "test/bad" });
    const [entry] = await waitFor(async () => {
      const list = await world.bus.parked.list();
      return list.length > 0 ? list : null;
    });
    assert.deepEqual([entry?.stream, entry?.durable, entry?.subject], ["MAIL", "filter", subjects.mailReceived(p)]);
    const [uid] = await world.receive("anna", [{ text: "Subject: [info] z\n\nx" }]);
    assert.equal(await world.destinationOf(uid), "Lists");
  });

  it("stops, and another one goes on where it was", async () => {
    await filter?.stop();
    const [uid] = await world.receive("anna", [{ text: "Subject: [info] late\n\nx" }]);
    filter = await world.start();
    assert.equal(await world.destinationOf(uid), "Lists");
  });
});
