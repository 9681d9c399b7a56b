import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { UNTIL_REPLY } from "@tamis/contracts";
import type { Store } from "@tamis/store";
import { stepAfter } from "../src/drafts/draft-keeper.ts";
import type { Tables } from "../src/tables/schema.ts";
import { dueAt, heldFrom, openDrafts } from "./drafts-bench.ts";
import { at, clear, DAY, HOUR, openTables, places } from "./ledger-bench.ts";

const messageIdIn = (mail: string | undefined): string => /^Message-ID: (.*)\r$/m.exec(mail ?? "")?.[1] ?? "";

for (const { name: place, settings } of places)
  describe(`drafts in ${place}`, { timeout: 120_000 }, () => {
    let store: Store<Tables>;
    before(async () => {
      store = await openTables(settings());
    });
    after(() => store.close());

    it("leave nothing before they are confirmed; then once, however often anything is repeated", async () => {
      await clear(store);
      const { drafts, draft, confirm, states, send, finish } = openDrafts(store);
      const offers = await Promise.all(Array.from({ length: 4 }, () => drafts.offer(draft("x"), at(0))));
      assert.deepEqual(offers, Array(4).fill("offered"));
      assert.deepEqual(await states(), []);
      const answers = await Promise.all(Array.from({ length: 4 }, () => confirm("x")));
      assert.deepEqual(answers, Array(4).fill("kept"));
      // Its owner drags it out of the hidden folder, and back.
      assert.equal(await drafts.offer(draft("x"), at(2)), "offered");
      assert.deepEqual(await states(), ["scheduled", "scheduled"]);
      assert.deepEqual(await send("accepted", at(HOUR - 1)), []);
      const [mail, ...more] = await send("accepted", at(HOUR));
      assert.equal(more.length, 0);
      assert.match(
        mail ?? "",
        /^Date: Wed, 15 Nov 2023 00:13:20 \+0100\r\nMessage-ID: <tamis\.draft\.[0-9a-f-]{36}\.1@mx\.example\.org>\r\nSubject: /,
      );
      assert.equal((await finish(at(HOUR))).messageId, messageIdIn(mail));
      assert.equal(await drafts.offer(draft("x"), at(HOUR + 1)), "sent");
      assert.equal(await confirm("x", at(HOUR + 1)), "unknown");
    });

    it("a copy of one that waits, its time in the past, and too many of them are no drafts", async () => {
      await clear(store);
      const { drafts, draft, confirm, schedule, states, accountId } = openDrafts(store);
      await schedule("x");
      assert.equal(await drafts.offer(draft("x", {}, { fingerprint: "other" }), at(1)), "elsewhere");
      assert.equal(await drafts.offer(draft("late"), at(0)), "offered");
      assert.equal(await confirm("late", at(2 * HOUR)), "late");
      assert.equal(await confirm("late", at(2 * HOUR)), "unknown");
      for (let n = 0; n < 19; n++) await schedule(`n${n}`);
      assert.equal(await drafts.offer(draft("one too many"), at(1)), "over-limit");
      assert.equal((await states()).length, 40);
      assert.deepEqual(await drafts.known(accountId, draft("x").sha256), {
        fingerprint: "print-x",
        state: "scheduled",
      });
    });

    it("copies that were offered side by side leave once, and it is known why the other does not", async () => {
      await clear(store);
      const { drafts, draft, send, finish, states, accountId } = openDrafts(store);
      for (const fingerprint of ["print-x", "print-y", "print-z"])
        assert.equal(await drafts.offer(draft("x", {}, { fingerprint }), at(0)), "offered");
      const confirmed = await drafts.confirm(accountId, ["print-x", "print-y"], at(1));
      assert.deepEqual(
        confirmed.map(({ state }) => state),
        ["kept", "elsewhere"],
      );
      assert.deepEqual(await states(), ["scheduled", "scheduled"]);
      await send("accepted", at(HOUR));
      await finish(at(HOUR));
      const [late, again] = await drafts.confirm(accountId, ["print-z", "print-y"], at(HOUR + 1));
      assert.deepEqual([late?.state, again?.state], ["sent", "unknown"]);
      assert.deepEqual(await send("accepted", at(2 * HOUR)), []);
    });

    it("one that mailbox could not tell from another that waits is not taken, until that has left", async () => {
      await clear(store);
      const { drafts, draft, confirm, send, finish, states } = openDrafts(store);
      const twin = () => draft("y", {}, { fingerprint: "print-x" });
      assert.equal(await drafts.offer(draft("x"), at(0)), "offered");
      assert.equal(await drafts.offer(twin(), at(0)), "twin");
      assert.equal(await confirm("x"), "kept");
      assert.equal(await drafts.offer(twin(), at(2)), "twin");
      await send("accepted", at(HOUR));
      await finish(at(HOUR));
      assert.equal(await drafts.offer(twin(), at(HOUR)), "offered");
      assert.equal(await confirm("x", at(HOUR)), "kept");
      assert.deepEqual(await states(), ["accepted", "accepted", "scheduled", "scheduled"]);
    });

    it("their sendings are kept for as long as an owner's mailbox has not heard of them", async () => {
      await clear(store);
      const { schedule, send, due, keeping, upkeep, telling } = openDrafts(store);
      await schedule("x");
      await send("accepted", at(HOUR));
      for (const { id, word } of await telling.take(10, at(HOUR), at(2 * HOUR))) await telling.told(id, word);
      const drop = (time: Date) => upkeep.drop(time, { bodiesMs: DAY, sendingsMs: 30 * DAY });
      assert.equal((await drop(at(90 * DAY))).sendings, 0);
      const one = await due(at(90 * DAY));
      assert.equal(one.word, "accepted");
      const last = { ...stepAfter(one, "accepted", at(90 * DAY)), next: null };
      assert.equal(await keeping.finish(one.draft, last, at(90 * DAY), heldFrom(at(90 * DAY))), true);
      assert.equal((await drop(at(90 * DAY))).sendings, 1);
    });

    it("come again and again, each time as another mail, until the rule ends", async () => {
      await clear(store);
      const { schedule, send, finish, keeping, states } = openDrafts(store);
      const until = at(HOUR + 2 * DAY).toISOString();
      await schedule("x", { recurrence: `daily until ${until}` });
      const ids: string[] = [];
      for (let day = 0; day < 3; day++) {
        const time = at(HOUR + day * DAY);
        const mails = await send(day === 1 ? "rejected" : "accepted", time);
        assert.equal(mails.length, 1);
        ids.push(messageIdIn(mails[0]));
        await finish(time);
        // Whoever finishes it once more changes nothing.
        assert.equal((await keeping.take(1, time, time)).length, 0);
      }
      assert.equal(new Set(ids).size, 3);
      assert.deepEqual(await send("accepted", at(9 * DAY)), []);
      assert.deepEqual(await states(), ["accepted", "accepted", "rejected", "rejected", "accepted", "accepted"]);
    });

    it("taken, one is nobody else's while it is kept so; what its owner did meanwhile counts", async () => {
      await clear(store);
      const { schedule, keeping, owners, accountId } = openDrafts(store);
      await schedule("x");
      const countAt = async (ms: number) => (await keeping.take(10, at(ms), at(ms + 10))).length;
      const [{ draft } = assert.fail()] = await keeping.take(10, at(HOUR), at(HOUR + 10));
      await keeping.keep([draft.id], at(HOUR + 10), at(HOUR + 20));
      // Whoever does not hold it any more.
      await keeping.keep([draft.id], at(HOUR + 10), at(HOUR + 90));
      assert.equal((await keeping.take(10, at(HOUR + 20), at(HOUR + 30), [draft.id])).length, 0, "it has it in hand");
      assert.deepEqual([await countAt(HOUR + 15), await countAt(HOUR + 20)], [0, 1]);
      const [line] = await owners.list(accountId, null, 10);
      assert.equal(await owners.cancel(accountId, line?.id ?? "", at(HOUR + 25)), "cancelled");
      await keeping.keep([draft.id], at(HOUR + 30), at(HOUR + 90));
      await keeping.lookAt(draft.id, at(HOUR + 30), at(HOUR + 90));
      assert.equal(await countAt(HOUR + 25), 1);
    });

    it("who has lost one to another instance changes nothing of what that one did", async () => {
      await clear(store);
      const { schedule, send, keeping, finish } = openDrafts(store);
      await schedule("x", { recurrence: "daily" });
      await send("accepted", at(HOUR));
      const [lost = assert.fail()] = await keeping.take(1, at(HOUR), at(HOUR + 10));
      await finish(at(HOUR + 10));
      await keeping.later(lost.draft.id, at(HOUR + 10), at(HOUR + 11));
      await keeping.lookAt(lost.draft.id, at(HOUR + 10), at(HOUR + 11));
      assert.equal(
        await keeping.finish(lost.draft, stepAfter(lost, "accepted", at(HOUR)), at(HOUR), at(HOUR + 10)),
        true,
      );
      assert.deepEqual(await keeping.take(1, at(HOUR + DAY - 1), at(2 * DAY)), []);
      assert.equal((await keeping.take(1, at(HOUR + DAY), at(2 * DAY))).length, 1);
    });

    it("what its owner has stopped while it was scheduled anew is stopped", async () => {
      await clear(store);
      const { schedule, send, keeping, owners, accountId, due } = openDrafts(store);
      await schedule("x", { recurrence: "daily" });
      await send("unknown", at(HOUR));
      const one = await due(at(HOUR));
      const [line] = await owners.list(accountId, null, 10);
      assert.equal(await owners.cancel(accountId, line?.id ?? "", at(HOUR + 1)), "cancelled");
      const goesOn = stepAfter(one, "unknown", at(HOUR + 2));
      assert.ok(goesOn.next !== null);
      assert.equal(await keeping.finish(one.draft, goesOn, at(HOUR + 2), heldFrom(at(HOUR))), true);
      const again = await due(at(HOUR + 2));
      assert.equal(stepAfter(again, again.word ?? "unknown", at(HOUR + 3)).next, null);
    });

    it("what its owner has sent again while it is given back is looked at when it is back", async () => {
      await clear(store);
      const { schedule, send, keeping, owners, accountId, due } = openDrafts(store);
      await schedule("x");
      await send("unknown", at(HOUR));
      const one = await due(at(HOUR));
      const [line] = await owners.list(accountId, null, 10);
      assert.equal(await owners.release(accountId, line?.id ?? "", at(HOUR + 1)), "scheduled");
      await keeping.finish(one.draft, stepAfter(one, "unknown", at(HOUR)), at(HOUR + 2), heldFrom(at(HOUR)));
      assert.equal((await due(at(HOUR + 2))).draft.state, "ended");
    });

    it("cancelling one recipient gives the whole draft back; it may be scheduled again", async () => {
      await clear(store);
      const { schedule, owners, accountId, states, finish, due } = openDrafts(store);
      await schedule("x", { recurrence: "daily" });
      const [line] = await owners.list(accountId, null, 10);
      assert.equal(await owners.cancel(accountId, line?.id ?? "", at(2)), "cancelled");
      assert.deepEqual(await states(), ["cancelled", "cancelled"]);
      const { draft } = await finish(at(2));
      assert.equal(draft.recurrence, "daily");
      await schedule("x");
      assert.deepEqual(await states(), ["cancelled", "cancelled", "scheduled", "scheduled"]);
      assert.equal((await due(at(HOUR))).word, null);
    });

    it("an answer ends what is sent until one comes, also after the next is scheduled", async () => {
      await clear(store);
      const { schedule, send, finish, drafts, accountId, states } = openDrafts(store);
      await schedule("x", { recurrence: "daily", endsOnReply: true });
      const [mail] = await send("accepted", at(HOUR));
      const answered = messageIdIn(mail);
      assert.ok(answered.startsWith(UNTIL_REPLY));
      await finish(at(HOUR));
      const reply = (account: string, messageId: string, ...from: readonly string[]) =>
        drafts.replied(account, { messageIds: [messageId], from }, at(2 * HOUR));
      assert.equal(await reply("somebody", answered, "bob@example.com"), 0);
      assert.equal(await reply(accountId, `${UNTIL_REPLY}guessed.1@mx.example.org>`, "bob@example.com"), 0);
      for (const own of ["Anna@Example.org", "direction@example.org"])
        assert.equal(await reply(accountId, answered, own), 0, own);
      assert.equal(await reply(accountId, answered, "direction@example.org", "bob@example.com"), 1);
      assert.equal(await reply(accountId, answered, "bob@example.com"), 0);
      assert.deepEqual(await states(), ["accepted", "accepted", "cancelled", "cancelled"]);
      const { draft } = await finish(at(2 * HOUR));
      assert.ok(draft.replied_at !== null);
      assert.deepEqual(await send("accepted", at(9 * DAY)), []);
    });

    it("an answer from another address than the mail went to ends it, and one of its owner's where that is a recipient", async () => {
      await clear(store);
      const { drafts, schedule, send, accountId } = openDrafts(store);
      const asking = { recurrence: "daily", endsOnReply: true };
      await schedule("x", asking);
      await schedule("y", { ...asking, to: ["direction@example.org"] });
      const ids = (await send("accepted", at(HOUR))).map(messageIdIn);
      const replied = (from: readonly string[]) => drafts.replied(accountId, { messageIds: ids, from }, at(2 * HOUR));
      assert.equal(await replied(["direction@example.org"]), 1);
      assert.equal(await replied(["bob.martin@elsewhere.example"]), 1);
      assert.equal(await replied([]), 0);
    });

    it("what nobody knows of, sent again at its owner's word, is looked at once more", async () => {
      await clear(store);
      const { schedule, send, finish, owners, accountId } = openDrafts(store);
      await schedule("x", { to: ["bob@example.com"] });
      await send("unknown", at(HOUR));
      assert.deepEqual(stepAfter(await finish(at(HOUR)), "unknown", at(HOUR)), {
        word: "unknown",
        next: null,
        outcome: "back",
      });
      const [line] = await owners.list(accountId, null, 10);
      assert.equal(await owners.release(accountId, line?.id ?? "", at(2 * HOUR)), "scheduled");
      await send("accepted", at(2 * HOUR));
      const again = await finish(at(2 * HOUR));
      assert.deepEqual([again.word, again.draft.state, again.states.has("accepted")], ["accepted", "ended", true]);
    });

    it("wall times are made instants again by the rules of today", async () => {
      await clear(store);
      const { schedule, keeping, send, owners, accountId } = openDrafts(store);
      const due = dueAt(at(DAY));
      // What the rules of its day said.
      await schedule("x", { due: { ...due, at: at(DAY - HOUR) }, to: ["bob@example.com"] });
      assert.equal(await keeping.retime(at(2)), 1);
      assert.equal(await keeping.retime(at(2)), 0);
      assert.equal((await owners.list(accountId, null, 1))[0]?.nextAt, at(DAY).getTime());
      const [mail] = await send("accepted", at(DAY));
      assert.match(mail ?? "", /^Date: Wed, 15 Nov 2023 23:13:20 \+0100\r\nMessage-ID: /);
    });

    it("those never confirmed, and those that ended long ago, are forgotten", async () => {
      await clear(store);
      const { schedule, drafts, draft, keeping, send, finish, accountId } = openDrafts(store);
      await schedule("sent");
      await drafts.offer(draft("offered"), at(0));
      await schedule("waits", { due: dueAt(at(300 * DAY)) });
      await send("accepted", at(HOUR));
      await finish(at(HOUR));
      assert.equal(await keeping.drop(at(-1), at(-1)), 0);
      assert.ok((await keeping.drop(at(DAY), at(DAY))) >= 2);
      assert.equal(await drafts.known(accountId, draft("sent").sha256), null);
      assert.ok((await drafts.known(accountId, draft("waits").sha256)) !== null);
    });
  });
