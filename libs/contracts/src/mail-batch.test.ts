import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeMailBatch, encodeMailBatch, type MailBatch } from "./mail-batch.ts";

const text = fc.string({ unit: "grapheme" });
const time = fc.double({ min: 1, max: 4e12, noNaN: true });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });

const head = fc.record(
  {
    v: fc.constant(1 as const),
    accountId: fc.string({ unit: "grapheme", minLength: 1 }),
    address: text,
    mode: fc.constantFrom("observe" as const, "act" as const),
    purpose: fc.constantFrom("live" as const, "sort" as const, "again" as const),
    sortId: text,
    folder: fc.record({ id: text, name: text, uidValidity: uint32 }, { noNullPrototype: true }),
  },
  { requiredKeys: ["v", "accountId", "address", "mode", "purpose", "folder"], noNullPrototype: true },
);

const mail = fc.record({
  meta: fc.record(
    {
      uid: fc.integer({ min: 1, max: 0xffffffff }),
      size: uint32,
      internalDate: time,
      flags: fc.array(text, { maxLength: 4 }),
      fingerprint: text,
      traceparent: text,
      seenAt: time,
      fetchedAt: time,
    },
    {
      requiredKeys: ["uid", "size", "internalDate", "flags", "fingerprint", "seenAt", "fetchedAt"],
      noNullPrototype: true,
    },
  ),
  raw: fc.uint8Array({ maxLength: 400 }),
});

const batch = fc.record({ head, mails: fc.array(mail, { maxLength: 5 }) });

function sample(): MailBatch {
  return {
    head: {
      v: 1,
      accountId: "acc",
      address: "prof@ecole.example",
      mode: "act",
      purpose: "live",
      folder: { id: "0f0f0f0f", name: "INBOX", uidValidity: 1 },
    },
    mails: [1, 2].map((uid) => ({
      meta: { uid, size: 5, internalDate: 0, flags: [], fingerprint: "00", seenAt: 1, fetchedAt: 2 },
      raw: new Uint8Array([uid, 0, 255, 13, 10]),
    })),
  };
}

function plain(given: MailBatch): unknown {
  return { head: given.head, mails: given.mails.map(({ meta, raw }) => ({ meta, raw: [...raw] })) };
}

/** Decodes, or fails with an ordinary error. */
function decodesOrThrows(frame: Uint8Array): void {
  try {
    decodeMailBatch(frame);
  } catch (error) {
    assert.ok(error instanceof Error);
  }
}

describe("a mail batch", () => {
  it("is read back as it was written", () => {
    fc.assert(
      fc.property(batch, (given) => assert.deepEqual(plain(decodeMailBatch(encodeMailBatch(given))), plain(given))),
    );
  });

  it("is read out of the middle of another buffer, and its bytes are not copied", () => {
    const frame = encodeMailBatch(sample());
    const around = new Uint8Array(frame.length + 20).fill(7);
    around.set(frame, 9);
    const decoded = decodeMailBatch(around.subarray(9, 9 + frame.length));
    assert.deepEqual(plain(decoded), plain(sample()));
    assert.equal(decoded.mails[0]?.raw.buffer, around.buffer);
  });

  it("of garbage ends in an ordinary error", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), decodesOrThrows));
    assert.throws(() => decodeMailBatch(new Uint8Array(0)), RangeError);
  });

  it("with any byte changed ends, in a batch or an ordinary error", () => {
    const frame = encodeMailBatch(sample());
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.nat(255), (at, value) => {
        const broken = Uint8Array.from(frame);
        broken[at] = value;
        decodesOrThrows(broken);
      }),
      { numRuns: 500 },
    );
  });

  it("cut anywhere but between two mails is refused", () => {
    const one: MailBatch = { head: sample().head, mails: sample().mails.slice(0, 1) };
    const none: MailBatch = { head: sample().head, mails: [] };
    const whole = new Set([sample(), one, none].map((whatsLeft) => encodeMailBatch(whatsLeft).length));
    const frame = encodeMailBatch(sample());
    for (let length = 0; length < frame.length; length++) {
      const cut = frame.subarray(0, length);
      if (whole.has(length)) assert.doesNotThrow(() => decodeMailBatch(cut));
      else assert.throws(() => decodeMailBatch(cut), RangeError);
    }
  });

  const broken = [
    { name: "a UID of zero", change: (json: string) => json.replace('"uid":1', '"uid":0') },
    { name: "no INTERNALDATE", change: (json: string) => json.replace('"internalDate":0,', "") },
    { name: "another version", change: (json: string) => json.replace('"v":1', '"v":2') },
    { name: "an unknown mode", change: (json: string) => json.replace('"act"', '"pray"') },
  ];
  for (const { name, change } of broken) {
    it(`is refused: ${name}`, () => {
      const frame = encodeMailBatch(sample());
      const pieces: Uint8Array[] = [];
      const view = new DataView(frame.buffer);
      for (let at = 4; at < frame.length; at += 4 + view.getUint32(at)) {
        pieces.push(frame.subarray(at + 4, at + 4 + view.getUint32(at)));
      }
      const changed = pieces.map((piece) => Buffer.from(change(Buffer.from(piece).toString("latin1")), "latin1"));
      const lengths = changed.map((piece) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(piece.length);
        return length;
      });
      const again = Buffer.concat([
        frame.subarray(0, 4),
        ...changed.flatMap((piece, i) => [lengths[i] ?? piece, piece]),
      ]);
      assert.throws(() => decodeMailBatch(again), { name: "ZodError" });
    });
  }
});
