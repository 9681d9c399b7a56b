import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP, type MailboxAnswer } from "@tamis/contracts";
import { accountIdOf } from "@tamis/kit";
import { AccountRig } from "./account-rig.ts";
import { once, without } from "./fake-faults.ts";
import type { FakeImap } from "./fake-imap.ts";
import { discard, mail, moveTo, Pipeline } from "./pipeline.ts";

const keyword = "$NotSent";

/** A rig where one mail came and was discarded because a copy was to leave. */
async function discarded(options: Parameters<typeof AccountRig.atRest>[0] = {}): Promise<AccountRig> {
  const rig = await AccountRig.atRest(options);
  rig.decide = () => discard;
  rig.imap.arrive(mail("x", "a"));
  await rig.untilApplied(1);
  assert.deepEqual(rig.imap.places(), ["Trash: a"]);
  rig.decide = () => moveTo("Again");
  return rig;
}

/** `outbox` asks for the first mail that was published. */
async function putBack(rig: AccountRig, index = 0): Promise<MailboxAnswer> {
  const [batched] = rig.batches[index]?.mails ?? [];
  const { uidValidity, id } = rig.batches[index]?.head.folder ?? {};
  assert.ok(batched);
  const { uid, fingerprint, internalDate } = batched.meta;
  const mailId = `ada/${id}/${uidValidity}/${uid}`;
  return await rig.ask({ op: "put-back", accountId: "ada", mailId, fingerprint, internalDate, keyword });
}

/** It is in INBOX once, with the keyword, and is left alone there, whatever comes after it. */
async function expectBack(rig: AccountRig, answer: MailboxAnswer): Promise<void> {
  assert.equal(answer.kind, "done");
  const published = rig.published.length;
  rig.decide = () => KEEP;
  rig.imap.arrive(mail("y", "next"));
  await rig.until(() => rig.published.length > published, "the next mail");
  await rig.untilAtRest();
  assert.deepEqual(rig.imap.places(), ["INBOX: a", "INBOX: next"]);
  assert.deepEqual(rig.published.slice(published), ["next"]);
  const back = rig.imap.inbox.mails.filter(({ flags }) => flags.has(keyword));
  assert.deepEqual(
    back.map(({ uid }) => uid),
    [Number(answer.kind === "done" && answer.mailId?.split("/").at(-1))],
  );
}

