import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP, type Plan } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { copyTo, once, without } from "./fake-faults.ts";
import { mail, moveTo } from "./pipeline.ts";
import { applied, edits, expectLeftAlone, picture, stay, toFolder } from "./rewritings.ts";

describe("rewriting (RFC 5293, RFC 5703)", () => {
  it("to a folder: stored anew with its date and flags, read back, and the original goes by its UID alone", async () => {
    await using rig = await AccountRig.atRest({
      prepare: ({ inbox }) => void inbox.add(mail("x", "someone's"), { flags: ["\\Deleted"] }),
    });
    const { imap } = rig;
    rig.decide = () => toFolder("A", { addFlags: ["$Label1"], removeFlags: ["\\Seen"] });
    const [uid = 0] = [imap.inbox.add(mail("x", "a"), { flags: ["\\Seen", "\\Flagged", "$Own"], internalDate: 1e12 })];
    imap.announce();
    await rig.untilApplied(1);
    assert.deepEqual(rig.results, ["moved A"]);
    assert.deepEqual(picture(imap), ["A: a* \\Flagged $Own $Label1", "INBOX: someone's \\Deleted"]);
    assert.equal(imap.folder("A").mails[0]?.internalDate, 1e12);
    assert.equal(rig.applied[0]?.newMailId?.split("/").slice(2).join("/"), `${imap.folder("A").uidValidity}/1`);
    const steps = imap.commands.map(({ verb }) => verb).filter((verb) => /APPEND|EXPUNGE|MOVE|COPY/.test(verb));
    assert.deepEqual(steps, ["APPEND", "UID EXPUNGE"]);
    assert.ok((await rig.record()).settled.has(uid));
    await expectLeftAlone(rig);
  });

  it("in INBOX: a new mail that is settled, and told of", async () => {
    await using rig = await AccountRig.atRest();
    await applied(rig, stay);
    assert.deepEqual(rig.results, ["kept INBOX"]);
    assert.match(rig.applied[0]?.newMailId ?? "", /\/2$/);
    assert.deepEqual(picture(rig.imap), ["INBOX: a*"]);
    await expectLeftAlone(rig);
    assert.deepEqual(picture(rig.imap), ["INBOX: a*", "INBOX: next"]);
    assert.deepEqual((await rig.record()).open, []);
  });

  it("copies with and without changes, several into one folder, each with its own flags", async () => {
    await using rig = await AccountRig.atRest();
    const [plain] = copyTo("A").copies;
    assert.ok(plain);
    const second = [{ kind: "add-header", name: "X-Other", value: "b", last: false }];
    await applied(rig, {
      ...KEEP,
      copies: [
        { ...plain, addFlags: ["\\Flagged"] },
        { ...plain, edits, addFlags: ["$One"] },
        { ...plain, edits: second, addFlags: ["$Two"] },
        { ...plain, mailbox: "INBOX", edits },
        { ...plain, mailbox: "B" },
      ],
    });
    assert.deepEqual(rig.results, ["kept INBOX"]);
    assert.deepEqual(picture(rig.imap), ["A: a $Two", "A: a \\Flagged", "A: a* $One", "B: a", "INBOX: a", "INBOX: a*"]);
    await expectLeftAlone(rig);
  });

  it("the marker of an earlier rewriting is replaced", async () => {
    await using rig = await AccountRig.atRest();
    rig.decide = () => toFolder("A");
    rig.imap.arrive(`X-Tamis-Rewritten: 0123456789abcdef-1-0-01234567\r\n${mail("x", "a")}`);
    await rig.untilApplied(1);
    assert.deepEqual(picture(rig.imap), ["A: a*"]);
    assert.equal(
      rig.imap
        .folder("A")
        .mails[0]?.raw.toString()
        .match(/X-Tamis-Rewritten/g)?.length,
      1,
    );
  });

  it("without MOVE the same", async () => {
    await using rig = await AccountRig.atRest({ capabilities: without("MOVE") });
    await applied(rig, toFolder("A"));
    assert.deepEqual([rig.results, picture(rig.imap)], [["moved A"], ["A: a*"]]);
  });

  it("without APPENDUID the new mail is found by its marker", async () => {
    for (const plan of [toFolder("A"), stay]) {
      await using rig = await AccountRig.atRest({
        prepare: ({ faults }) => {
          faults.copyUid = "none";
        },
      });
      await applied(rig, plan);
      assert.deepEqual(picture(rig.imap), [plan === stay ? "INBOX: a*" : "A: a*"]);
    }
  });

  it("imap-backup#133: keywords that the folder would not keep are left out", async () => {
    await using rig = await AccountRig.atRest({
      prepare: ({ faults }) => {
        faults.permanentFlags = "\\Answered \\Flagged \\Deleted \\Seen \\Draft $Known";
      },
    });
    rig.decide = () => toFolder("A", { addFlags: ["$Known", "$Other"] });
    rig.imap.inbox.add(mail("x", "a"), { flags: ["\\Recent", "$NOTJUNK", "\\Seen"] });
    rig.imap.announce();
    await rig.untilApplied(1);
    assert.deepEqual(picture(rig.imap), ["A: a* \\Seen $Known"]);
  });

  for (const [what, alter] of [
    ["ends lines otherwise", (text) => text.replaceAll("\r\n", "\n")],
    ["adds header fields", (text) => text.replace("Subject:", "X-Server: seen\r\nSubject:")],
    ["ends the mail with one more line end", (text) => `${text}\r\n`],
  ] as const satisfies readonly (readonly [string, (text: string) => string])[])
    it(`a server that ${what}: the mail is there, and known in INBOX`, async () => {
      await using rig = await AccountRig.atRest({
        prepare: ({ faults }) => {
          faults.storeAs = (raw) => Buffer.from(alter(raw.toString("latin1")), "latin1");
        },
      });
      rig.decide = () => stay;
      rig.imap.arrive(mail("x", "a", "no line end"));
      await rig.untilApplied(1);
      assert.deepEqual(rig.results, ["kept INBOX"]);
      assert.equal(rig.imap.inbox.mails.length, 1);
      await expectLeftAlone(rig);
    });

  for (const [what, alter] of [
    ["drops a header field", (text) => text.replace(/^From:.*\r\n/m, "")],
    ["changes the body", (text) => text.replace("lundi", "mardi")],
    ["cuts the mail", (text) => text.slice(0, -4)],
    ["stores nothing", () => ""],
  ] as const satisfies readonly (readonly [string, (text: string) => string])[])
    for (const plan of [toFolder("A"), stay])
      it(`a server that ${what}: the original stays as it was, the copy is taken back (${plan.destination.kind})`, async () => {
        await using rig = await AccountRig.atRest({
          prepare: ({ faults }) => {
            faults.storeAs = (raw) => Buffer.from(alter(raw.toString("latin1")), "latin1");
          },
        });
        await applied(rig, plan);
        assert.deepEqual(rig.results, ["failed INBOX altered"]);
        assert.deepEqual(picture(rig.imap), ["INBOX: a"]);
        await expectLeftAlone(rig);
      });

  const refusals: readonly (readonly [string, Parameters<typeof once>[0], readonly string[], string])[] = [
    ["OVERQUOTA", "APPEND", ["TAG NO [OVERQUOTA] no room"], "over-quota"],
    ["TOOBIG", "APPEND", ["TAG NO [TOOBIG] too big"], "too-large"],
    ["an APPEND it does not like", "APPEND", ["TAG BAD what?"], "refused"],
    ["STORE", "UID STORE", ["TAG NO [NOPERM] not yours"], "refused"],
    ["EXPUNGE", "UID EXPUNGE", ["TAG NO [NOPERM] not yours"], "refused"],
  ];
  for (const [what, verb, lines, reason] of refusals)
    for (const plan of [toFolder("A"), stay])
      it(`refused ${what} (${plan.destination.kind}): the mail stays as it was, and is alone`, async () => {
        await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
        rig.imap.faults.verdict = once(verb, lines);
        await applied(rig, plan);
        assert.deepEqual(rig.results, [`failed INBOX ${reason}`]);
        assert.deepEqual(picture(rig.imap), ["INBOX: a"]);
        await expectLeftAlone(rig);
      });

  it("a server whose EXPUNGE does nothing: the mail stays, unmarked", async () => {
    await using rig = await AccountRig.atRest();
    rig.imap.faults.verdict = once("UID EXPUNGE", ["TAG OK done"]);
    await applied(rig, toFolder("A"));
    assert.deepEqual(rig.results, ["failed INBOX refused"]);
    assert.deepEqual(picture(rig.imap), ["INBOX: a"]);
  });

  it("passing trouble of the server: tried again, one mail in the end", async () => {
    for (const verb of ["APPEND", "UID FETCH", "SELECT", "UID STORE", "UID EXPUNGE"]) {
      await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
      rig.decide = () => {
        rig.imap.faults.verdict = once(verb, ["TAG NO [UNAVAILABLE] a moment"]);
        return toFolder("A");
      };
      rig.imap.arrive(mail("x", "a"));
      await rig.untilApplied(1);
      assert.deepEqual([rig.results, picture(rig.imap)], [["moved A"], ["A: a*"]], verb);
    }
  });

  for (const [what, plan, raw, reason] of [
    ["signed mail", stay, `Content-Type: multipart/signed; boundary=b\r\n${mail("x", "a")}`, "signed"],
    ["encrypted mail", stay, `Content-Type: application/pkcs7-mime\r\n${mail("x", "a")}`, "signed"],
    ["an edit that this version does not know", toFolder("A", { edits: [{ kind: "sing" }] }), null, "unknown-edit"],
    [
      "an edit of a part that is not there",
      toFolder("A", { edits: [{ kind: "replace-part", part: [7], mime: false, text: "x" }] }),
      null,
      "not-editable",
    ],
    ["a mail longer than the setting", stay, mail("x", "a", "x".repeat(5_000)), "too-large"],
  ] as const)
    it(`${what} is not rewritten and stays`, async () => {
      await using rig = await AccountRig.atRest({ config: { rewrite_bytes: 4_096 } });
      rig.decide = () => plan;
      rig.imap.arrive(raw ?? mail("x", "a"));
      await rig.untilApplied(1);
      assert.deepEqual(rig.results, [`failed INBOX ${reason}`]);
      assert.deepEqual(rig.imap.places(), ["INBOX: a"]);
      assert.equal(rig.imap.count("APPEND"), 0);
    });

  it("without UIDPLUS nothing is rewritten, whatever MOVE can", async () => {
    for (const plan of [stay, toFolder("A"), { ...KEEP, copies: [{ ...copyTo("A").copies[0], edits }] } as Plan]) {
      await using rig = await AccountRig.atRest({ capabilities: without("UIDPLUS") });
      await applied(rig, plan);
      assert.deepEqual(rig.results, ["failed INBOX no-uidplus"]);
      assert.deepEqual(picture(rig.imap), ["INBOX: a"]);
    }
  });

  it("a folder that is not there and not to be made", async () => {
    await using rig = await AccountRig.atRest();
    await applied(rig, toFolder("Nowhere", { create: false }));
    assert.deepEqual(rig.results, ["failed INBOX no-such-folder"]);
    assert.deepEqual(picture(rig.imap), ["INBOX: a"]);
  });

  it("a plan that fails after a copy was rewritten leaves the copy and the mail", async () => {
    await using rig = await AccountRig.atRest();
    const [copy] = copyTo("A").copies;
    assert.ok(copy);
    rig.imap.faults.verdict = ({ verb }) => (verb === "UID MOVE" ? ["TAG NO [OVERQUOTA] no room"] : "pass");
    await applied(rig, moveTo("C", { copies: [{ ...copy, edits }] }));
    assert.deepEqual(rig.results, ["failed INBOX over-quota"]);
    assert.deepEqual(picture(rig.imap), ["A: a*", "INBOX: a"]);
  });
});
