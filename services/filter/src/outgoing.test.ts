import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyCommand, type BatchHead, type Decision, KEEP, mailDecided } from "@tamis/contracts";
import { decidedFacts, encodeApplyCommands } from "./outgoing.ts";

const head: BatchHead = {
  v: 1,
  accountId: "a1",
  address: "anna@example.org",
  mode: "act",
  purpose: "live",
  folder: { id: "8b9f2e1c", name: "INBOX", uidValidity: 7 },
};
const times = { seenAt: 1, fetchedAt: 2, receivedByFilterAt: 3, decidedAt: 4 };
const decision = (uid: number, mailbox?: string): Decision => ({
  uid,
  internalDate: 0,
  fingerprint: "0011223344556677",
  plan:
    mailbox === undefined
      ? KEEP
      : { copies: [], destination: { kind: "folder", mailbox, create: false, addFlags: [], removeFlags: [] } },
  times,
});
const decode = (payload: Uint8Array) => applyCommand.parse(JSON.parse(Buffer.from(payload).toString()));

describe("encodeApplyCommands", () => {
  it("is none of a dry run", () => {
    assert.deepEqual(
      encodeApplyCommands({ ...head, mode: "observe", sortId: "s1", dryRun: true }, "header", [decision(1)]),
      [],
    );
  });

  it("is one command as its schema says", () => {
    const [payload, ...more] = encodeApplyCommands({ ...head, sortId: "s1" }, "header", [
      decision(1),
      decision(2, 'Été "x"'),
    ]);
    assert.equal(more.length, 0);
    assert.ok(payload);
    assert.deepEqual(decode(payload), {
      v: 1,
      accountId: "a1",
      mode: "act",
      sortId: "s1",
      folder: head.folder,
      reads: "header",
      decisions: [decision(1), decision(2, 'Été "x"')],
    });
  });

  it("says whether the account's rules read bodies", () => {
    for (const reads of ["whole", "header"] as const) {
      const payloads = encodeApplyCommands(head, reads, [decision(1)]);
      assert.deepEqual(
        payloads.map((payload) => decode(payload).reads),
        [reads],
      );
    }
  });

  it("is several where one would be too long, and loses none", () => {
    const decisions = Array.from({ length: 64 }, (_, i) => decision(i + 1, "é".repeat(1000)));
    const payloads = encodeApplyCommands(head, "header", decisions, 20_000);
    assert.ok(payloads.length > 5);
    assert.ok(payloads.every((payload) => payload.length <= 20_000));
    assert.deepEqual(
      payloads.flatMap((payload) => decode(payload).decisions),
      decisions,
    );
  });

  it("is none for no decision", () => assert.deepEqual(encodeApplyCommands(head, "header", []), []));
});

describe("decidedFacts", () => {
  const mail = (uid: number, text: string) => ({
    mailId: `a1/8b9f2e1c/7/${uid}`,
    at: 1,
    plan: KEEP,
    trace: [{ line: 1, text }],
    durationMs: 0.1,
  });

  it("names the script, and passes its schema", () => {
    const [written] = decidedFacts(head, { name: "main", version: "v1", program: null }, [mail(1, "x")]);
    assert.deepEqual(JSON.parse(written?.text ?? ""), written?.fact);
    assert.deepEqual(mailDecided.schema.parse(written?.fact), {
      v: 1,
      accountId: "a1",
      mode: "act",
      script: { name: "main", version: "v1" },
      mails: [mail(1, "x")],
    });
  });

  it("splits by size, and loses none", () => {
    const mails = Array.from({ length: 64 }, (_, i) => mail(i + 1, "\u0001".repeat(200)));
    const facts = decidedFacts(head, null, mails, 10_000);
    assert.ok(facts.length > 1);
    for (const { fact, text } of facts) {
      assert.ok(Buffer.byteLength(text) <= 10_000);
      assert.deepEqual(JSON.parse(text), fact);
    }
    assert.deepEqual(
      facts.flatMap(({ fact }) => fact.mails),
      mails,
    );
  });
});
