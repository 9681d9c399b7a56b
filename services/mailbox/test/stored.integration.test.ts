import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { folderIdOf, formatMailId, KEEP, type MailboxAnswer, type MailboxAsk, type MovedMail } from "@tamis/contracts";
import { accountIdOf } from "@tamis/kit";
import { capabilityWithout } from "@tamis/testkit";
import type { Decide } from "./decided-command.ts";
import { mail, moveTo, Pipeline } from "./pipeline.ts";

const ada = "ada@ac.test";
const accountId = accountIdOf(ada);
const DAY_MS = 86_400_000;

type Ask<Op extends MailboxAsk["op"]> = Extract<MailboxAsk, { readonly op: Op }>;

const run = (more: Partial<Ask<"run-rules">> = {}): MailboxAsk => ({
  op: "run-rules",
  accountId,
  runId: "r1",
  purpose: "apply",
  reads: "header",
  last: 100,
  ...more,
});

/** Plans by subject, `[Folder]` first; `!` flags, `?` discards. */
const decide: Decide = (subject) => {
  if (subject.startsWith("?")) return { copies: [], destination: { kind: "discard" } };
  if (subject.startsWith("!"))
    return { copies: [], destination: { kind: "stay", addFlags: ["\\Flagged"], removeFlags: ["$Old"] } };
  const folder = /^\[([^\]]+)\]/.exec(subject)?.[1];
  return folder === undefined ? KEEP : moveTo(folder);
};

interface Stored {
  readonly folder?: string;
  readonly subject: string;
  readonly id: string;
  readonly daysAgo?: number;
  readonly flags?: readonly string[];
}

/** A mailbox with these mails, known to Tamis as mail that was there before. */
async function withMail(mails: readonly Stored[], options: Parameters<typeof Pipeline.start>[0] = {}) {
  const pipeline = await Pipeline.start(options);
  pipeline.decide = decide;
  for (const { folder = "INBOX", subject, id, daysAgo = 1, flags = [] } of mails) {
    const internalDate = new Date(Date.now() - daysAgo * DAY_MS);
    await pipeline.dovecot.appendFast(ada, [mail(subject, id)], { folder, internalDate, flags });
  }
  await pipeline.filter();
  await pipeline.mailbox([ada]);
  await pipeline.untilContact(1);
  return pipeline;
}

const published = (pipeline: Pipeline): readonly string[] =>
  pipeline.batches
    .flatMap(({ head, mails }) =>
      mails.map(({ raw }) => `${head.folder.name}: ${/Message-ID: <([^@]+)/.exec(Buffer.from(raw).toString())?.[1]}`),
    )
    .sort();

async function mailIdIn(pipeline: Pipeline, folder: string, uid: number): Promise<string> {
  const uidValidity = await pipeline.dovecot.uidValidity(ada, folder);
  return formatMailId({ accountId, folderId: folderIdOf(folder), uidValidity, uid });
}

const outcomes = (pipeline: Pipeline): readonly string[] =>
  pipeline.applied
    .map(({ from = "INBOX", result, folder, reason }) => [from, result, folder, reason].filter(Boolean).join(" "))
    .sort();

const takeBackOf = async (
  pipeline: Pipeline,
  folder: string,
  mails: readonly Omit<MovedMail, "fingerprint">[],
): Promise<MailboxAnswer> => {
  const prints = new Map(
    pipeline.batches.flatMap(({ head, mails: batched }) =>
      batched.map(({ meta }) => [
        formatMailId({ accountId, folderId: head.folder.id, uidValidity: head.folder.uidValidity, uid: meta.uid }),
        meta.fingerprint,
      ]),
    ),
  );
  const source = new Map(pipeline.applied.map(({ mailId, newMailId }) => [newMailId ?? mailId, mailId]));
  const named = mails.map((moved) => ({ ...moved, fingerprint: prints.get(source.get(moved.mailId) ?? "") ?? "" }));
  return pipeline.ask({ op: "take-back", accountId, runId: "r1", folder, mails: named });
};

const NO_FLAGS = { addFlags: [], removeFlags: [] } as const;

