import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type MailboxAnswer,
  type MailboxAsk,
  type MailRead,
  MDN_SENT,
  type Plan,
  RECEIPT_ASKED,
  RECEIPT_CLAIMED,
  RECEIPT_DENIED,
  RECEIPT_GRANTED,
  SEEN_UNREAD,
} from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import { once } from "./fake-faults.ts";
import { type FakeCommand, GOOD_CAPABILITIES } from "./fake-imap.ts";
import { mail } from "./pipeline.ts";
import type { RigOptions } from "./rig-options.ts";

type Settle = Extract<MailboxAsk, { readonly op: "settle-receipt" }>;

const CONDSTORE = `${GOOD_CAPABILITIES} CONDSTORE`;
const asking = (addFlags: readonly string[] = [], folder?: string): Plan => {
  const change = { addFlags: [RECEIPT_ASKED, ...addFlags], removeFlags: [] };
  const destination =
    folder === undefined
      ? ({ kind: "stay", ...change } as const)
      : ({ kind: "folder", mailbox: folder, create: true, ...change } as const);
  return { copies: [], destination };
};

/** An account for which Tamis answers, or its owner's program, with one mail that asks for a receipt. */
async function rigWith(plan: Plan = asking(), options: RigOptions | "program" = {}): Promise<AccountRig> {
  const usual = { capabilities: CONDSTORE, config: { receipts_seconds: 0.2 } };
  const rig = await AccountRig.atRest(options === "program" ? usual : { ...usual, receipts: {}, ...options });
  rig.decide = () => plan;
  rig.imap.arrive(mail("x", "one"));
  await rig.untilApplied(1);
  await rig.untilAtRest();
  return rig;
}

/** The mail, wherever it is. */
function theMail(rig: AccountRig) {
  const found = [...rig.imap.folders.values()].flatMap((folder) => folder.mails.map((one) => ({ folder, ...one })));
  return found[0] ?? assert.fail("the mail is gone");
}

/** Another program changes flags; the server tells of it where it is INBOX. */
function flag(rig: AccountRig, request: string): void {
  const { folder, uid } = theMail(rig);
  folder.store(String(uid), request);
  if (folder.name === "INBOX") rig.imap.say("* 1 FETCH (FLAGS ())");
}

const told = ({ seen, answer, folder }: MailRead["mails"][number]): string =>
  [seen, answer, folder].filter(Boolean).join(" ");
async function untilTold(rig: AccountRig, want: readonly string[]): Promise<void> {
  await rig.until(() => rig.reads.length >= want.length, `${want.length} mails told of`);
  assert.deepEqual(rig.reads.map(told), want);
}

describe("mail that somebody wants a receipt for, read", () => {
  it("is told of when its owner reads it, and again when he answers; not before, not twice", async () => {
    await using rig = await rigWith();
    assert.deepEqual(rig.batches[0]?.head.receipts, { means: "yes" });
    assert.equal(rig.reads.length, 0);
    flag(rig, "+FLAGS (\\Flagged)");
    flag(rig, "+FLAGS (\\Seen)");
    await untilTold(rig, ["owner INBOX"]);
    flag(rig, `+FLAGS (${RECEIPT_GRANTED})`);
    await untilTold(rig, ["owner INBOX", "owner send INBOX"]);
    assert.equal(rig.reads[0]?.fingerprint, rig.batches[0]?.mails[0]?.meta.fingerprint);
    await rig.untilAtRest();
    assert.deepEqual(rig.reads.map(told), ["owner INBOX", "owner send INBOX"]);
  });

  it("in the folder that a rule moved it to; what a rule marks as read nobody read", async () => {
    await using rig = await rigWith(asking(["\\Seen", SEEN_UNREAD], "Heads"));
    await untilTold(rig, ["unknown Heads"]);
    flag(rig, `+FLAGS (${RECEIPT_GRANTED})`);
    await untilTold(rig, ["unknown Heads", "unknown send Heads"]);
  });

  it("may be refused before; of two answers the refusal counts", async () => {
    await using rig = await rigWith(asking([RECEIPT_GRANTED]));
    flag(rig, `+FLAGS (${RECEIPT_DENIED})`);
    await untilTold(rig, ["no refuse INBOX"]);
  });

  it("while nobody looked, and while NATS was away", async () => {
    await using rig = await rigWith();
    let isAway = true;
    rig.onFact = (name) => {
      if (name === "mail-read" && isAway) throw new Error("away");
    };
    for (const session of rig.imap.sessions) session.cut();
    theMail(rig).folder.store("1", "+FLAGS (\\Seen)");
    await rig.until(() => rig.imap.signIns > 3, "tries");
    assert.equal(rig.reads.length, 0);
    isAway = false;
    await untilTold(rig, ["owner INBOX"]);
  });

  it("costs nothing where nothing is asked, or nobody answers here", async () => {
    await using other = await AccountRig.atRest({ capabilities: CONDSTORE, config: { receipts_seconds: 0.02 } });
    other.imap.say("* 1 FETCH (FLAGS (\\Seen))");
    other.imap.arrive(mail("x", "one"));
    await other.untilApplied(1);
    await using rig = await rigWith(asking(), { capabilities: GOOD_CAPABILITIES });
    assert.deepEqual(rig.batches[0]?.head.receipts, { means: "no-condstore" });
    for (const { imap } of [other, rig])
      assert.deepEqual(
        imap.commands.filter(({ args }) => args.includes("UNKEYWORD")),
        [],
      );
  });
});

