import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { folderIdOf, KEEP, type MailboxAnswer, type Plan } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { inHalves, once } from "./fake-faults.ts";
import type { FakeImap } from "./fake-imap.ts";
import { discard, mail, moveTo } from "./pipeline.ts";

const DAY_MS = 86_400_000;
const flagAndMove: Plan = {
  copies: [],
  destination: { kind: "folder", mailbox: "B", create: true, addFlags: ["\\Flagged"], removeFlags: [] },
};

/** An account with the mails `a` and `b` in its folder A. */
async function withStored(prepare: (imap: FakeImap) => void = () => undefined): Promise<AccountRig> {
  const rig = await AccountRig.atRest({
    prepare: (imap) => {
      const folder = imap.addFolder("A");
      for (const id of ["a", "b"]) folder.add(mail("x", id), { internalDate: Date.now() - DAY_MS });
      prepare(imap);
    },
  });
  rig.decide = () => moveTo("B");
  return rig;
}

const begin = (rig: AccountRig, folders: readonly string[] = ["A"]): Promise<MailboxAnswer> =>
  rig.ask({
    op: "run-rules",
    accountId: "ada",
    runId: "r1",
    purpose: "apply",
    reads: "header",
    last: 100,
    folders: [...folders],
  });

/** Everything was told, and the account goes on with its INBOX. */
async function expectPlaces(rig: AccountRig, places: readonly string[]): Promise<void> {
  await rig.untilAtRest();
  assert.deepEqual(rig.imap.places(), places);
  const published = rig.published.length;
  rig.decide = () => KEEP;
  rig.imap.arrive(mail("y", "next"));
  await rig.until(() => rig.published.length > published, "the next mail");
  assert.deepEqual(rig.published.slice(published), ["next"]);
}

const newNames = (rig: AccountRig): readonly (string | undefined)[] =>
  rig.applied.map(({ newMailId }) => newMailId?.split("/").at(-1)).sort();