describe("mailbox: rules on stored mail", () => {
  it("publishes the newest mails over all folders but Trash, Junk, Drafts and Sent, and those alone", async () => {
    await using pipeline = await withMail([
      { subject: "a", id: "old", daysAgo: 900 },
      { subject: "a", id: "new", daysAgo: 1 },
      { folder: "Listes/SVT", subject: "a", id: "list", daysAgo: 2 },
      { folder: "Listes/SVT", subject: "a", id: "list-old", daysAgo: 400 },
      { folder: "Listes/SVT", subject: "a", id: "deleted", daysAgo: 1, flags: ["\\Deleted"] },
      { folder: "Trash", subject: "a", id: "trash" },
      { folder: "Sent", subject: "a", id: "sent" },
      { folder: "Junk", subject: "a", id: "junk" },
      { folder: "Drafts", subject: "a", id: "draft" },
    ]);
    const before = await pipeline.dovecot.listAll(ada);
    assert.deepEqual(await pipeline.ask(run({ purpose: "preview", last: 3, draft: "d1" })), { kind: "done", mails: 3 });
    await pipeline.until(
      () => published(pipeline).length === 3,
      () => JSON.stringify(published(pipeline)),
    );
    assert.deepEqual(published(pipeline), ["INBOX: new", "Listes/SVT: list", "Listes/SVT: list-old"]);
    const [head] = pipeline.batches.map((batch) => batch.head);
    assert.deepEqual(
      [head?.purpose, head?.sortId, head?.draft, head?.dryRun, head?.mode],
      ["preview", "r1", "d1", true, "observe"],
    );
    assert.deepEqual(await pipeline.dovecot.listAll(ada), before, "a preview changes nothing");
    assert.deepEqual(await pipeline.ask(run({ folders: ["Junk"], runId: "r2" })), { kind: "done", mails: 1 });
    await pipeline.untilApplied(1);
    assert.deepEqual(await pipeline.ask(run({ folders: ["INBOX", "Nulle part"] })), {
      kind: "refused",
      reason: 'there is no folder "Nulle part", or it must not be read',
    });
  });

  it("acts on each mail in its folder, and takes all of it back", async () => {
    await using pipeline = await withMail([
      { subject: "[Classes] x", id: "moved" },
      { subject: "rien", id: "kept" },
      { folder: "Listes", subject: "[INBOX] x", id: "to-inbox" },
      { folder: "Listes", subject: "[Listes] x", id: "there" },
      { folder: "Listes", subject: "! x", id: "flagged", flags: ["$Old"] },
      { folder: "Listes", subject: "? x", id: "discarded" },
    ]);
    const before = await pipeline.dovecot.listAll(ada);
    assert.deepEqual(await pipeline.ask(run()), { kind: "done", mails: 6 });
    await pipeline.untilApplied(6);
    assert.deepEqual(outcomes(pipeline), [
      "INBOX kept INBOX",
      "INBOX moved Classes",
      "Listes discarded Trash",
      "Listes kept Listes",
      "Listes kept Listes",
      "Listes moved INBOX",
    ]);
    assert.deepEqual(await pipeline.places(ada), [
      "Classes: moved",
      "INBOX: kept",
      "INBOX: to-inbox",
      "Listes: flagged",
      "Listes: there",
      "Trash: discarded",
    ]);
    const flags = (await pipeline.dovecot.listAll(ada)).find(({ messageId }) => messageId.includes("flagged"))?.flags;
    assert.deepEqual(flags, ["\\Flagged"]);
    const byPlaces = new Map(
      pipeline.applied.map((done) => [`${done.from ?? "INBOX"} ${done.folder}`, done.newMailId]),
    );
    const newId = (places: string): string => byPlaces.get(places) ?? assert.fail(places);
    await pipeline.dovecot.deliver(ada, mail("[Classes] y", "fresh"));
    await pipeline.untilApplied(7);
    assert.ok((await pipeline.places(ada)).includes("INBOX: to-inbox"), "what was put into INBOX is no new mail");

    const back = { addFlags: [], removeFlags: [], to: "Listes" };
    const flagged = await mailIdIn(pipeline, "Listes", 3);
    for (const [folder, moved] of [
      ["Classes", { ...NO_FLAGS, to: "INBOX", mailId: newId("INBOX Classes") }],
      ["INBOX", { ...back, mailId: newId("Listes INBOX") }],
      ["Trash", { ...back, mailId: newId("Listes Trash") }],
    ] as const) {
      assert.deepEqual(await takeBackOf(pipeline, folder, [moved]), {
        kind: "taken-back",
        mails: [{ mailId: moved.mailId, result: "moved" }],
      });
      // Told to nobody and asked again: found where it belongs.
      assert.deepEqual(
        await takeBackOf(pipeline, folder, [moved]).then((answer) => answer.kind === "taken-back" && answer.mails),
        [{ mailId: moved.mailId, result: "moved" }],
      );
    }
    const flagsBack = { mailId: flagged, to: "Listes", addFlags: ["$Old"], removeFlags: ["\\Flagged"] };
    await takeBackOf(pipeline, "Listes", [flagsBack]);
    const after = await pipeline.dovecot.listAll(ada);
    const shown = (mails: typeof before) =>
      mails.map(({ folder, messageId, flags: set, internalDate }) => [folder, messageId, set, internalDate]);
    assert.deepEqual(shown(after.filter(({ messageId }) => !messageId.includes("fresh"))).sort(), shown(before).sort());
    await pipeline.dovecot.deliver(ada, mail("rien", "last"));
    await pipeline.until(
      () => published(pipeline).includes("INBOX: last"),
      () => "the next mail",
    );
    assert.equal(published(pipeline).filter((name) => name === "INBOX: moved").length, 1, "taken back is no new mail");
  });

  it("leaves alone what is no longer there, another mail under its UID, and a folder that was renumbered", async () => {
    await using pipeline = await withMail([{ folder: "Listes", subject: "[Classes] x", id: "a" }]);
    pipeline.onBatch = async () => {
      await pipeline.dovecot.replaceFolder(ada, "Listes");
      return true;
    };
    await pipeline.ask(run());
    await pipeline.untilApplied(1);
    assert.deepEqual(outcomes(pipeline), ["Listes failed Listes renumbered"]);
    assert.deepEqual(await pipeline.places(ada), ["Listes: a"]);
    const mailId = await mailIdIn(pipeline, "Listes", 1);
    assert.deepEqual(
      await pipeline.ask({
        op: "take-back",
        accountId,
        runId: "r1",
        folder: "Listes",
        mails: [{ mailId, fingerprint: "00", to: "INBOX", ...NO_FLAGS }],
      }),
      { kind: "taken-back", mails: [{ mailId, result: "gone" }] },
    );
    assert.deepEqual(await pipeline.places(ada), ["Listes: a"]);
  });

  it("without MOVE moves nothing, and says so", async () => {
    await using pipeline = await withMail([{ folder: "Listes", subject: "[Classes] x", id: "a" }], {
      capability: capabilityWithout("MOVE"),
    });
    await pipeline.ask(run());
    await pipeline.untilApplied(1);
    assert.deepEqual(outcomes(pipeline), ["Listes failed Listes no-move"]);
    assert.deepEqual(await pipeline.places(ada), ["Listes: a"]);
  });

  it("shows header fields, finds a mail by its Message-ID, and gives the rest of a long one, in any folder", async () => {
    await using pipeline = await withMail([{ folder: "Écoles", subject: "réunion", id: "x" }]);
    const [found] = await pipeline
      .ask({ op: "find", accountId, messageId: "<x@ac.test>" })
      .then((answer) => (answer.kind === "found" ? answer.mails : assert.fail(JSON.stringify(answer))));
    assert.deepEqual([found?.folder, found?.fingerprint.length], ["Écoles", 16]);
    const mailId = await mailIdIn(pipeline, "Écoles", 1);
    assert.equal(found?.mailId, mailId);
    const headers = await pipeline.ask({ op: "headers", accountId, folder: "Écoles", mailIds: [mailId] });
    const [header] = headers.kind === "headers" ? headers.mails : [];
    assert.equal(header?.internalDate, found?.internalDate);
    assert.match(
      Buffer.from(header?.header ?? "", "base64").toString(),
      /^From: Prof[\s\S]*Subject: réunion\r\nDate: /,
    );
    for (const messageId of ['<no"such@ac.test>', "<nobody@ac.test>"])
      assert.deepEqual(await pipeline.ask({ op: "find", accountId, messageId }), { kind: "found", mails: [] });
    assert.equal((await pipeline.ask({ op: "find", accountId, messageId: "<a b>\r\nX" })).kind, "refused");
    const places = async (more: Partial<Ask<"find">>): Promise<number | string> => {
      const answer = await pipeline.ask({ op: "find", accountId, messageId: "<x@ac.test>", ...more });
      return answer.kind === "found" ? answer.mails.length : answer.kind;
    };
    assert.equal(await places({ folder: "Écoles", since: Date.now() - 2 * DAY_MS }), 1);
    assert.equal(await places({ folder: "Écoles", since: Date.now() + 3 * DAY_MS }), 0);
    assert.equal(await places({ folder: "INBOX" }), 0);
    assert.equal(await places({ folder: "Nulle part" }), "refused");
    assert.match((await pipeline.fetch(mailId, "Écoles", 0)).toString(), /^From: Prof[\s\S]*à lundi/);
    assert.equal((await pipeline.fetch(mailId, "INBOX", 0)).length, 0);
  });
});
