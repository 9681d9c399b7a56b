import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { outgoingObjects } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { mail, sendingOf, World } from "./world.ts";

const reply = sendingOf({
  key: "vacation",
  kind: "vacation",
  to: ["parent@example.net"],
  messageId: "<tamis.vacation.1@example.org>",
  fcc: { mailbox: "Sent", create: true, specialUse: "\\Sent", flags: ["\\Seen"] },
});

describe("copies of what was sent (RFC 8580)", { timeout: 150_000 }, () => {
  let world: World;
  before(async () => {
    world = await World.open({ store: "postgres" });
    await world.playMailbox();
    await world.start();
  });
  beforeEach(() => world.begin());
  after(() => world[Symbol.asyncDispose]());

  const told = async (count: number) =>
    waitFor(
      async () => {
        const facts = await world.copyFacts();
        return facts.length >= count ? facts : null;
      },
      { timeoutMs: 20_000, intervalMs: 100, describe: `${count} facts about copies` },
    );

  it("are handed to mailbox once what is sent is committed, once, and told", async () => {
    const body = mail("Re: x");
    await world.submit(1, [reply], [body]);
    await world.submit(1, [reply], [body]);
    const [fact] = await told(1);
    assert.deepEqual([fact?.result, fact?.key, fact?.mailbox], ["filed", "vacation", "Sent"]);
    await world.allIn("accepted", 1);
    assert.equal(world.copies.length, 1);
    const [{ ask, raw } = assert.fail()] = world.copies;
    assert.ok(raw.equals(body));
    const { accountId, date, object, ...rest } = ask;
    assert.deepEqual(rest, {
      op: "file-copy",
      mailbox: "Sent",
      create: true,
      specialUse: "\\Sent",
      flags: ["\\Seen"],
      messageId: "<tamis.vacation.1@example.org>",
    });
    assert.equal(await (await world.bus.objects(outgoingObjects)).get(object), null);
  });

  it("are none of what is refused or waits for its owner", async () => {
    const held = { ...reply, key: "held", hold: true };
    const refused = { ...reply, key: "refused", to: ["not an address"] };
    await world.submit(1, [held, refused, { ...reply, key: "plain" }]);
    await told(1);
    assert.deepEqual(
      (await world.copyFacts()).map(({ key }) => key),
      ["plain"],
    );
  });

  it("are asked for until mailbox has stored them; a folder that is not there is the end of it", async () => {
    world.mailboxAnswers = (count) => (count < 2 ? "refused" : "gone");
    await world.submit(1, [reply]);
    const [fact] = await told(1);
    assert.equal(fact?.result, "no-mailbox");
    assert.equal(world.copies.length, 2);
  });

  it("outlive a kill in the middle of a question: filed within seconds by who comes next", async () => {
    await world.stopServices();
    const late = Promise.withResolvers<"done">();
    world.mailboxAnswers = () => late.promise;
    const first = await world.spawn();
    await world.submit(1, [reply]);
    await waitFor(() => world.copies.length > 0);
    first.kill("SIGKILL");
    await first.ended();
    late.resolve("done");
    const next = await world.spawn();
    const facts = await told(1);
    assert.deepEqual(
      facts.map(({ result }) => result),
      ["filed"],
    );
    next.kill("SIGTERM");
    await next.ended();
  });
});