describe("put-back: what was to leave did not", () => {
  for (const [how, options] of [
    ["with COPYUID", {}],
    ["without COPYUID", { prepare: ({ faults }: FakeImap) => void Object.assign(faults, { copyUid: "none" }) }],
    ["without MOVE", { capabilities: without("MOVE") }],
    ["with a folder of the settings", { config: { trash: "Trash" } }],
  ] as const)
    it(`from Trash to INBOX, once, however often it is asked, ${how}`, async () => {
      await using rig = await discarded(options);
      const answer = await putBack(rig);
      assert.deepEqual(await putBack(rig), answer);
      await expectBack(rig, answer);
    });

  it("still in INBOX, before its plan came: the plan finds it settled", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = () => discard;
    rig.withheld = [];
    rig.imap.arrive(mail("x", "a"));
    await rig.until(() => rig.withheld?.length === 1, "a plan");
    const answer = await putBack(rig);
    const [command] = rig.withheld.splice(0);
    assert.ok(command);
    await rig.deliver(command);
    rig.withheld = null;
    await expectBack(rig, answer);
  });

  it("PERMANENTFLAGS without \\*: back without the keyword", async () => {
    await using rig = await discarded({
      prepare: ({ faults }) => {
        faults.permanentFlags = "\\Seen \\Deleted";
      },
    });
    assert.equal((await putBack(rig)).kind, "done");
    assert.deepEqual([...(rig.imap.inbox.mails[0]?.flags ?? [])], []);
    assert.deepEqual(rig.imap.places(), ["INBOX: a"]);
  });

  for (const [where, take] of [
    ["expunged", (imap: FakeImap) => imap.expunge(imap.folder("Trash"), [1])],
    [
      "where its owner put it",
      (imap: FakeImap) => {
        imap.copy(imap.folder("Trash").mails, imap.addFolder("Mine"));
        imap.expunge(imap.folder("Trash"), [1]);
      },
    ],
    ["away with its folder", (imap: FakeImap) => imap.folders.delete("Trash")],
  ] as const)
    it(`gone: ${where}; nothing is hunted down`, async () => {
      await using rig = await discarded();
      take(rig.imap);
      const before = rig.imap.places();
      assert.deepEqual(await putBack(rig), { kind: "gone" });
      assert.deepEqual(rig.imap.places(), before);
    });

  it("another mail of the same day, and one that took its UID, are left where they are", async () => {
    await using rig = await discarded();
    rig.imap.folder("Trash").mails = [];
    rig.imap.folder("Trash").add(mail("x", "other"));
    assert.deepEqual(await putBack(rig), { kind: "gone" });
    assert.deepEqual(rig.imap.places(), ["Trash: other"]);
  });

  for (const verdict of ["cut", "act-then-cut"] as const)
    for (const verb of ["UID MOVE", "SELECT", "UID STORE", "UID SEARCH"])
      it(`the connection is lost at ${verb} (${verdict}), and asked again: one mail, settled`, async () => {
        await using rig = await discarded();
        rig.imap.faults.verdict = once(verb, verdict);
        assert.equal((await putBack(rig)).kind, "refused");
        await rig.untilAtRest();
        await expectBack(rig, await putBack(rig));
      });

  it("the holder dies between MOVE and its answer: the mail is known in INBOX, and nobody decides on it again", async () => {
    await using rig = await discarded();
    rig.imap.faults.verdict = once("UID MOVE", () => {
      rig.isHolder = false;
      return "act-then-cut";
    });
    assert.equal((await putBack(rig)).kind, "refused");
    rig.isHolder = true;
    rig.worker.renew(rig.lease(2));
    await rig.untilAtRest();
    await expectBack(rig, await putBack(rig));
  });

  it("a lease that ended moves nothing", async () => {
    await using rig = await discarded();
    rig.imap.faults.verdict = once("UID SEARCH", () => {
      rig.isHolder = false;
      return "pass";
    });
    assert.equal((await putBack(rig)).kind, "refused");
    assert.deepEqual(rig.imap.places(), ["Trash: a"]);
  });

  it("INBOX is renumbered while the mail comes back: it is known, and settled under its new UID", async () => {
    await using rig = await discarded();
    const { imap } = rig;
    imap.faults.verdict = once("UID MOVE", () => {
      imap.copy(imap.folder("Trash").mails, imap.inbox);
      imap.folder("Trash").mails = [];
      imap.inbox.renumber();
      return [`* OK [COPYUID ${imap.inbox.uidValidity - 1} 1 2] moved`, "TAG OK done"];
    });
    assert.equal((await putBack(rig)).kind, "refused");
    await rig.until(() => rig.facts.includes("mailbox-reset"), "the reset");
    await rig.untilAtRest();
    await expectBack(rig, await putBack(rig));
  });

  it("refused: a mailId of another folder, another account, or none", async () => {
    await using rig = await discarded();
    const ask = { op: "put-back", accountId: "ada", fingerprint: "0".repeat(16), internalDate: 0, keyword } as const;
    for (const mailId of ["", "ada/00000000/1000/1", `eve/${rig.batches[0]?.head.folder.id}/1000/1`])
      assert.equal((await rig.ask({ ...ask, mailId })).kind, "refused");
    assert.deepEqual(rig.imap.places(), ["Trash: a"]);
  });

  it("a server without MOVE and UIDPLUS moves nothing and says so", async () => {
    await using rig = await AccountRig.atRest({ capabilities: without("MOVE", "UIDPLUS") });
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    rig.imap.copy(rig.imap.inbox.mails, rig.imap.folder("Trash"));
    rig.imap.expunge(rig.imap.inbox, [1]);
    assert.equal((await putBack(rig)).kind, "refused");
    assert.deepEqual(rig.imap.places(), ["Trash: a"]);
  });
});

describe("put-back, of Dovecot", () => {
  it("brings a discarded mail back, with its keyword, and undo one that was moved", async () => {
    const ada = "ada@ac.test";
    const accountId = accountIdOf(ada);
    await using pipeline = await Pipeline.start();
    pipeline.decide = (subject) => (subject === "jeter" ? discard : moveTo("A"));
    await pipeline.filter();
    await pipeline.mailbox([ada]);
    await pipeline.untilContact(1);
    await pipeline.dovecot.deliver(ada, mail("jeter", "a"));
    await pipeline.dovecot.deliver(ada, mail("x", "b"));
    await pipeline.untilApplied(2);
    const ask = pipeline.asker(accountId);
    for (const { head, mails } of pipeline.batches) {
      for (const { meta } of mails) {
        const mailId = `${accountId}/${head.folder.id}/${head.folder.uidValidity}/${meta.uid}`;
        const { fingerprint, internalDate } = meta;
        const answer = await ask({ op: "put-back", accountId, mailId, fingerprint, internalDate, keyword });
        assert.equal(answer.kind, meta.uid === 1 ? "done" : "gone");
      }
    }
    const moved = pipeline.applied.find(({ folder }) => folder === "A");
    const undone = await ask({ op: "undo", accountId, folder: "A", newMailId: moved?.newMailId ?? "" });
    assert.equal(undone.kind, "done");
    await pipeline.dovecot.deliver(ada, mail("x", "c"));
    await pipeline.untilApplied(3);
    assert.deepEqual(
      (await pipeline.dovecot.listAll(ada)).map(({ folder, messageId, flags }) => [folder, messageId, ...flags]).sort(),
      [
        ["A", "<c@ac.test>"],
        ["INBOX", "<a@ac.test>", keyword],
        ["INBOX", "<b@ac.test>"],
      ],
    );
  });
});
