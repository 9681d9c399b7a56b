import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  decodeScriptMemory,
  encodeScriptMemory,
  type Plan,
  type ScriptMark,
  serverAbilities,
  serverKey,
} from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { once, without } from "./fake-faults.ts";
import { GOOD_CAPABILITIES } from "./fake-imap.ts";
import { mail, moveTo } from "./pipeline.ts";

const endsAt = Math.floor(Date.now() / 1000) + 3_600;
const HERS: ScriptMark = { hash: "1".repeat(16), mail: "f".repeat(16), endsAt };

/** What the scripts remember, beside a mark of another mail. */
async function remembered(rig: AccountRig): Promise<readonly ScriptMark[]> {
  const entry = await rig.scriptMemory.get("ada");
  return entry === null ? [] : decodeScriptMemory(entry.value).marks;
}

/** As `filter` does: the marks are there before the plan. */
async function marking(rig: AccountRig, plan: Plan): Promise<void> {
  rig.marked = true;
  rig.decide = () => plan;
  rig.onPublish = async ({ mails }) => {
    const marks = [HERS, ...mails.map(({ meta }) => ({ hash: "2".repeat(16), mail: meta.fingerprint, endsAt }))];
    await rig.scriptMemory.put("ada", encodeScriptMemory({ salt: "0".repeat(32), marks }, Date.now()));
  };
  rig.imap.arrive(mail("x", "a"));
  await rig.untilApplied(1);
}

describe("docs/decisions/0021: marks of a plan that failed are taken back", () => {
  it("it failed: before it is settled", async () => {
    await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
    rig.imap.faults.verdict = once("UID MOVE", ["TAG NO [OVERQUOTA] no room"]);
    let marksWhenTold: readonly ScriptMark[] = [];
    rig.onFact = async () => {
      marksWhenTold = await remembered(rig);
    };
    await marking(rig, moveTo("A"));
    assert.deepEqual(rig.results, ["failed INBOX over-quota"]);
    assert.deepEqual(marksWhenTold, [HERS]);
  });

  it("it was carried out, or the mail was away: they stay", async () => {
    for (const isAway of [false, true]) {
      await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
      if (isAway)
        rig.imap.faults.verdict = once("UID MOVE", () => {
          rig.imap.inbox.mails = [];
          return "pass";
        });
      await marking(rig, moveTo("A"));
      assert.deepEqual(rig.results, [isAway ? "gone" : "moved A"]);
      assert.equal((await remembered(rig)).length, 2);
    }
  });

  it("the bucket cannot be had for a moment: the plan is tried again, its failure told once", async () => {
    await using rig = await AccountRig.atRest({ capabilities: without("MOVE", "UIDPLUS") });
    let refusals = 2;
    rig.onScriptMemory = () => refusals-- > 0;
    await marking(rig, moveTo("A"));
    await rig.untilAtRest();
    assert.deepEqual(rig.results, ["failed INBOX no-move"]);
    assert.deepEqual(await remembered(rig), [HERS]);
  });

  it("what lies there is no record: the mail goes on", async () => {
    await using rig = await AccountRig.atRest({ capabilities: without("MOVE", "UIDPLUS") });
    await rig.scriptMemory.put("ada", Buffer.from("?"));
    rig.marked = true;
    rig.decide = () => moveTo("A");
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["failed INBOX no-move"]);
  });
});

describe("KV servers", () => {
  it("says what the account's server can do, and each batch names it", async () => {
    await using rig = await AccountRig.atRest({
      prepare: ({ faults }) => {
        faults.permanentFlags = "\\Seen \\Deleted";
      },
    });
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    const key = serverKey("127.0.0.1", rig.imap.port);
    assert.equal(rig.batches[0]?.head.server, key);
    const entry = await rig.servers.get(key);
    assert.deepEqual(serverAbilities.parse(JSON.parse(Buffer.from(entry?.value ?? []).toString())), {
      v: 1,
      capabilities: GOOD_CAPABILITIES.toUpperCase().split(" ").sort(),
      keywords: false,
    });
  });
});

describe("RFC 6154 §3: a folder that has to be made gets its use", () => {
  const plan = (mailbox: string): Plan => ({
    copies: [{ mailbox: `${mailbox}2`, create: true, specialUse: "\\Archive", addFlags: [], removeFlags: [] }],
    destination: { kind: "folder", mailbox, create: true, specialUse: "\\Junk", addFlags: [], removeFlags: [] },
  });
  const uses = ({ imap }: AccountRig): unknown => ["A", "A2"].map((name) => imap.folder(name).attributes);

  for (const [what, capabilities, verdict, want] of [
    ["where the server can", `${GOOD_CAPABILITIES} CREATE-SPECIAL-USE`, "pass", [["\\Junk"], ["\\Archive"]]],
    ["plainly where it cannot", GOOD_CAPABILITIES, "pass", [[], []]],
    [
      "plainly where it will not",
      `${GOOD_CAPABILITIES} CREATE-SPECIAL-USE`,
      ["TAG NO [USEATTR] there is one"],
      [[], ["\\Archive"]],
    ],
  ] as const)
    it(what, async () => {
      await using rig = await AccountRig.atRest({ capabilities });
      rig.imap.faults.verdict = ({ verb, args }) => (verb === "CREATE" && args.includes("Junk") ? verdict : "pass");
      rig.decide = () => plan("A");
      rig.imap.arrive(mail("x", "a"));
      await rig.untilApplied(1);
      assert.deepEqual(rig.results, ["moved A"]);
      assert.deepEqual(uses(rig), want);
    });

  it("what is no attribute never goes over the wire", async () => {
    await using rig = await AccountRig.atRest({ capabilities: `${GOOD_CAPABILITIES} CREATE-SPECIAL-USE` });
    rig.decide = () => ({ copies: [], destination: { ...moveTo("A").destination, specialUse: "\\x)) \r\nT9 DELETE" } });
    rig.imap.arrive(mail("x", "a"));
    await rig.untilApplied(1);
    assert.deepEqual(rig.imap.folder("A").attributes, []);
  });
});