describe("rules on stored mail, when something breaks", () => {
  for (const verb of ["UID MOVE", "UID STORE", "CREATE"])
    for (const verdict of ["cut", "act-then-cut"] as const)
      it(`${verb}, ${verdict}: each mail is moved once, and told of with its new name`, async () => {
        await using rig = await withStored();
        rig.decide = () => flagAndMove;
        rig.imap.faults.verdict = once(verb, verdict);
        await begin(rig);
        await rig.untilApplied(2);
        assert.deepEqual(rig.results, ["moved B", "moved B"]);
        assert.deepEqual(newNames(rig), ["1", "2"]);
        await expectPlaces(rig, ["B: a", "B: b"]);
        assert.deepEqual(
          rig.imap.folder("B").mails.map(({ flags }) => [...flags]),
          [["\\Flagged"], ["\\Flagged"]],
        );
      });

  it("the connection is cut when INBOX is selected again: what was moved is told", async () => {
    await using rig = await withStored();
    await begin(rig);
    rig.imap.faults.verdict = once("UID MOVE", () => {
      rig.imap.faults.verdict = once("SELECT", "cut");
      return "pass";
    });
    await rig.untilApplied(2);
    assert.deepEqual(rig.results, ["moved B", "moved B"]);
    await expectPlaces(rig, ["B: a", "B: b"]);
  });

  it("NATS is away when it is told: told later, once moved", async () => {
    await using rig = await withStored();
    let failures = 2;
    rig.onFact = (name) => {
      if (name === "mail-applied" && failures-- > 0)
        throw new RetryLater("NATS is away", { afterMs: 10, code: "unreachable" });
    };
    await begin(rig);
    await rig.untilApplied(2);
    assert.deepEqual(rig.results, ["moved B", "moved B"]);
    await expectPlaces(rig, ["B: a", "B: b"]);
  });

  it("NATS is full in the middle of a run: every mail is published in the end", async () => {
    await using rig = await withStored((imap) => {
      for (let i = 0; i < 150; i++) imap.folder("A").add(mail("x", `m${i}`), { internalDate: Date.now() - DAY_MS });
    });
    let calls = 0;
    rig.onPublish = () => {
      calls += 1;
      if (calls === 2) throw new RetryLater("the stream is full", { afterMs: 10, code: "full" });
    };
    assert.deepEqual(await begin(rig), { kind: "done", mails: 100 });
    await rig.until(() => new Set(rig.applied.map(({ mailId }) => mailId)).size === 100, "100 mails");
    assert.equal(rig.imap.folder("B").mails.length, 100);
    await rig.untilAtRest();
  });

  it("over quota: nothing moves, and the mail looks as before", async () => {
    await using rig = await withStored();
    rig.decide = () => flagAndMove;
    rig.imap.faults.verdict = once("UID MOVE", ["TAG NO [OVERQUOTA] no room"]);
    await begin(rig);
    await rig.untilApplied(2);
    assert.deepEqual(rig.results, ["failed A over-quota", "failed A over-quota"]);
    await expectPlaces(rig, ["A: a", "A: b"]);
    assert.deepEqual(
      rig.imap.folder("A").mails.map(({ flags }) => flags.size),
      [0, 0],
    );
  });

  it("moved into INBOX and the answer lost: no new mail", async () => {
    await using rig = await withStored();
    rig.decide = () => moveTo("INBOX");
    rig.imap.faults.verdict = once("UID MOVE", "act-then-cut");
    await begin(rig);
    await rig.untilApplied(2);
    assert.deepEqual(rig.results, ["moved INBOX", "moved INBOX"]);
    await expectPlaces(rig, ["INBOX: a", "INBOX: b"]);
  });

  it("moved in halves: the other half is done", async () => {
    await using rig = await withStored();
    rig.decide = () => moveTo("INBOX");
    rig.imap.faults.verdict = inHalves(rig.imap, "A");
    await begin(rig);
    await rig.untilApplied(2);
    assert.deepEqual(rig.results, ["moved INBOX", "moved INBOX"]);
    await expectPlaces(rig, ["INBOX: a", "INBOX: b"]);
  });

  it("a lease that ended moves nothing; the next holder does it", async () => {
    await using rig = await withStored();
    rig.withheld = [];
    await begin(rig);
    await rig.until(() => rig.withheld?.length === 1, "the command");
    const [command] = rig.withheld;
    assert.ok(command);
    rig.withheld = null;
    rig.isHolder = false;
    await assert.rejects(rig.worker.apply(command), RetryLater);
    assert.equal(rig.imap.count("UID MOVE"), 0);
    rig.isHolder = true;
    rig.worker.renew(rig.lease(2));
    await rig.deliver(command, true);
    assert.deepEqual(rig.results, ["moved B", "moved B"]);
    await expectPlaces(rig, ["B: a", "B: b"]);
  });

  it("mail that its owner took away between is gone, before it is published and after", async () => {
    await using rig = await withStored();
    rig.withheld = [];
    rig.imap.faults.verdict = ({ verb, args }) => {
      if (verb === "UID FETCH" && /BODY/.test(args)) rig.imap.folder("A").remove(new Set([1]));
      return "pass";
    };
    assert.deepEqual(await begin(rig), { kind: "done", mails: 2 });
    await rig.until(() => rig.withheld?.length === 1, "the command");
    assert.deepEqual(rig.results, ["gone"]);
    const [command] = rig.withheld;
    rig.imap.folder("A").remove(new Set([2]));
    if (command !== undefined) await rig.deliver(command);
    assert.deepEqual(rig.results, ["gone", "gone"]);
    rig.withheld = null;
    await expectPlaces(rig, []);
  });

  it("the folder is deleted between: failed, and said so", async () => {
    await using rig = await withStored();
    rig.withheld = [];
    await begin(rig);
    await rig.until(() => rig.withheld?.length === 1, "the command");
    rig.imap.folders.delete("A");
    const [command] = rig.withheld;
    if (command !== undefined) await rig.deliver(command);
    assert.deepEqual(rig.results, ["failed A no-such-folder", "failed A no-such-folder"]);
    rig.withheld = null;
    await expectPlaces(rig, []);
  });

  it("a parked account: told as failed, and not tried when it is back", async () => {
    await using rig = await withStored();
    rig.withheld = [];
    await begin(rig);
    await rig.until(() => rig.withheld?.length === 1, "the command");
    rig.imap.faults.refuse = () => "NO [AUTHENTICATIONFAILED] no";
    for (const session of rig.imap.sessions) session.cut();
    await rig.until(() => rig.state === "parked", "parked");
    const [command] = rig.withheld;
    if (command !== undefined) await rig.deliver(command);
    assert.deepEqual(rig.results, ["failed A account-away", "failed A account-away"]);
    rig.withheld = null;
    rig.imap.faults.refuse = () => null;
    rig.update();
    await expectPlaces(rig, ["A: a", "A: b"]);
  });

  for (const verdict of ["cut", "act-then-cut"] as const)
    it(`take-back, ${verdict} at the move: asked again, every mail is back once`, async () => {
      await using rig = await withStored();
      rig.decide = () => discard;
      await begin(rig);
      await rig.untilApplied(2);
      assert.deepEqual(rig.imap.places(), ["Trash: a", "Trash: b"]);
      const prints = new Map(
        rig.batches.flatMap(({ head, mails }) =>
          mails.map(({ meta }) => [`ada/${head.folder.id}/${head.folder.uidValidity}/${meta.uid}`, meta.fingerprint]),
        ),
      );
      const mails = rig.applied.map(({ mailId, newMailId = "" }) => ({
        mailId: newMailId,
        fingerprint: prints.get(mailId) ?? "",
        to: "A",
        addFlags: [],
        removeFlags: [],
      }));
      assert.ok(mails.every(({ mailId }) => mailId.startsWith(`ada/${folderIdOf("Trash")}/`)));
      const takeBack = (): Promise<MailboxAnswer> =>
        rig.ask({ op: "take-back", accountId: "ada", runId: "r1", folder: "Trash", mails });
      rig.imap.faults.verdict = once("UID MOVE", verdict);
      assert.equal((await takeBack()).kind, "refused");
      await rig.untilAtRest();
      const answer = await takeBack();
      assert.deepEqual(answer.kind === "taken-back" && answer.mails.map(({ result }) => result), ["moved", "moved"]);
      await expectPlaces(rig, ["A: a", "A: b"]);
    });
});

