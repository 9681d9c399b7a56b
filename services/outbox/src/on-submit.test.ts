import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { encodeSubmission, type Sending, type SubmissionHead } from "@tamis/contracts";
import fc from "fast-check";
import { onSubmit, type SubmitDeps } from "./on-submit.ts";
import type { AdmittedSending } from "./tables/intake.ts";

const bytes = (text: string): Buffer => Buffer.from(text);
const described = (octets: Uint8Array, object?: string): SubmissionHead["bodies"][number] => ({
  size: octets.length,
  sha256: createHash("sha256").update(octets).digest("hex"),
  ...(object === undefined ? {} : { object }),
});
const sending = (key: string, more: Partial<Sending> = {}): Sending => ({
  key,
  kind: "vacation",
  to: ["b@example.com"],
  messageId: "<m@x>",
  body: 0,
  cancelsKeep: false,
  hold: false,
  ...more,
});
const MAIL = bytes("Subject: x\r\n\r\n");

function submission(more: Partial<SubmissionHead> = {}, inline: readonly Uint8Array[] = [MAIL]): Uint8Array {
  return encodeSubmission({
    head: {
      v: 1,
      accountId: "anna",
      address: "anna@example.org",
      mailId: "anna/0123abcd/1/1",
      fingerprint: "f",
      internalDate: 5,
      sendings: [sending("1")],
      bodies: inline.map((octets) => described(octets)),
      ...more,
    },
    inline,
  });
}

/** A ledger and a bucket in memory. */
function deps(more: { readonly known?: readonly string[]; readonly objects?: Record<string, Uint8Array> } = {}) {
  const stored: AdmittedSending[] = [];
  const events: string[] = [];
  const objects = new Map(Object.entries(more.objects ?? {}));
  const given: SubmitDeps = {
    intake: {
      known: async (_origin, keys) => new Set(keys.filter((key) => more.known?.includes(key))),
      store: async (_origin, sendings) => {
        stored.push(...sendings);
        events.push("committed");
        return sendings.map(({ key, hold }) => ({ key, state: hold ? "held" : "stored" }));
      },
    },
    objects: {
      get: async (name) => objects.get(name) ?? null,
      delete: async (name) => void events.push(`deleted ${name}`),
    },
    rules: { redirectFrom: "owner", key: "k", maxReceived: 100, maxRedirects: 5, maxBytes: 1000, lifeMs: () => 1 },
    now: () => new Date(0),
    log: { warn: (_fields, event) => void events.push(event) },
    onStored: () => void events.push("woken"),
  };
  return { given, stored, events };
}

describe("outbox.submit", () => {
  it("commits, wakes the courier, takes the objects away, in this order", async () => {
    const { given, events, stored } = deps({ objects: { o: MAIL } });
    const answer = await onSubmit(submission({ bodies: [described(MAIL, "o")] }, []), given);
    assert.deepEqual(answer, { kind: "committed", sendings: [{ key: "1", state: "stored" }] });
    assert.deepEqual(events, ["committed", "woken", "deleted o"]);
    assert.ok(MAIL.equals(stored[0]?.body.octets ?? bytes("")));
  });
  it("answers each sending for itself, in their order", async () => {
    const { given, stored } = deps({ known: ["b"] });
    const sendings = [
      sending("a", { to: ["nobody"] }),
      sending("b"),
      sending("c", { hold: true }),
      sending("d", { kind: "redirect", to: ["Anna@example.org"] }),
    ];
    assert.deepEqual(await onSubmit(submission({ sendings }), given), {
      kind: "committed",
      sendings: [
        { key: "a", state: "refused", reason: "bad-address" },
        { key: "b", state: "known" },
        { key: "c", state: "held" },
        { key: "d", state: "refused", reason: "loop" },
      ],
    });
    assert.deepEqual(
      stored.map(({ key }) => key),
      ["c"],
    );
  });
  it("needs no body for what is known", async () => {
    const { given } = deps({ known: ["1"] });
    const answer = await onSubmit(submission({ bodies: [described(MAIL, "gone")] }, []), given);
    assert.deepEqual(answer, { kind: "committed", sendings: [{ key: "1", state: "known" }] });
  });
  it("answers nothing while a body is not there, or the ledger is away", async () => {
    const { given } = deps();
    await assert.rejects(onSubmit(submission({ bodies: [described(MAIL, "gone")] }, []), given));
    const away: SubmitDeps = { ...given, intake: { ...given.intake, store: () => Promise.reject(new Error("away")) } };
    await assert.rejects(onSubmit(submission(), away));
  });
  for (const { name, frame, want } of [
    { name: "no frame", frame: bytes("nonsense"), want: /not a submission/ },
    { name: "another version", frame: submission({ v: 2 as 1 }), want: /not a submission/ },
    {
      name: "a body that is not there",
      frame: submission({ sendings: [sending("1", { body: 1 })] }),
      want: /not there/,
    },
    { name: "two of one key", frame: submission({ sendings: [sending("1"), sending("1")] }), want: /same key/ },
    { name: "another body", frame: submission({ bodies: [described(bytes("y"))] }, [bytes("x")]), want: /not the one/ },
    {
      name: "a body of another size",
      frame: submission({ bodies: [{ ...described(MAIL), size: 1 }] }),
      want: /not the one/,
    },
  ])
    it(`refuses ${name}`, async () => {
      const answer = await onSubmit(frame, deps().given);
      assert.ok(answer.kind === "refused" && want.test(answer.reason), JSON.stringify(answer));
    });
  it("refuses garbage, and changed submissions, without a throw", async () => {
    const good = submission();
    const flipped = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
      const frame = Uint8Array.from(good);
      frame[at] = (frame[at] ?? 0) ^ by;
      return frame;
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), flipped), async (frame) => {
        assert.ok(["refused", "committed"].includes((await onSubmit(frame, deps().given)).kind));
      }),
    );
  });
});
