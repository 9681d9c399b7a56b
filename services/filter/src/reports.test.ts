import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RetryLater } from "@tamis/bus";
import { decodeMailBatch, type ReportAnswer, type ReportSeen } from "@tamis/contracts";
import { decideOne, delivery, fresh, loaded, NOW, world } from "../test/plain-world.ts";
import { samples } from "../test/report-samples.ts";
import { onMailReceived } from "./on-mail-received.ts";
import type { Reports } from "./reports.ts";

const about = {
  token: "aabcdefghijklmnopqrstuvw2345",
  messageId: "<1@academie.example>",
  recipient: "anne@college.example",
};
const text = samples[0]?.text(about) ?? "";

/** `receipts`, as far as it answers. */
function receipts(
  match: Extract<ReportAnswer, { kind: "noted" }>["match"] = "ours",
  folder: string | null = "Receipts",
) {
  const given: ReportSeen[] = [];
  const reports: Reports = {
    folder,
    handOver: async (report) => {
      given.push(report);
      return { kind: "noted", match };
    },
    onRefused: () => assert.fail(),
  };
  return { reports, given };
}

describe("a report in an account's mail", () => {
  it("is handed over, and filed where it is ours", async () => {
    const { reports, given } = receipts();
    const made = await decideOne({ reports }, { text });
    assert.deepEqual([given.length, given[0]?.kind, given[0]?.fingerprint], [1, "dsn", "1".padStart(16, "0")]);
    const { destination } = made.command().decisions[0]?.plan ?? assert.fail();
    assert.deepEqual(destination, {
      kind: "folder",
      mailbox: "Receipts",
      create: true,
      addFlags: [],
      removeFlags: [],
    });
    assert.deepEqual([made.decided().layer, made.decided().rule], ["after", "receipts"]);
  });

  it("stays where it is not surely ours, or is to stay", async () => {
    for (const { reports } of [receipts("unverified"), receipts("unknown"), receipts("ours", null)])
      assert.equal((await decideOne({ reports }, { text })).destination(), "stay");
  });

  it("that an author's own mail came back with stays in his INBOX, though it is ours", async () => {
    const { reports, given } = receipts();
    const own = text.replaceAll(`retours+${about.token}@`, "anna@");
    assert.equal((await decideOne({ reports }, { text: own })).destination(), "stay");
    assert.equal(given.length, 1);
    const stays: Reports = { ...reports, handOver: async () => ({ kind: "noted", match: "ours", stays: true }) };
    assert.equal((await decideOne({ reports: stays }, { text })).destination(), "stay");
  });

  it("goes where its owner's rules send it, and keeps their flags", async () => {
    const cases = [
      ['require "fileinto"; fileinto "Mine";', "Mine"],
      ["keep;", "stay"],
      ["discard;", "discard"],
    ] as const;
    for (const [script, want] of cases) {
      const { reports, given } = receipts();
      assert.equal((await decideOne({ reports, script: loaded(script) }, { text })).destination(), want);
      assert.equal(given.length, 1);
    }
    const { reports } = receipts();
    const made = await decideOne({ reports, script: loaded('require "imap4flags"; addflag "$Label1";') }, { text });
    const { destination } = made.command().decisions[0]?.plan ?? assert.fail();
    assert.ok(destination.kind === "folder");
    assert.deepEqual(destination.addFlags, ["$Label1"]);
  });

  it("is nobody's business in a preview, when sorted, or when it is only observed", async () => {
    for (const head of [{ purpose: "sort" }, { purpose: "preview" }, { mode: "observe" }, { dryRun: true }] as const) {
      const { reports, given } = receipts();
      await decideOne({ reports }, { text }, head);
      assert.equal(given.length, 0);
    }
  });

  it("is told to an operator where it is refused, and stays", async () => {
    const refused: string[] = [];
    const reports: Reports = {
      folder: "Receipts",
      handOver: async () => ({ kind: "refused", reason: "no" }),
      onRefused: ({ reason }) => refused.push(reason),
    };
    assert.equal((await decideOne({ reports }, { text })).destination(), "stay");
    assert.deepEqual(refused, ["no"]);
  });
});

it("while receipts does not answer, reports wait alone and the other mails go on", async () => {
  const reports: Reports = {
    folder: "Receipts",
    handOver: async () => Promise.reject(new RetryLater("nobody there", { code: "unreachable" })),
    onRefused: () => assert.fail(),
  };
  const { deps, published, command } = world({ reports });
  const mails = [
    { uid: 1, text: fresh("Subject: x") },
    { uid: 2, text },
  ];
  await onMailReceived(delivery(mails), deps);
  assert.deepEqual(
    command(0).decisions.map(({ uid }) => uid),
    [1],
  );
  const [alone] = published.slice(1).map(({ payload }) => decodeMailBatch(payload));
  assert.deepEqual(
    alone?.mails.map(({ meta }) => meta.uid),
    [2],
  );
  const late = { ...delivery(mails.slice(1)), storedAt: NOW - 61_000 };
  await onMailReceived(late, deps);
  assert.equal(published.length, 2, "after a minute it is left to its INBOX");
});
