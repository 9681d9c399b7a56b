import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Reject, RetryLater } from "@tamis/bus";
import { decodeMailBatch, encodeMailBatch, KEEP, partitionOf } from "@tamis/contracts";
import fc from "fast-check";
import { delivery as deliveryOf, fingerprintOf, HEAD, loaded, NOW, world as plainWorld } from "../test/plain-world.ts";
import { ACCOUNT_REFUSED, type MailboxAsker } from "./needs.ts";
import { onMailReceived } from "./on-mail-received.ts";
import type { LoadedScript } from "./scripts.ts";

const P = partitionOf("a1");
const delivery = (...given: Parameters<typeof deliveryOf>) => ({
  ...deliveryOf(...given),
  subject: `mail.received.${P}`,
});
const world = (script: LoadedScript | null, asker: Partial<MailboxAsker> = {}) => plainWorld({ script, asker });

const LISTS = `require ["fileinto", "mailbox"];
# rule:[Lists]
if header :contains "subject" "[info]" { fileinto :create "Lists"; }`;

describe("onMailReceived", () => {
  it("decides a batch: one command, one fact, ids from the mails and the sequence", async () => {
    const { deps, published, facts, command } = world(loaded(LISTS));
    await onMailReceived(
      delivery([
        { uid: 4, text: "Subject: [info] x\n\n" },
        { uid: 6, text: "Subject: y\n\n" },
      ]),
      deps,
    );
    assert.deepEqual(
      published.map(({ subject, id }) => ({ subject, id })),
      [{ subject: `mailbox.apply.${P}`, id: "a1/8b9f2e1c/7/4-6/apply/99" }],
    );
    assert.deepEqual(published[0]?.headers, { "Tamis-Account": "a1", "Tamis-Partition": String(P) });
    const { decisions, ...about } = command();
    assert.deepEqual(about, { v: 1, accountId: "a1", mode: "act", folder: HEAD.folder, reads: "header" });
    assert.deepEqual(
      decisions.map(({ uid, fingerprint, plan }) => [uid, fingerprint, plan.destination.kind]),
      [
        [4, fingerprintOf(4), "folder"],
        [6, fingerprintOf(6), "stay"],
      ],
    );
    assert.deepEqual(decisions[0]?.times, {
      seenAt: NOW,
      fetchedAt: NOW + 1,
      receivedByFilterAt: NOW + 5,
      decidedAt: NOW + 5,
    });
    assert.deepEqual([facts.length, facts[0]?.p, facts[0]?.id], [1, P, "a1/8b9f2e1c/7/4-6/decided/99"]);
    const [first, second] = facts[0]?.fact.mails ?? [];
    assert.deepEqual([first?.mailId, first?.rule, first?.line], ["a1/8b9f2e1c/7/4", "Lists", 3]);
    assert.deepEqual(
      first?.trace.map((step) => step.text),
      ['header subject "[info]": [info] x', 'fileinto "Lists"'],
    );
    assert.deepEqual([second?.rule, second?.trace], [undefined, []]);
    assert.deepEqual(facts[0]?.fact.script, { name: "main", version: "v1" });
  });

  it("keeps everything where there is no script", async () => {
    const { deps, facts, command } = world(null);
    await onMailReceived(delivery([{ uid: 1, text: "Subject: x\n\n" }]), deps);
    assert.equal(command().decisions[0]?.plan.destination.kind, "stay");
    assert.equal(facts[0]?.fact.script, undefined);
  });

  it("tells until when a snoozed mail sleeps, in the zone of the settings", async () => {
    const { deps, facts, command } = world(loaded('require "snooze"; snooze :mailbox "Later" ["09:30", "11:05"];'));
    await onMailReceived(delivery([{ uid: 1, text: "Subject: x\n\n" }]), deps);
    const { destination } = command().decisions[0]?.plan ?? assert.fail();
    assert.ok(destination.kind === "folder");
    const until = Date.parse("2026-11-22T10:05:00Z");
    assert.deepEqual(destination.wake, { until, mailbox: "Later", create: false, addFlags: [], removeFlags: [] });
    assert.deepEqual(facts[0]?.fact.mails[0]?.plan.destination, destination);
    assert.equal(facts[0]?.fact.mails[0]?.error, undefined);
  });

  it("says mode and sortId on in command and fact", async () => {
    const { deps, facts, command } = world(loaded(LISTS));
    await onMailReceived(
      delivery([{ uid: 1, text: "Subject: [info]\n\n" }], { mode: "observe", purpose: "sort", sortId: "s1" }),
      deps,
    );
    assert.deepEqual([command().mode, command().sortId], ["observe", "s1"]);
    assert.deepEqual([facts[0]?.fact.mode, facts[0]?.fact.sortId], ["observe", "s1"]);
  });

  it("keeps mail whose script does not compile, fails, or redirects, and tells the owner", async () => {
    const failing = `require ["fileinto", "variables"]; set "x" ""; if true { fileinto "\${x}"; }`;
    const scripts = [
      { name: "main", version: "v1", program: null },
      loaded(failing),
      loaded('redirect "bob@example.net";'),
    ];
    for (const script of scripts) {
      const { deps, facts, command } = world(script);
      await onMailReceived(delivery([{ uid: 1, text: "Subject: x\n\n" }]), deps);
      assert.equal(command().decisions[0]?.plan.destination.kind, "stay");
      assert.match(facts[0]?.fact.mails[0]?.error ?? "", /./);
    }
  });

  it("asks for folders once per batch", async () => {
    const asked: (readonly string[])[] = [];
    const mailboxesExist: MailboxAsker["mailboxesExist"] = async (_, names) => {
      asked.push(names);
      return new Map(names.map((name) => [name, name === "Old"]));
    };
    const script = loaded('require ["fileinto", "mailbox"]; if mailboxexists "Old" { fileinto "Old"; }');
    const { deps, command } = world(script, { mailboxesExist });
    await onMailReceived(
      delivery([
        { uid: 1, text: "Subject: x\n\n" },
        { uid: 2, text: "Subject: y\n\n" },
      ]),
      deps,
    );
    assert.deepEqual(asked, [["Old"]]);
    assert.deepEqual(
      command().decisions.map(({ plan }) => plan.destination.kind),
      ["folder", "folder"],
    );
  });

  const BODY = 'require ["fileinto", "body"]; if body :raw :contains "needle" { fileinto "Found"; }';

  it("fetches the rest of a cut mail when a test reads the body", async () => {
    const whole = Buffer.from("Subject: x\r\n\r\nhay hay needle");
    const { deps, command } = world(loaded(BODY), {
      wholeMail: async (_, uid) => (uid === 3 ? { kind: "whole", raw: whole } : { kind: "gone" }),
    });
    await onMailReceived(delivery([{ uid: 3, text: "Subject: x\n\nhay", meta: { size: whole.length } }]), deps);
    assert.equal(command().decisions[0]?.plan.destination.kind, "folder");
  });

  it("keeps a cut mail that is gone, or too large to fetch", async () => {
    for (const [kind, error] of [
      ["gone", undefined],
      ["too-large", "the mail is too large for tests on its body; it was kept"],
    ] as const) {
      const { deps, command, facts } = world(loaded(BODY), {
        wholeMail: async () => ({ kind, begin: Buffer.alloc(0) }),
      });
      await onMailReceived(delivery([{ uid: 3, text: "Subject: x\n\nhay", meta: { size: 99 } }]), deps);
      assert.equal(command().decisions[0]?.plan.destination.kind, "stay");
      assert.equal(facts[0]?.fact.mails[0]?.error, error);
    }
  });

  it("rejects what is no batch", async () => {
    const { deps } = world(null);
    for (const payload of [Buffer.from("nonsense"), new Uint8Array(), encodeMailBatch({ head: HEAD, mails: [] })]) {
      await assert.rejects(onMailReceived({ ...delivery([]), payload }, deps), Reject);
    }
  });

  it("rejects any bytes that are no batch", async () => {
    const { deps } = world(null);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (payload) => {
        await assert.rejects(onMailReceived({ ...delivery([]), payload }, deps), Reject);
      }),
    );
  });

  it("waits while scripts or folders cannot be had: nothing is published", async () => {
    const later = new RetryLater("down", { code: "unreachable" });
    const script = loaded('require "mailbox"; if mailboxexists "Old" { discard; }');
    const { deps, published, facts } = world(script, { mailboxesExist: async () => Promise.reject(later) });
    await assert.rejects(onMailReceived(delivery([{ uid: 1, text: "Subject: x\n\n" }]), deps), later);
    const without = { ...deps, scripts: { ...deps.scripts, of: async () => Promise.reject(later) } };
    await assert.rejects(onMailReceived(delivery([{ uid: 1, text: "Subject: x\n\n" }]), without), later);
    assert.deepEqual([published.length, facts.length], [0, 0]);
  });

  it("leaves live mail of an account that cannot be asked to its INBOX after a minute; a sort waits on", async () => {
    const refused = new RetryLater("parked", { code: ACCOUNT_REFUSED });
    const script = loaded('require "mailbox"; if mailboxexists "Old" { discard; }');
    const { deps, published, logged } = world(script, { mailboxesExist: async () => Promise.reject(refused) });
    const mail = [{ uid: 1, text: "Subject: x\n\n" }];
    const old = { storedAt: NOW - 61_000 };
    await assert.rejects(onMailReceived(delivery(mail), deps), refused);
    await assert.rejects(
      onMailReceived({ ...delivery(mail, { purpose: "sort", sortId: "s" }), ...old }, deps),
      refused,
    );
    await onMailReceived({ ...delivery(mail), ...old }, deps);
    assert.deepEqual([published.length, logged], [0, ["batch-held"]]);
  });

  it("publishes a mail that fails alone again as a batch of one, and decides the others", async () => {
    const { deps, published, facts, logged, command } = world(loaded(BODY), {
      wholeMail: async (_, uid) =>
        uid === 2 ? Promise.reject(new TypeError("our bug")) : { kind: "whole", raw: Buffer.from("\r\nneedle") },
    });
    const mails = [1, 2, 3].map((uid) => ({ uid, text: "Subject: x\n\nhay", meta: { size: 99 } }));
    await onMailReceived(delivery(mails), deps);
    assert.deepEqual(
      command(0).decisions.map(({ uid }) => uid),
      [1, 3],
    );
    assert.deepEqual(
      [published[1]?.subject, published[1]?.id],
      [`mail.received.${P}`, "a1/8b9f2e1c/7/2/received/alone/99"],
    );
    const alone = decodeMailBatch(published[1]?.payload ?? new Uint8Array());
    assert.deepEqual([alone.head, alone.mails.map(({ meta }) => meta.uid)], [HEAD, [2]]);
    assert.deepEqual([facts[0]?.fact.mails.length, logged], [2, ["mail-failed"]]);
    await assert.rejects(
      onMailReceived({ ...delivery([]), payload: published[1]?.payload ?? new Uint8Array() }, deps),
      TypeError,
    );
  });

  it("hands the trace context on as it came where nothing is recorded", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    const { deps, facts, published, command } = world(null);
    await onMailReceived(delivery([{ uid: 1, text: "Subject: x\n\n", meta: { traceparent } }]), deps);
    assert.equal(command().decisions[0]?.traceparent, traceparent);
    assert.equal(facts[0]?.fact.mails[0]?.traceparent, traceparent);
    assert.equal(published[0]?.traceparent, traceparent);
  });

  it("keeps a mail whose plan would be too long for a message", async () => {
    const flags = Array.from({ length: 100 }, (_, i) => `"k${i}${"x".repeat(900)}"`).join(", ");
    const { deps, facts, command } = world(loaded(`require "imap4flags"; addflag [${flags}];`));
    await onMailReceived(delivery([{ uid: 1, text: "Subject: x\n\n" }]), deps);
    assert.deepEqual(command().decisions[0]?.plan, KEEP);
    assert.match(facts[0]?.fact.mails[0]?.error ?? "", /too long/);
  });
});
