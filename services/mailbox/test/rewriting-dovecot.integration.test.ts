import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { describe, it } from "node:test";
import { buckets, type Plan, serverAbilities, serverKey } from "@tamis/contracts";
import { capabilityWithout } from "@tamis/testkit";
import { mail, moveTo, Pipeline } from "./pipeline.ts";
import { stay, toFolder } from "./rewritings.ts";

const ada = "ada@ac.test";
const plans: Readonly<Record<string, Plan>> = { stay, folder: toFolder("Écoles & Cie"), plain: moveTo("A") };

/** Servers and one instance; plans by the mail's subject. */
async function ready(options: Parameters<typeof Pipeline.start>[0] = {}): Promise<Pipeline> {
  const pipeline = await Pipeline.start(options);
  pipeline.decide = (subject) => plans[subject] ?? stay;
  await pipeline.filter();
  await pipeline.mailbox([ada], ["done_timeout_seconds: 1", "silence_seconds: 3", "backoff_max_seconds: 1"]);
  await pipeline.untilContact(1);
  return pipeline;
}

const results = ({ applied }: Pipeline): string[] =>
  applied.map(({ result, folder, reason }) => [result, folder, reason].filter(Boolean).join(" ")).sort();

async function rawOf(pipeline: Pipeline, folder: string): Promise<string> {
  const mails = (await pipeline.dovecot.listAll(ada)).filter((one) => one.folder === folder);
  assert.equal(mails.length, 1, folder);
  return (await pipeline.dovecot.readMail(ada, folder, mails[0]?.uid ?? 0)).toString("latin1");
}

/** What LMTP delivered, as the edits change it. */
const wanted = (raw: string): string => raw.replace(/^To: .*\r\n/m, "");

