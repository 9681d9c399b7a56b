import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP } from "@tamis/contracts";
import { capabilityWithout } from "@tamis/testkit";
import type { Decide } from "./decided-command.ts";
import { bySubject, mail, moveTo, Pipeline } from "./pipeline.ts";

const ada = "ada@ac.test";

/** Servers, a decision-maker, one mailbox instance, and the account's first contact done. */
async function ready(
  options: Parameters<typeof Pipeline.start>[0] = {},
  decide: Decide = bySubject,
  mailbox: readonly string[] = [],
): Promise<Pipeline> {
  const pipeline = await Pipeline.start(options);
  pipeline.decide = decide;
  await pipeline.filter();
  await pipeline.mailbox([ada], mailbox);
  await pipeline.untilContact(1);
  return pipeline;
}

const results = (pipeline: Pipeline): string[] =>
  pipeline.applied.map(
    ({ result, folder, reason }) => `${result} ${folder}${reason === undefined ? "" : ` ${reason}`}`,
  );

describe("mailbox: what each plan does", () => {
  it("moves arriving mail where its plan says and leaves the rest, old mail untouched", async () => {
    await using pipeline = await Pipeline.start();
    await pipeline.filter();
    await pipeline.dovecot.deliver(ada, mail("[Ailleurs] vieux", "old"));
    await pipeline.mailbox([ada]);
    await pipeline.untilContact(1);
    await pipeline.dovecot.deliver(ada, mail("[Listes/SVT] sortie", "a"));
    await pipeline.dovecot.deliver(ada, mail("bonjour", "b"));
    await pipeline.dovecot.deliver(ada, mail("[Écoles & Cie] réunion", "c"));
    await pipeline.untilApplied(3);
    assert.deepEqual(await pipeline.places(ada), ["INBOX: b", "INBOX: old", "Listes/SVT: a", "Écoles & Cie: c"]);
    assert.deepEqual(results(pipeline).sort(), ["kept INBOX", "moved Listes/SVT", "moved Écoles & Cie"]);
    const moved = pipeline.applied.find(({ folder }) => folder === "Listes/SVT");
    assert.match(moved?.newMailId ?? "", /\/[0-9a-f]{8}\/\d+\/1$/);
    const seen = (await pipeline.dovecot.listAll(ada)).filter(({ flags }) => flags.includes("\\Seen"));
    assert.deepEqual(seen, [], "\\Seen is never touched");
  });

  it("copies first, then moves, each with its own flags; discard goes to Trash", async () => {
    const decide: Decide = (subject) =>
      subject === "jeter"
        ? { copies: [], destination: { kind: "discard" } }
        : {
            copies: [
              { mailbox: "A", create: true, addFlags: ["\\Flagged"], removeFlags: [] },
              { mailbox: "B", create: true, addFlags: ["$Label1"], removeFlags: [] },
            ],
            destination: { kind: "folder", mailbox: "C", create: true, addFlags: [], removeFlags: [] },
          };
    await using pipeline = await ready({}, decide);
    await pipeline.dovecot.deliver(ada, mail("copier", "x"));
    await pipeline.dovecot.deliver(ada, mail("jeter", "y"));
    await pipeline.untilApplied(2);
    const mails = (await pipeline.dovecot.listAll(ada))
      .map(({ folder, messageId, flags }) => [folder, messageId, ...flags].join(" "))
      .sort();
    assert.deepEqual(mails, ["A <x@ac.test> \\Flagged", "B <x@ac.test> $Label1", "C <x@ac.test>", "Trash <y@ac.test>"]);
    assert.deepEqual(results(pipeline).sort(), ["discarded Trash", "moved C"]);
  });

  it("does not move again what its owner put back into INBOX", async () => {
    await using pipeline = await ready();
    await pipeline.dovecot.deliver(ada, mail("[Rangé] un", "one"));
    await pipeline.untilApplied(1);
    const owner = await pipeline.dovecot.imap(ada);
    await owner.mailboxOpen("Rangé");
    await owner.messageMove("1", "INBOX", { uid: true });
    await owner.logout();
    await pipeline.dovecot.deliver(ada, mail("[Rangé] deux", "two"));
    await pipeline.untilApplied(2);
    assert.deepEqual(await pipeline.places(ada), ["INBOX: one", "Rangé: two"]);
    assert.equal(pipeline.batches.length, 2, "the mail put back was not published");
  });

  it("leaves a mail that its folder does not exist for, without :create, and says so", async () => {
    const decide: Decide = () => ({
      ...KEEP,
      destination: { kind: "folder", mailbox: "Nulle/Part", create: false, addFlags: [], removeFlags: [] },
    });
    await using pipeline = await ready({}, decide);
    await pipeline.dovecot.deliver(ada, mail("x", "x"));
    await pipeline.untilApplied(1);
    assert.deepEqual(results(pipeline), ["failed INBOX no-such-folder"]);
    assert.deepEqual(await pipeline.places(ada), ["INBOX: x"]);
  });

  it("leaves mail in INBOX when a copy goes over quota", async () => {
    const decide: Decide = () =>
      moveTo("C", { copies: [{ mailbox: "B", create: true, addFlags: [], removeFlags: [] }] });
    await using pipeline = await ready({ quota: "100k" }, decide);
    await pipeline.dovecot.deliver(ada, mail("gros", "big", "x".repeat(70_000)));
    await pipeline.untilApplied(1);
    assert.deepEqual(results(pipeline), ["failed INBOX over-quota"]);
    assert.deepEqual(await pipeline.places(ada), ["INBOX: big"]);
  });

  it("without MOVE copies, marks and expunges by UID; other mail marked \\Deleted stays", async () => {
    await using pipeline = await ready({ capability: capabilityWithout("MOVE") });
    await pipeline.dovecot.appendFast(ada, [mail("mine", "kept-deleted")], { flags: ["\\Deleted"] });
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await pipeline.untilApplied(2);
    assert.deepEqual(await pipeline.places(ada), ["INBOX: kept-deleted", "Ici: a"]);
  });

  it("without MOVE and UIDPLUS moves nothing and says so", async () => {
    await using pipeline = await ready({ capability: capabilityWithout("MOVE", "UIDPLUS") });
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await pipeline.untilApplied(1);
    assert.deepEqual(results(pipeline), ["failed INBOX no-move"]);
    assert.deepEqual(await pipeline.places(ada), ["INBOX: a"]);
  });

  it("observes without moving where the mode says so", async () => {
    await using pipeline = await Pipeline.start();
    await pipeline.filter();
    await pipeline.mailbox([ada], [], { mode: "observe" });
    await pipeline.untilContact(1);
    await pipeline.dovecot.deliver(ada, mail("[Ici] a", "a"));
    await pipeline.untilApplied(1);
    assert.deepEqual(results(pipeline), ["observed INBOX"]);
    assert.deepEqual(await pipeline.places(ada), ["INBOX: a"]);
  });

  it("sorts a backlog of 700 mails on first contact when told to start with all", async () => {
    await using pipeline = await Pipeline.start({ format: "mdbox", fsync: "never", quota: null });
    await pipeline.filter();
    await pipeline.dovecot.appendFast(
      ada,
      Array.from({ length: 700 }, (_, i) =>
        mail(i % 7 === 0 ? "reste" : `[Dossier ${i % 5}] n`, `m${i}`, "x".repeat(3_000)),
      ),
    );
    await pipeline.mailbox([ada], ["first_contact: all"]);
    await pipeline.untilApplied(700);
    const mails = await pipeline.dovecot.listAll(ada);
    assert.equal(mails.length, 700);
    assert.equal(mails.filter(({ folder }) => folder === "INBOX").length, 100);
    assert.equal(new Set(mails.map(({ messageId }) => messageId)).size, 700);
    assert.ok(pipeline.batches.length < 60, `published in batches, not one by one: ${pipeline.batches.length}`);
  });

  it("cuts a long mail, marks it by its size, and gives the rest on demand", async () => {
    await using pipeline = await ready();
    const text = mail("[Gros] x", "big", "0123456789".repeat(60_000));
    await pipeline.dovecot.deliver(ada, text);
    await pipeline.untilApplied(1);
    const [batched] = pipeline.batches[0]?.mails ?? [];
    assert.equal(batched?.raw.length, 256 * 1024);
    assert.ok((batched?.meta.size ?? 0) > 600_000);
  });
});