describe("settle-receipt: who may answer (RFC 3503, RFC 7162 §3.1.3)", () => {
  const ask = (rig: AccountRig, more: Partial<Settle> = {}): Promise<MailboxAnswer> => {
    const { head, mails } = rig.batches[0] ?? assert.fail();
    return rig.ask({
      op: "settle-receipt",
      accountId: "ada",
      outcome: "sent",
      mailId: `ada/${head.folder.id}/${head.folder.uidValidity}/1`,
      folder: "INBOX",
      fingerprint: mails[0]?.meta.fingerprint ?? "",
      messageId: "<one@ac.test>",
      ...more,
    });
  };
  const result = async (rig: AccountRig, more: Partial<Settle> = {}): Promise<string> => {
    const answer = await ask(rig, more);
    return answer.kind === "receipt" ? answer.result : answer.kind;
  };
  const flags = (rig: AccountRig): readonly string[] => [...theMail(rig).flags].sort();

  it("claims the mail, once, with the fields that go back; nothing is asked of its owner any more", async () => {
    await using rig = await rigWith(asking([RECEIPT_GRANTED]));
    for (let i = 0; i < 2; i++) {
      const answer = await ask(rig);
      assert.ok(answer.kind === "receipt");
      const header = Buffer.from(answer.header ?? "", "base64").toString();
      assert.deepEqual(
        [answer.result, /^Subject: x\r$/m.test(header), header.includes("Bonjour")],
        ["settled", true, false],
      );
      assert.deepEqual(flags(rig), [MDN_SENT, RECEIPT_CLAIMED]);
    }
    assert.equal(rig.imap.commands.filter(({ args }) => args.includes("UNCHANGEDSINCE")).length, 1);
  });

  it("marks what is refused too, and never sends it afterwards", async () => {
    await using rig = await rigWith();
    for (let i = 0; i < 2; i++) assert.equal(await result(rig, { outcome: "refused" }), "settled");
    assert.deepEqual(flags(rig), [MDN_SENT]);
    assert.equal(await result(rig), "elsewhere");
  });

  for (const verdict of ["cut", "act-then-cut"] as const)
    for (const verb of ["UID SEARCH", "UID FETCH", "UID STORE"])
      it(`the connection is lost at ${verb} (${verdict}), and asked again: it is ours`, async () => {
        await using rig = await rigWith();
        rig.imap.faults.verdict = once(verb, verdict);
        await ask(rig);
        await rig.until(async () => (await result(rig)) === "settled", "an answer");
        assert.deepEqual(flags(rig), [MDN_SENT, RECEIPT_CLAIMED]);
      });

  const isConditional = ({ args }: FakeCommand): boolean => args.includes("UNCHANGEDSINCE");

  it("a flag that changed meanwhile is no obstacle, whether the server says so in an OK or a NO", async () => {
    for (const refusal of ["act", ["TAG NO [MODIFIED 1] it changed"]] as const) {
      await using rig = await rigWith();
      rig.imap.faults.verdict = once("UID STORE", (command) => {
        if (!isConditional(command) || typeof refusal !== "string") return refusal === "act" ? "pass" : [...refusal];
        theMail(rig).folder.store("1", "+FLAGS (\\Flagged)");
        return "pass";
      });
      assert.equal(await result(rig), "settled");
      assert.equal(rig.imap.commands.filter(isConditional).length, 2);
    }
  });

  it("another program that is faster by a moment is the one who answers", async () => {
    await using rig = await rigWith();
    rig.imap.faults.verdict = once("UID STORE", () => {
      theMail(rig).folder.store("1", `+FLAGS (${MDN_SENT})`);
      return "pass";
    });
    assert.equal(await result(rig), "elsewhere");
    assert.ok(!flags(rig).includes(RECEIPT_CLAIMED));
  });

  it("a server that leaves out what was changed and says nothing of it is asked again, and never believed", async () => {
    for (const [meanwhile, want] of [
      ["\\Flagged", "settled"],
      [MDN_SENT, "elsewhere"],
    ] as const) {
      await using rig = await rigWith();
      rig.imap.faults.verdict = once("UID STORE", () => {
        theMail(rig).folder.store("1", `+FLAGS (${meanwhile})`);
        return ["TAG OK done"];
      });
      assert.equal(await result(rig), want);
      assert.equal(flags(rig).includes(RECEIPT_CLAIMED), want === "settled");
    }
    await using rig = await rigWith();
    rig.imap.faults.verdict = (command) => (isConditional(command) ? ["TAG OK done"] : "pass");
    assert.equal(await result(rig), "no-keywords");
  });

  it("a mail that never stays the same is tried again later", async () => {
    await using rig = await rigWith();
    rig.imap.faults.verdict = (command) => (isConditional(command) ? ["TAG OK [MODIFIED 1] no"] : "pass");
    assert.equal(await result(rig), "refused");
  });

  it("looks where its owner moved it, and says that it is gone where it is nowhere", async () => {
    await using rig = await rigWith();
    const { imap } = rig;
    imap.copy(imap.inbox.mails, imap.addFolder("Heads"));
    imap.expunge(imap.inbox, [1]);
    assert.equal(await result(rig), "settled");
    assert.deepEqual([...(imap.folder("Heads").mails[0]?.flags ?? [])].sort(), [MDN_SENT, RECEIPT_CLAIMED]);
    imap.expunge(imap.folder("Heads"), [1]);
    assert.equal(await result(rig), "gone");
    assert.equal(await result(rig, { fingerprint: "another", folder: "Nowhere" }), "gone");
  });

  it("does nothing where it could not be done once, or not be seen", async () => {
    await using blind = await rigWith(asking(), { capabilities: GOOD_CAPABILITIES });
    assert.equal(await result(blind), "no-condstore");
    await using poor = await rigWith(asking(), {
      prepare: (imap) => {
        imap.faults.permanentFlags = "\\Seen \\Deleted";
      },
    });
    assert.deepEqual(poor.batches[0]?.head.receipts, { means: "no-keywords" });
    assert.equal(await result(poor), "no-keywords");
    for (const { imap } of [blind, poor]) assert.deepEqual(imap.commands.filter(isConditional), []);
  });

  it("does nothing for an account that is only observed, without a lease, or whose own program answers", async () => {
    await using observed = await rigWith();
    observed.mode = "observe";
    observed.update();
    assert.equal(await result(observed), "refused");
    await using lost = await rigWith();
    lost.isHolder = false;
    assert.equal(await result(lost), "refused");
    await using own = await rigWith(asking(), "program");
    assert.equal(await result(own), "elsewhere");
    for (const rig of [observed, lost, own]) assert.ok(!flags(rig).includes(MDN_SENT));
  });

  it("$MDNSent is never taken away, whatever a plan says", async () => {
    await using rig = await rigWith({
      copies: [],
      destination: { kind: "stay", addFlags: ["$x"], removeFlags: ["$mdnsent", "$y"] },
    });
    assert.deepEqual(
      rig.imap.commands
        .filter(({ verb, args }) => verb === "UID STORE" && args.includes("-FLAGS"))
        .map(({ args }) => args),
      ["1 -FLAGS.SILENT ($y)"],
    );
  });
});
