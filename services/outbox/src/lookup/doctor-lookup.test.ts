import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { type MailboxAnswer, mailboxAsk, partitionOf } from "@tamis/contracts";
import { tempDir } from "@tamis/testkit";
import { lookupConfig } from "./config.ts";
import { lookupFindings } from "./doctor-lookup.ts";

const dir = tempDir("tamis-lookup-doctor");
after(() => dir.remove());
const file = join(dir.path, "tamis.yaml");
writeFileSync(
  file,
  `imap: { host: localhost, sign_in: { method: master, user: proxy, password: "not read here" } }
accounts: { list: [{ address: journal@example.org, id: journal }] }
`,
  { mode: 0o600 },
);
const copy = { mailId: "journal/0123abcd/1/1", folder: "Copies", fingerprint: "", internalDate: 0 };

describe("the doctor, where what is unknown is looked up", () => {
  const cases: readonly {
    name: string;
    address?: string;
    answer: MailboxAnswer | Error;
    ok: boolean;
    says: RegExp;
  }[] = [
    {
      name: "looks once, and is content",
      answer: { kind: "found", mails: [] },
      ok: true,
      says: /"Copies" of Journal@/,
    },
    { name: "even where it finds something", answer: { kind: "found", mails: [copy] }, ok: true, says: /"Copies"/ },
    {
      name: "tells of a folder that is not there",
      answer: { kind: "refused", reason: "the mail server refused: NO no such mailbox" },
      ok: false,
      says: /no such mailbox/,
    },
    {
      name: "tells that mailbox does not answer",
      answer: new RetryLater("nobody"),
      ok: false,
      says: /does not answer/,
    },
    {
      name: "tells of an address that is no account",
      address: "nobody@example.org",
      answer: new Error("asked"),
      ok: false,
      says: /nobody@example\.org is no account/,
    },
  ];
  for (const { name, address = "Journal@EXAMPLE.org", answer, ok, says } of cases)
    it(name, async () => {
      const lookup = lookupConfig.parse({ mailbox: { address, folder: "Copies" } });
      const bus = {
        async request(subject: string, payload: Uint8Array) {
          if (answer instanceof Error) throw answer;
          const ask = mailboxAsk.parse(JSON.parse(Buffer.from(payload).toString()));
          assert.ok(ask.op === "find");
          assert.deepEqual([ask.accountId, ask.folder], ["journal", "Copies"]);
          assert.equal(subject, `mailbox.ask.${partitionOf("journal")}`);
          return { payload: Buffer.from(JSON.stringify(answer)), header: () => undefined };
        },
      };
      const [finding, ...more] = await lookupFindings({ lookup, file, bus });
      assert.deepEqual(more, []);
      assert.equal(finding?.ok, ok);
      assert.match(finding?.text.en ?? "", says);
    });

  it("says nothing of a mailbox while NATS is away, and of the program whether it can be run", async () => {
    const mailbox = { address: "journal@example.org" };
    assert.deepEqual(await lookupFindings({ lookup: lookupConfig.parse({ mailbox }), file, bus: null }), []);
    const lookup = lookupConfig.parse({ mailbox, command: ["/bin/true"] });
    assert.equal((await lookupFindings({ lookup, file, bus: null })).length, 1);
    assert.deepEqual(await lookupFindings({ lookup: undefined, file, bus: null }), []);
  });
});
