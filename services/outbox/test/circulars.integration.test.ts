import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { circularChanged } from "@tamis/contracts";
import { type SunkMail, waitFor } from "@tamis/testkit";
import { CircularAsks, recipientsOf } from "./circular-asks.ts";
import { World } from "./world.ts";

const SETTINGS = `
  retry: { first_ms: 50, max_ms: 200 }
  sweep_ms: 100
  lease_ms: 20000
  circulars: { undo_ms: 0, connections: 4, per_domain_minute: { slow.example: 300 }, composed_bytes: 6000000 }
`;

const header = ({ raw }: SunkMail, name: string): string =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)\\r$`, "im").exec(raw.toString())?.[1] ?? "";

describe("circulars", { timeout: 170_000 }, () => {
  let world: World;
  let asks: CircularAsks;
  before(async () => {
    world = await World.open({ store: "postgres", outbox: SETTINGS });
    await world.start();
  });
  beforeEach(() => {
    world.begin();
    asks = new CircularAsks(world.bus, world.account);
  });
  after(() => world[Symbol.asyncDispose]());

  it("reach every recipient once, each with their own mail", async () => {
    const recipients = recipientsOf(60);
    const id = await asks.sent(recipients);
    const done = await asks.done(id);
    assert.deepEqual(done.counts, { accepted: 60 });
    assert.deepEqual(
      world.mails.map(({ to }) => to.join()).toSorted(),
      recipients.map(({ address }) => address).toSorted(),
    );
    const ids = new Set(world.mails.map((mail) => header(mail, "Message-ID")));
    assert.equal(ids.size, 60);
    assert.deepEqual(new Set((await asks.report(id)).map(({ messageId }) => messageId)), ids);
    const first = world.mails.find(({ to }) => to[0] === "agent-7@academie.example");
    assert.match(first?.raw.toString() ?? "", /Pr=C3=A9nom 7=/);
    assert.equal(first?.from, asks.address);
  });

  it("that are not tracked and say the same to all share transactions, and name nobody", async () => {
    const id = await asks.sent(recipientsOf(230), { tracked: false, text: "Bonjour à tous" });
    await asks.done(id);
    const sizes = world.mails.map(({ to }) => to.length);
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      230,
    );
    assert.ok(sizes.length <= 8, `${sizes}`);
    assert.ok(sizes.every((size) => size <= 100));
    for (const mail of world.mails) assert.ok(!mail.raw.toString().includes("agent-"));
  });

  it("are previewed, tested on somebody else, and counted before anything leaves", async () => {
    const id = await asks.drafted(recipientsOf(3));
    const { accountId } = { accountId: asks.account };
    const preview = await asks.expect("previewed", {
      op: "preview",
      accountId,
      id,
      address: "AGENT-2@academie.example",
    });
    assert.equal(preview.recipients, 3);
    assert.match(Buffer.from(preview.mail, "base64").toString(), /Pr=C3=A9nom 2=/);
    await asks.expect("circular", { op: "test", accountId, id, to: "chef@academie.example" });
    const [tested] = await world.received(1);
    assert.deepEqual(tested?.to, ["chef@academie.example"]);
    assert.match(tested?.raw.toString() ?? "", /Pr=C3=A9nom 0=/);
    assert.deepEqual((await asks.status(id)).counts, { scheduled: 3 });
    const missing = await asks.ask({ op: "preview", accountId, id, address: "nobody@academie.example" });
    assert.equal(missing.kind === "refused" && missing.code, "missing");
  });

  it("can be left by those who get them, where their owner wants that, and signed tokens say who", async () => {
    const unsubscribe = { url: "https://academie.example/u/{token}" };
    const text = '{{salut|"Bonjour"}} {{name}}';
    const id = await asks.sent(recipientsOf(2), { unsubscribe, listId: "agents.academie.example", text });
    assert.deepEqual((await asks.done(id)).counts, { accepted: 2 });
    const fields = world.mails.map((mail) => header(mail, "List-Unsubscribe"));
    assert.equal(new Set(fields).size, 2);
    for (const [index, { id: number }] of (await asks.report(id)).entries())
      assert.ok(
        fields.some((field) => field.includes(`k1-${number}-`)),
        `${index}: ${fields}`,
      );
    assert.match(world.mails[0]?.raw.toString() ?? "", /Bonjour/);
    const token = /\/u\/([^>]+)>/.exec(fields[0] ?? "")?.[1] ?? "";
    for (const brought of [`${token}0`, token]) await asks.expect("done", { op: "unsubscribe", token: brought });
    const next = await asks.drafted(recipientsOf(2), { listId: "Agents <AGENTS.academie.example>" });
    assert.deepEqual((await asks.status(next)).counts, { scheduled: 1, suppressed: 1 });
    const elsewhere = await asks.drafted(recipientsOf(2), { listId: "parents.academie.example" });
    assert.deepEqual((await asks.status(elsewhere)).counts, { scheduled: 2 });
  });

  it("are refused where they cannot be sent, with a reason", async () => {
    const stranger = await asks.create({ from: { address: "recteur@academie.example" } });
    assert.ok(stranger.kind === "refused" && stranger.code === "not-allowed", JSON.stringify(stranger));
    const broken = await asks.create({ text: "Bonjour {{prenom" });
    assert.ok(broken.kind === "refused" && broken.code === "bad-draft", JSON.stringify(broken));
    const empty = await asks.drafted([]);
    const when = { kind: "now" } as const;
    const nobody = await asks.ask({ op: "schedule", accountId: asks.account, id: empty, when });
    assert.ok(nobody.kind === "refused" && nobody.code === "no-recipients", JSON.stringify(nobody));
    const other = await asks.ask({ op: "status", accountId: "somebody else", id: empty });
    assert.ok(other.kind === "refused" && other.code === "missing", JSON.stringify(other));
  });

  it("leave at their instant, and not before", async (context) => {
    const id = await asks.drafted(recipientsOf(5));
    const wall = new Date(Date.now() + 4_000).toISOString().slice(0, 19);
    let first = Number.POSITIVE_INFINITY;
    world.sink.answer({
      sender: () => {
        first = Math.min(first, Date.now());
        return undefined;
      },
    });
    const when = { kind: "wall", wall, zone: "UTC" } as const;
    const scheduled = await asks.expect("scheduled", { op: "schedule", accountId: asks.account, id, when });
    assert.equal(scheduled.dueAt, Date.parse(`${wall}Z`));
    await asks.done(id);
    assert.ok(first >= scheduled.dueAt, `${first - scheduled.dueAt} ms`);
    context.diagnostic(`${first - scheduled.dueAt} ms late`);
  });

  it("leave on time, small ones, while a large one is leaving", async (context) => {
    const small: string[] = [];
    for (let n = 0; n < 20; n++) small.push(await asks.drafted(recipientsOf(2, `small-${n}.example`)));
    const large = await asks.sent(recipientsOf(3_000));
    const wall = new Date(Date.now() + 6_000).toISOString().slice(0, 19);
    const due = Date.parse(`${wall}Z`);
    const times = new Map<string, number>();
    world.sink.answer({
      recipient: (address) => {
        const domain = address.split("@")[1] ?? "";
        if (domain.startsWith("small-") && !times.has(domain)) times.set(domain, Date.now() - due);
        return undefined;
      },
    });
    const when = { kind: "wall", wall, zone: "UTC" } as const;
    for (const id of small) await asks.expect("scheduled", { op: "schedule", accountId: asks.account, id, when });
    await waitFor(() => times.size === 20, { timeoutMs: 60_000, describe: "all small ones" });
    const late = [...times.values()].toSorted((a, b) => a - b);
    const left = (await asks.change("cancel", large)).left ?? 0;
    // What is under way would be counted by the tests that follow.
    for (const id of small) await asks.done(id);
    await asks.until(large, "its end", ({ finishedAt }) => finishedAt !== null);
    context.diagnostic(`${late.at(0)} to ${late.at(-1)} ms late, after ${left} of the large one`);
    assert.ok((late.at(0) ?? -1) >= 0);
    // Far from the end of the large one, which they would be behind in a queue.
    assert.ok(left < 3_000, `${late}`);
  });

  it("pause, go on, and are cancelled, exactly", async () => {
    const held = Promise.withResolvers<undefined>();
    let asked = 0;
    world.sink.answer({ recipient: () => (++asked > 20 ? held.promise : undefined) });
    const id = await asks.sent(recipientsOf(80));
    // Four connections stand still before DATA: nothing of these has begun.
    await waitFor(() => asked >= 24);
    await waitFor(async () => (await asks.status(id)).counts.accepted === 20);
    await asks.change("pause", id);
    held.resolve(undefined);
    const paused = await asks.until(id, "all given back", ({ counts }) => counts.scheduled === 60);
    assert.deepEqual([paused.state, paused.counts], ["paused", { accepted: 20, scheduled: 60 }]);
    assert.equal(world.mails.length, 20);
    const again = Promise.withResolvers<undefined>();
    asked = 0;
    world.sink.answer({ recipient: () => (++asked > 10 ? again.promise : undefined) });
    await asks.change("resume", id);
    await waitFor(() => asked >= 14);
    await waitFor(async () => (await asks.status(id)).counts.accepted === 30);
    const cancelled = await asks.change("cancel", id);
    again.resolve(undefined);
    assert.equal(cancelled.left, 30);
    const ended = await asks.until(id, "the end", ({ finishedAt }) => finishedAt !== null);
    assert.deepEqual([ended.state, ended.counts], ["cancelled", { accepted: 30, cancelled: 50 }]);
    assert.equal(new Set(world.mails.map(({ to }) => to.join())).size, 30);
    assert.equal(world.mails.length, 30);
  });

  it("try again what is deferred, and give up what is refused", async () => {
    const seen = new Map<string, number>();
    world.sink.answer({
      recipient: (address) => {
        const times = (seen.get(address) ?? 0) + 1;
        seen.set(address, times);
        if (address.startsWith("agent-1@")) return "550 5.1.1 no such mailbox";
        return address.startsWith("agent-2@") && times < 3 ? "450 4.2.0 busy" : undefined;
      },
    });
    const id = await asks.sent(recipientsOf(4));
    assert.deepEqual((await asks.done(id)).counts, { accepted: 3, rejected: 1 });
    const report = await asks.report(id);
    const of = (address: string) => report.find((one) => one.address.startsWith(address));
    assert.equal(of("agent-1@")?.reply, "550 5.1.1 no such mailbox");
    assert.deepEqual([of("agent-2@")?.state, of("agent-2@")?.attempts], ["accepted", 3]);
  });

  it("that lost their answer are unknown, and sent again only at their owner's word, as the same mail", async () => {
    world.sink.answer({ data: ({ to }) => (to[0]?.startsWith("agent-0@") ? "keep-and-cut" : "accept") });
    const id = await asks.sent(recipientsOf(2));
    assert.deepEqual((await asks.done(id)).counts, { accepted: 1, unknown: 1 });
    const [unknown] = (await asks.report(id)).filter(({ state }) => state === "unknown");
    assert.ok(unknown);
    world.sink.answer({});
    await asks.expect("done", { op: "release", accountId: asks.account, id, recipient: unknown.id });
    assert.deepEqual((await asks.done(id)).counts, { accepted: 2 });
    const copies = world.mails.filter(({ to }) => to[0] === unknown.address);
    assert.deepEqual(
      copies.map((mail) => header(mail, "Message-ID")),
      [unknown.messageId, unknown.messageId],
    );
  });

  it("keep the rate of a domain without holding up the others", async () => {
    const id = await asks.sent([...recipientsOf(12, "slow.example"), ...recipientsOf(40, "quick.example")]);
    const began = Date.now();
    await asks.done(id);
    // 300 a minute: eleven distances of 200 ms.
    const took = Date.now() - began;
    assert.ok(took >= 2_000, `${took} ms`);
    const order = world.mails.map(({ to }) => to[0]?.split("@")[1]);
    assert.ok(order.lastIndexOf("quick.example") < order.lastIndexOf("slow.example"), order.join());
  });

  it("have no more long mails in memory than there is room for, and short ones go by", async () => {
    const held = Promise.withResolvers<undefined>();
    const asked = new Set<string>();
    world.sink.answer({
      recipient: (address) => {
        if (!address.endsWith("@long.example")) return undefined;
        asked.add(address);
        return held.promise;
      },
    });
    const files = [{ filename: "a.pdf", type: "application/pdf" }];
    // In base64 nearly 3 MB, of which there is room for two.
    const created = await asks.create({ attachments: files }, "long", [Buffer.alloc(2_100_000, "%PDF")]);
    const long = created.kind === "created" ? created.id : assert.fail(JSON.stringify(created));
    const { account: accountId } = asks;
    await asks.expect("added", { op: "add", accountId, id: long, recipients: recipientsOf(6, "long.example") });
    await asks.expect("scheduled", { op: "schedule", accountId, id: long, when: { kind: "now" } });
    await waitFor(() => asked.size === 2);
    // Two of four connections are free: others leave, and none of these.
    await asks.done(await asks.sent(recipientsOf(20)));
    assert.equal(asked.size, 2);
    held.resolve(undefined);
    assert.deepEqual((await asks.done(long)).counts, { accepted: 6 });
  });

  it("wait while the relay is away", async () => {
    await world.sink.down();
    const id = await asks.sent(recipientsOf(10));
    await asks.until(id, "its start", ({ state }) => state === "started");
    await world.sink.up();
    assert.deepEqual((await asks.done(id)).counts, { accepted: 10 });
    assert.equal(world.mails.length, 10);
  });

  it("are told of as facts", async () => {
    const id = await asks.sent(recipientsOf(2));
    await asks.done(id);
    const told = await waitFor(
      async () => {
        const states: string[] = [];
        for await (const { payload } of world.bus.readFacts(`event.*.${circularChanged.name}`)) {
          const fact = circularChanged.schema.parse(JSON.parse(Buffer.from(payload).toString()));
          if (fact.circularId === id) states.push(`${fact.state} ${fact.counts.accepted ?? 0}`);
        }
        return states.at(-1) === "done 2" ? states : null;
      },
      { timeoutMs: 20_000, intervalMs: 100, describe: "the fact of its end" },
    );
    assert.ok(told.length >= 1);
  });
});
