import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Plan } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { once } from "./fake-faults.ts";
import { mail } from "./pipeline.ts";

const MADE = mail("made", "a", "by a program\r\n");
const edits = [
  { kind: "program-output", key: "key", size: MADE.length },
  { kind: "add-header", name: "X-Class", value: "3eB", last: false },
] as const;
const toFolder: Plan = {
  copies: [],
  destination: { kind: "folder", mailbox: "A", create: true, addFlags: [], removeFlags: [], edits },
};

/** An account to which one mail came, with what a program made of it in the bucket. */
async function rigWithOutput(): Promise<AccountRig> {
  const rig = await AccountRig.atRest();
  rig.objects.set("key", Buffer.from(MADE));
  rig.decide = () => toFolder;
  return rig;
}

const texts = (rig: AccountRig, folder: string): readonly string[] =>
  (rig.imap.folders.get(folder)?.mails ?? []).map(({ raw }) => raw.toString("utf8"));

describe("what programs made of mails (vnd.dovecot.filter)", () => {
  it("takes the place of the mail, with later changes, and leaves the bucket", async () => {
    await using rig = await rigWithOutput();
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["moved A"]);
    const [text = ""] = texts(rig, "A");
    assert.match(text, /^X-Tamis-Rewritten: .*\r\nX-Class: 3eB\r\n/);
    assert.ok(text.endsWith(MADE));
    assert.deepEqual(texts(rig, "INBOX"), []);
    await rig.until(() => rig.objects.size === 0, "an empty bucket");
  });

  for (const verb of ["UID FETCH", "APPEND", "UID STORE", "UID EXPUNGE"])
    for (const how of ["cut", "act-then-cut"] as const)
      it(`the connection is lost at ${verb} (${how}): one mail in the end`, async () => {
        await using rig = await rigWithOutput();
        rig.decide = () => {
          rig.imap.faults.verdict = once(verb, how);
          return toFolder;
        };
        rig.imap.arrive(mail("x", "a"));
        await rig.untilApplied(1);
        assert.deepEqual([texts(rig, "INBOX").length, texts(rig, "A").length], [0, 1]);
        await rig.until(() => rig.objects.size === 0, "an empty bucket");
      });

  it("stays as it came where what the program made is gone", async () => {
    await using rig = await rigWithOutput();
    rig.objects.clear();
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["failed INBOX output-gone"]);
    assert.deepEqual(texts(rig, "INBOX"), [mail("x", "a")]);
  });
});