describe("which folders rules on stored mail go over", () => {
  const ANSWERS = [
    {
      name: "other people's and shared ones are left out",
      namespace: ['* NAMESPACE (("" "/")) (("Others/" "/")("~" "/")) (("Partag&AOk-/" "/"))', "TAG OK done"],
      want: ["A", "INBOX"],
    },
    {
      name: "an empty prefix is every folder, and says nothing",
      namespace: ['* NAMESPACE (("" "/")) (("" "/")) NIL', "TAG OK done"],
      want: ["A", "INBOX", "Others/a", "Partagé/b"],
    },
    {
      name: "a server that refuses to say",
      namespace: ["TAG NO not now"],
      want: ["A", "INBOX", "Others/a", "Partagé/b"],
    },
  ] as const;
  for (const { name, namespace, want } of ANSWERS)
    it(name, async () => {
      await using rig = await AccountRig.atRest({
        prepare: (imap) => {
          for (const folder of ["A", "Others/a", "Partag&AOk-/b", "Closed"])
            imap.addFolder(folder).add(mail("x", folder));
          for (const use of ["\\Sent", "\\Junk", "\\Drafts", "\\All"])
            imap.addFolder(use.slice(1), [use]).add(mail("x", use.slice(1)));
          imap.folder("Trash").add(mail("x", "trash"));
          imap.inbox.add(mail("x", "inbox"));
        },
      });
      rig.imap.faults.verdict = ({ verb, args }) => {
        if (verb === "NAMESPACE") return namespace;
        // One that may be listed and not read.
        return args === '"Closed"' ? ["TAG NO [NOPERM] not yours"] : "pass";
      };
      const answer = await rig.ask({
        op: "run-rules",
        accountId: "ada",
        runId: "r1",
        purpose: "preview",
        reads: "header",
        last: 100,
      });
      assert.deepEqual(answer, { kind: "done", mails: want.length });
      await rig.until(() => rig.published.length === want.length, "the mails");
      assert.deepEqual(rig.batches.map(({ head }) => head.folder.name).sort(), want);
    });
});
