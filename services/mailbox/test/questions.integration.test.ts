import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { accountIdOf } from "@tamis/kit";
import { AccountRig } from "./account-rig.ts";
import { once } from "./fake-faults.ts";
import { GOOD_CAPABILITIES } from "./fake-imap.ts";
import { Pipeline } from "./pipeline.ts";

const ada = "ada@ac.test";

describe("mailbox.ask: what only the server knows, of a server told what to say", () => {
  it("RFC 6154: folders by their uses, in lower case; what LIST says besides is none, nor is a name without a folder", async () => {
    await using rig = await AccountRig.atRest({
      prepare: (imap) => {
        imap.addFolder("Indesirables", ["\\HasNoChildren", "\\Junk"]);
        imap.addFolder("Spam", ["\\JUNK", "\\Marked"]);
        imap.addFolder("Old", ["\\Noselect", "\\Archive"]);
      },
    });
    assert.deepEqual(await rig.ask({ op: "special-use", accountId: "ada" }), {
      kind: "special-use",
      mailboxes: { "\\trash": ["Trash"], "\\junk": ["Indesirables", "Spam"] },
    });
  });

  const ids = { op: "mailbox-ids", accountId: "ada", ids: ["F1", "f1", "F2", "F3"] } as const;
  for (const [how, capabilities, commands] of [
    ["in one command where the server has LIST-STATUS", "OBJECTID LIST-STATUS", { LIST: 1, STATUS: 0 }],
    ["folder by folder where it has not", "OBJECTID", { LIST: 1, STATUS: 4 }],
    ["not at all without OBJECTID", "LIST-STATUS", { LIST: 0, STATUS: 0 }],
  ] as const)
    it(`RFC 8474: folders by MAILBOXID, asked ${how}`, async () => {
      await using rig = await AccountRig.atRest({
        capabilities: `${GOOD_CAPABILITIES} ${capabilities}`,
        prepare: (imap) => {
          imap.addFolder("Old", ["\\Noselect"]).mailboxId = "F3";
          imap.addFolder("A").mailboxId = "F1";
          imap.inbox.mailboxId = "F2";
        },
      });
      const before = { LIST: rig.imap.count("LIST"), STATUS: rig.imap.count("STATUS") };
      const answer = await rig.ask(ids);
      const has = capabilities.includes("OBJECTID");
      assert.deepEqual(answer, {
        kind: "mailbox-ids",
        mailboxes: { F1: has ? "A" : null, f1: null, F2: has ? "INBOX" : null, F3: null },
      });
      assert.deepEqual(
        { LIST: rig.imap.count("LIST") - before.LIST, STATUS: rig.imap.count("STATUS") - before.STATUS },
        commands,
      );
    });

  it("RFC 5464: annotations as quoted strings, literals, NIL and too long ones, of folders and of the server", async () => {
    await using rig = await AccountRig.atRest({
      capabilities: `${GOOD_CAPABILITIES} METADATA`,
      prepare: ({ annotations }) => {
        annotations.set("INBOX /private/comment", '"au \\"revoir\\""');
        annotations.set("Trash /shared/vendor/a", "{6}\r\ndéjà");
        annotations.set(" /shared/admin", '""');
        annotations.set("INBOX /private/long", `{65537}\r\n${"x".repeat(65_537)}`);
      },
    });
    const before = rig.imap.count("GETMETADATA");
    const entries = [
      { mailbox: "inbox", entry: "/private/comment" },
      { mailbox: "Trash", entry: "/shared/vendor/a" },
      { mailbox: null, entry: "/shared/admin" },
      { mailbox: null, entry: "/shared/comment" },
      { mailbox: "INBOX", entry: "/private/long" },
      { mailbox: "INBOX", entry: '/private/*") (x' },
      { mailbox: "INBOX", entry: "/other/comment" },
      { mailbox: "a\nb", entry: "/private/comment" },
    ];
    assert.deepEqual(await rig.ask({ op: "metadata", accountId: "ada", entries }), {
      kind: "metadata",
      values: ['au "revoir"', "déjà", "", null, null, null, null, null],
    });
    assert.equal(rig.imap.count("GETMETADATA") - before, 5, "what is no entry is not sent");
  });

  it("RFC 5464 §1: a server with METADATA-SERVER alone is asked of itself alone", async () => {
    await using rig = await AccountRig.atRest({
      capabilities: `${GOOD_CAPABILITIES} METADATA-SERVER`,
      prepare: ({ annotations }) => annotations.set(" /shared/comment", "hello"),
    });
    const entries = [null, "INBOX"].map((mailbox) => ({ mailbox, entry: "/shared/comment" }));
    assert.deepEqual(await rig.ask({ op: "metadata", accountId: "ada", entries }), {
      kind: "metadata",
      values: ["hello", null],
    });
    assert.equal(rig.imap.count("GETMETADATA"), 1);
  });

  for (const [verb, ask] of [
    ["LIST", { op: "special-use", accountId: "ada" }],
    ["LIST", ids],
  ] as const)
    it(`${ask.op}: a server that cannot now is no server without folders`, async () => {
      await using rig = await AccountRig.atRest({ capabilities: `${GOOD_CAPABILITIES} OBJECTID LIST-STATUS` });
      rig.imap.faults.verdict = once(verb, ["TAG NO [UNAVAILABLE] a moment"]);
      assert.equal((await rig.ask(ask)).kind, "refused");
      assert.equal((await rig.ask(ask)).kind, ask.op);
      assert.equal(rig.imap.signIns, 1);
    });
});

describe("mailbox.ask: what only the server knows, of Dovecot", () => {
  it("uses, annotations, and no MAILBOXID", async () => {
    await using pipeline = await Pipeline.start();
    await pipeline.mailbox([ada]);
    await pipeline.untilContact(1);
    const accountId = accountIdOf(ada);
    const ask = pipeline.asker(accountId);
    for (const [mailbox, entry, value] of [
      ["INBOX", "/private/comment", "Boîte de Mme Curie"],
      ["Sent", "/shared/comment", " deux\r\nlignes"],
    ] as const)
      await pipeline.dovecot.doveadm("mailbox", "metadata", "set", "-u", ada, mailbox, entry, value);
    assert.deepEqual(await ask({ op: "special-use", accountId }), {
      kind: "special-use",
      mailboxes: {
        "\\drafts": ["Drafts"],
        "\\sent": ["Sent"],
        "\\junk": ["Junk"],
        "\\archive": ["Archive"],
        "\\trash": ["Trash"],
      },
    });
    assert.deepEqual(await ask({ op: "mailbox-ids", accountId, ids: ["F1"] }), {
      kind: "mailbox-ids",
      mailboxes: { F1: null },
    });
    const entries = [
      { mailbox: "INBOX", entry: "/private/comment" },
      { mailbox: "Sent", entry: "/shared/comment" },
      { mailbox: "Sent", entry: "/private/comment" },
      { mailbox: "Nowhere", entry: "/private/comment" },
      { mailbox: null, entry: "/private/comment" },
    ];
    assert.deepEqual(await ask({ op: "metadata", accountId, entries }), {
      kind: "metadata",
      values: ["Boîte de Mme Curie", " deux\r\nlignes", null, null, null],
    });
  });
});
