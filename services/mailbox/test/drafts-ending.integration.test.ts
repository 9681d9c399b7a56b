import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asksAbout, draftRig, HIDDEN, lying } from "./drafting.ts";
import { once } from "./fake-faults.ts";
import { mail } from "./pipeline.ts";

describe("what becomes of a draft", () => {
  async function hidden() {
    const { rig, ledger } = await draftRig();
    rig.imap.folder("Scheduled").add(mail("x", "a"), { flags: ["\\Draft"] });
    await rig.until(() => [...ledger.known.values()].join() === "scheduled", "it is scheduled");
    await rig.untilAtRest();
    return { rig, ledger, ...asksAbout(rig, ledger) };
  }

  for (const verdict of ["cut", "act-then-cut"] as const)
    for (const verb of ["SELECT", "UID SEARCH", "APPEND", "UID STORE", "UID EXPUNGE"])
      it(`sent, the connection is lost at ${verb} (${verdict}), asked again: one copy in Sent, and it is gone`, async () => {
        const { rig, sent } = await hidden();
        await using _ = rig;
        rig.imap.faults.verdict = once(verb, verdict);
        await rig.ask(sent);
        await rig.untilAtRest();
        const answer = await rig.ask(sent);
        assert.equal(answer.kind, "done");
        assert.deepEqual(lying(rig), ["Sent: tamis.draft.name.1 \\Seen"]);
      });

  it("sent, and to be sent again: a copy in Sent, and it stays", async () => {
    const { rig, again } = await hidden();
    await using _ = rig;
    rig.objects.set("sent-1", Buffer.from(mail("x", "tamis.until-reply.name.1")));
    for (let i = 0; i < 2; i++) assert.equal((await rig.ask(again)).kind, "done");
    assert.deepEqual(lying(rig), ["Sent: tamis.until-reply.name.1 \\Seen", `${HIDDEN}: a from:Scheduled \\Draft`]);
  });

  it("its octets are gone, or the server refuses the copy: it stays until the copy is there", async () => {
    const { rig, sent } = await hidden();
    await using _ = rig;
    assert.equal((await rig.ask({ ...sent, object: "none" })).kind, "refused");
    rig.imap.faults.verdict = once("APPEND", ["TAG NO [OVERQUOTA] full"]);
    assert.equal((await rig.ask(sent)).kind, "refused");
    assert.deepEqual(lying(rig), [`${HIDDEN}: a from:Scheduled \\Draft`]);
  });

  for (const verdict of ["cut", "act-then-cut"] as const)
    for (const verb of ["SELECT", "UID SEARCH", "APPEND", "UID STORE", "UID MOVE"])
      it(`given back, the connection is lost at ${verb} (${verdict}), asked again: it is in Drafts, once`, async () => {
        const { rig, back } = await hidden();
        await using _ = rig;
        const raw = mail("told", "told").replace("<told@", "<tamis.notice.1@");
        const ask = { ...back, notice: { messageId: "<tamis.notice.1@ac.test>", raw } };
        rig.imap.faults.verdict = once(verb, verdict);
        await rig.ask(ask);
        await rig.untilAtRest();
        assert.notEqual((await rig.ask(ask)).kind, "refused");
        await rig.untilAtRest();
        assert.deepEqual(lying(rig), ["Drafts: a from:Drafts $TamisNotScheduled \\Draft", "INBOX: tamis.notice.1"]);
        assert.deepEqual(rig.published, []);
      });

  it("the folder is another one between two looks: UIDs of before are not used in it", async () => {
    const { rig, sent } = await hidden();
    await using _ = rig;
    const folder = rig.imap.folder(HIDDEN);
    let selected = 0;
    rig.imap.faults.verdict = ({ verb, args }) => {
      if (verb !== "SELECT" || !args.includes(HIDDEN) || ++selected !== 2) return "pass";
      folder.add(mail("z", "other"));
      folder.mails.reverse();
      folder.renumber();
      return "pass";
    };
    assert.equal((await rig.ask(sent)).kind, "refused");
    assert.deepEqual(lying(rig).slice(1), [`${HIDDEN}: a from:Scheduled \\Draft`, `${HIDDEN}: other`]);
    await rig.untilAtRest();
    assert.equal((await rig.ask(sent)).kind, "done");
    assert.deepEqual(lying(rig), ["Sent: tamis.draft.name.1 \\Seen", `${HIDDEN}: other`]);
  });

  it("given back, it may be scheduled again: nothing of before stays on it", async () => {
    const { rig, ledger, back } = await hidden();
    await using _ = rig;
    assert.equal((await rig.ask(back)).kind, "done");
    assert.equal((await rig.ask(back)).kind, "gone");
    ledger.known.clear();
    const [draft] = rig.imap.folder("Drafts").mails;
    rig.imap.copy(draft === undefined ? [] : [draft], rig.imap.folder("Scheduled"));
    rig.imap.expunge(rig.imap.folder("Drafts"), [draft?.uid ?? 0]);
    await rig.until(() => [...ledger.known.values()].join() === "scheduled", "scheduled again");
    assert.deepEqual(lying(rig), [`${HIDDEN}: a from:Scheduled \\Draft`]);
  });

  it("its owner found it and took it: nothing is hunted down", async () => {
    const { rig, sent, back } = await hidden();
    await using _ = rig;
    rig.imap.expunge(rig.imap.folder(HIDDEN), [1]);
    assert.equal((await rig.ask(back)).kind, "gone");
    assert.equal((await rig.ask(sent)).kind, "done");
    assert.deepEqual(lying(rig), ["Sent: tamis.draft.name.1 \\Seen"]);
  });
});
