import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { outgoingObjects } from "@tamis/contracts";
import { waitFor } from "@tamis/testkit";
import { mail, sendingOf, World } from "./world.ts";

const states = (answer: Awaited<ReturnType<World["submit"]>>): unknown =>
  answer.kind === "committed"
    ? answer.sendings.map(({ state, reason }) => (reason === undefined ? state : `${state} ${reason}`))
    : answer;

for (const store of ["pglite", "postgres"] as const)
  describe(`outbox with ${store}`, { timeout: 150_000 }, () => {
    let world: World;
    before(async () => {
      world = await World.open({ store });
      await world.start();
      await world.playMailbox();
    });
    beforeEach(() => world.begin());
    after(() => world[Symbol.asyncDispose]());

    it("sends what was submitted, once, with its mark on top and its body untouched", async () => {
      const body = mail("Réunion", "DKIM-Signature: v=1\r\n");
      const both = await Promise.all([world.submit(1, [sendingOf()], [body]), world.submit(1, [sendingOf()], [body])]);
      assert.deepEqual(both.flatMap(states).toSorted(), ["known", "stored"]);
      await world.allIn("accepted", 1);
      assert.deepEqual(states(await world.submit(1, [sendingOf()], [body])), ["known"]);
      const [kept] = world.mails;
      assert.deepEqual([kept?.from, kept?.to], ["anna@example.org", ["target@example.com"]]);
      const raw = kept?.raw.toString("latin1") ?? "";
      assert.match(
        raw,
        /^X-Tamis-Redirected: v=1; account=anna-\d+;\r\n target=[0-9a-f]{32}; sig=[0-9a-f]{32}\r\nMessage-ID:/,
      );
      assert.ok(raw.endsWith(body.toString("latin1")));
      const [fact, ...more] = await world.factsWhen(1);
      assert.deepEqual([fact?.state, fact?.key, fact?.code, more.length], ["accepted", "redirect/1", 250, 0]);
      assert.equal(world.mails.length, 1);
    });

    it("takes bodies of 3 MB through the object bucket, and leaves nothing there", async () => {
      const body = mail("Photos", `X-Filler: ${randomBytes(1000).toString("hex")}\r\n`);
      const large = Buffer.concat([body, Buffer.from(`.${"x".repeat(900)}\r\n`.repeat(3_500))]);
      assert.deepEqual(states(await world.submit(1, [sendingOf()], [large])), ["stored"]);
      const [kept] = await world.received(1);
      assert.ok(kept?.raw.subarray(-large.length).equals(large));
      const { messages } = await world.bus.streamState(`OBJ_${outgoingObjects.name}`);
      assert.equal(messages, 1, "the mark of what was deleted");
    });

    it("tries again what was deferred, with the same Message-ID, and each recipient for itself", async () => {
      const tried = new Map<string, number>();
      world.sink.answer({
        recipient: (address) => {
          tried.set(address, (tried.get(address) ?? 0) + 1);
          if (address.startsWith("busy") && tried.get(address) === 1) return "450 4.2.1 busy";
          return address.startsWith("gone") ? "550 5.1.1 no such user" : undefined;
        },
      });
      await world.submit(1, [sendingOf({ to: ["busy@example.com", "gone@example.com", "here@example.com"] })]);
      await world.received(2);
      const listed = await waitFor(async () => {
        const found = await world.list();
        return found.every(({ state }) => state === "accepted" || state === "rejected") ? found : null;
      });
      assert.deepEqual(listed.map(({ to, state, attempts, reply }) => [to, state, attempts, reply]).toSorted(), [
        ["busy@example.com", "accepted", 2, "250 OK: message queued"],
        ["gone@example.com", "rejected", 1, "550 5.1.1 no such user"],
        ["here@example.com", "accepted", 1, "250 OK: message queued"],
      ]);
      assert.deepEqual(
        world.mails.map(({ to }) => to),
        [["here@example.com"], ["busy@example.com"]],
      );
      assert.ok(world.mails.every(({ raw }) => raw.includes("Message-ID: <m@example.org>")));
      const [fact] = await world.factsWhen(1);
      assert.deepEqual([fact?.state, fact?.code, fact?.status], ["rejected", 550, "5.1.1"]);
    });

    it("asks mailbox to put a mail back whose copy was refused, until it is answered", async () => {
      world.sink.answer({ data: () => "554 5.7.1 not wanted" });
      world.mailboxAnswers = (count) => (count === 1 ? "refused" : "done");
      await world.submit(1, [sendingOf({ cancelsKeep: true })]);
      await world.submit(2, [sendingOf({ cancelsKeep: false })]);
      await world.allIn("rejected", 2);
      await world.factsWhen(2);
      await waitFor(() => world.putBacks.length === 2, { timeoutMs: 30_000 });
      const { fingerprint, internalDate, keyword, mailId } = world.putBacks[1] ?? assert.fail("not asked again");
      assert.deepEqual(
        [fingerprint, internalDate, keyword, mailId],
        ["fingerprint-1", 1_700_000_000_000, "$TamisNotSent", `${world.account}/0123abcd/1/1`],
      );
      await world.submit(3, [sendingOf({ cancelsKeep: true })]);
      await waitFor(() => world.putBacks.length === 3, { timeoutMs: 10_000 });
      assert.equal(world.putBacks[2]?.fingerprint, "fingerprint-3", "what was answered is not asked again");
    });

    it("never sends again by itself what may have left", async () => {
      world.sink.answer({ data: () => "keep-and-cut" });
      await world.submit(1, [sendingOf({ cancelsKeep: true })]);
      const [listed] = await world.allIn("unknown", 1);
      await waitFor(() => world.putBacks.length === 1);
      assert.deepEqual(
        (await world.factsWhen(1)).map(({ state }) => state),
        ["unknown"],
      );
      world.sink.answer({});
      assert.deepEqual(
        await world.ask({ op: "release", accountId: "bob", id: listed?.id ?? "" }).then(({ kind }) => kind),
        "refused",
      );
      assert.equal(world.mails.length, 1);
      assert.deepEqual(await world.ask({ op: "release", accountId: world.account, id: listed?.id ?? "" }), {
        kind: "done",
        state: "scheduled",
      });
      await world.allIn("accepted", 1);
      assert.equal(world.mails.length, 2);
      assert.deepEqual(
        (await world.factsWhen(2)).map(({ state }) => state),
        ["unknown", "accepted"],
      );
    });

    it("sends again what certainly did not leave: the connection broke before the final dot", async () => {
      world.sink.answer({ sender: () => "421 4.3.2 leaving" });
      await world.submit(1, [sendingOf()]);
      // On a connection that was used before it is tried on another one at once, too.
      await waitFor(async () => ((await world.list())[0]?.attempts ?? 0) > 0);
      world.sink.answer({});
      const [listed] = await world.allIn("accepted", 1);
      assert.ok((listed?.attempts ?? 0) >= 2);
      assert.equal(world.mails.length, 1);
    });

    it("holds, releases and cancels at its owner's word, and says when it is too late", async () => {
      const asked = await world.submit(1, [
        sendingOf({ hold: true }),
        sendingOf({ key: "redirect/2", hold: true, cancelsKeep: true }),
      ]);
      assert.deepEqual(states(asked), ["held", "held"]);
      const [second, first] = await world.allIn("held", 2);
      const rule = (op: "release" | "cancel", id: string | undefined) =>
        world.ask({ op, accountId: world.account, id: id ?? "" });
      assert.deepEqual(await rule("release", first?.id), { kind: "done", state: "scheduled" });
      await world.received(1);
      assert.deepEqual(await rule("cancel", second?.id), { kind: "done", state: "cancelled" });
      await waitFor(() => world.putBacks.length === 1);
      await waitFor(async () => (await world.list()).some(({ state }) => state === "accepted"));
      const late = await rule("cancel", first?.id);
      assert.deepEqual(late.kind === "refused" && [late.code, late.reason], [
        "too-late",
        "it is too late: the sending has left, or is leaving right now",
      ]);
      for (const id of ["0", "999999", "99999999999", "x'; drop table sending"])
        assert.deepEqual((await rule("release", id)).kind, "refused");
      assert.equal(world.mails.length, 1);
    });

    it("waits for a relay that is down, and sends when it is back", async () => {
      await world.sink.down();
      for (let n = 1; n <= 10; n++) assert.deepEqual(states(await world.submit(n, [sendingOf()])), ["stored"]);
      await waitFor(async () => (await world.list()).some(({ reply }) => reply?.includes("ECONNREFUSED")));
      await world.sink.up();
      await world.allIn("accepted", 10);
      assert.equal(world.mails.length, 10);
    });

    it("counts recipients by state, as they are", async () => {
      await world.submit(1, [sendingOf({ hold: true })]);
      const counted = await world.counts();
      assert.equal(counted["held"], 1);
      const [listed] = await world.list();
      await world.ask({ op: "cancel", accountId: world.account, id: listed?.id ?? "" });
      const after = await world.counts();
      assert.deepEqual([after["held"], after["cancelled"]], [undefined, (counted["cancelled"] ?? 0) + 1]);
      assert.ok(Object.values(after).every((count) => count > 0));
    });
  });