describe("rewriting, of Dovecot", () => {
  for (const [what, options] of [
    ["with all it can", {}],
    ["without MOVE", { capability: capabilityWithout("MOVE") }],
    ["mdbox", { format: "mdbox" }],
  ] as const)
    it(`to a folder and in INBOX, octet by octet, with date and flags, ${what}`, async () => {
      await using pipeline = await ready(options);
      const body = `${"0123456789".repeat(40_000)}\r\n\xe9\xff.\r\n..\r\n`;
      for (const subject of ["folder", "stay"])
        await pipeline.dovecot.deliver(ada, Buffer.from(mail(subject, subject, body), "latin1"));
      await pipeline.untilApplied(2);
      assert.deepEqual(results(pipeline), ["kept INBOX", "moved Écoles & Cie"]);
      for (const [subject, folder] of [
        ["folder", "Écoles & Cie"],
        ["stay", "INBOX"],
      ] as const) {
        const raw = await rawOf(pipeline, folder);
        const [, rest = ""] = /^X-Tamis-Rewritten: [0-9a-f-]+\r\nX-Class: 3eB\r\n([\s\S]*)$/.exec(raw) ?? [];
        const sent = Buffer.from(mail(subject, subject, body), "latin1").toString("latin1");
        assert.ok(rest.endsWith(wanted(sent)), `${subject}: ${rest.slice(0, 400)}`);
      }
      const batches = pipeline.batches.length;
      await pipeline.dovecot.deliver(ada, mail("plain", "next"));
      await pipeline.untilApplied(3);
      assert.equal(pipeline.batches.length, batches + 1, "what was rewritten is not published");
      const seen = (await pipeline.dovecot.listAll(ada)).flatMap(({ flags }) => flags);
      assert.deepEqual(seen, []);
    });

  it("keeps INTERNALDATE and flags, and leaves other mail marked \\Deleted", async () => {
    await using pipeline = await ready();
    const internalDate = new Date("2026-11-02T07:00:00Z");
    await pipeline.dovecot.appendFast(ada, [mail("folder", "a")], {
      internalDate,
      flags: ["\\Flagged", "\\Deleted", "$Own"],
    });
    await pipeline.untilApplied(1);
    const [moved] = await pipeline.dovecot.listAll(ada);
    assert.deepEqual([moved?.folder, moved?.internalDate], ["Écoles & Cie", internalDate]);
    assert.deepEqual([...(moved?.flags ?? [])].sort(), ["$Own", "\\Deleted", "\\Flagged"]);
  });

  it("over quota: the mail stays as it was", async () => {
    await using pipeline = await ready({ quota: "100k" });
    for (const [i, subject] of ["folder", "stay"].entries()) {
      await pipeline.dovecot.deliver(ada, mail(subject, "big", "x".repeat(70_000)));
      await pipeline.untilApplied(i + 1);
      assert.deepEqual(results(pipeline), Array(i + 1).fill("failed INBOX over-quota"));
      assert.ok(!(await rawOf(pipeline, "INBOX")).includes("X-Class"));
      await pipeline.dovecot.doveadm("expunge", "-u", ada, "mailbox", "INBOX", "all");
    }
  });

  it("without UIDPLUS nothing is rewritten", async () => {
    await using pipeline = await ready({ capability: capabilityWithout("UIDPLUS") });
    await pipeline.dovecot.deliver(ada, mail("stay", "a"));
    await pipeline.untilApplied(1);
    assert.deepEqual(results(pipeline), ["failed INBOX no-uidplus"]);
  });

  it("Dovecot is killed again and again while mails are rewritten: each is there once, whole", async () => {
    await using pipeline = await ready();
    const ids = Array.from({ length: 12 }, (_, i) => `m${i}`);
    await pipeline.dovecot.appendFast(
      ada,
      ids.map((id, i) => mail(i % 2 === 0 ? "folder" : "stay", id, `${hash("sha1", id).repeat(3_000)}\r\n`)),
    );
    for (let kills = 0; kills < 3; kills++) {
      const before = pipeline.dovecot.logs().length;
      await pipeline.until(
        async () => pipeline.applied.length >= ids.length || pipeline.dovecot.logs().length > before,
        () => "something happens",
      );
      await pipeline.dovecot.kill();
      await pipeline.dovecot.restart();
    }
    await pipeline.until(
      () => pipeline.applied.length >= ids.length,
      () => `${pipeline.applied.length} applied`,
      60_000,
    );
    const want = ids.map((id, i) => `${i % 2 === 0 ? "Écoles & Cie" : "INBOX"}: ${id}`).sort();
    assert.deepEqual(await pipeline.places(ada), want);
    for (const { folder, uid, messageId } of await pipeline.dovecot.listAll(ada)) {
      const raw = (await pipeline.dovecot.readMail(ada, folder, uid)).toString("latin1");
      const id = messageId.replace(/^<|@.*$/g, "");
      assert.match(raw, /^X-Tamis-Rewritten: [^\r]*\r\nX-Class: 3eB\r\n/);
      assert.ok(raw.endsWith(`\r\n\r\n${hash("sha1", id).repeat(3_000)}\r\n`), id);
      assert.equal(raw.match(/^X-Class/gm)?.length, 1, "rewritten once");
    }
  });

  it("KV servers tells what Dovecot can do, and makes folders with a use plainly", async () => {
    await using pipeline = await ready();
    const key = serverKey("127.0.0.1", pipeline.dovecot.imapPort);
    const entry = await (await pipeline.bus.bucket(buckets.servers)).get(key);
    const { capabilities, keywords } = serverAbilities.parse(JSON.parse(Buffer.from(entry?.value ?? []).toString()));
    assert.ok(keywords);
    for (const name of ["MOVE", "UIDPLUS", "METADATA", "SPECIAL-USE"]) assert.ok(capabilities.includes(name), name);
    pipeline.decide = () => toFolder("Pourriel", { specialUse: "\\Junk" });
    await pipeline.dovecot.deliver(ada, mail("x", "a"));
    await pipeline.untilApplied(1);
    assert.equal(pipeline.batches[0]?.head.server, key);
    assert.deepEqual(results(pipeline), ["moved Pourriel"]);
  });
});
