import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BATCH_MAX_BYTES, BATCH_MAX_MAILS } from "@tamis/contracts";
import fc from "fast-check";
import { cutBatches, readMail } from "./publish-mail.ts";

const mailOf = (uid: number, bytes: number): ReturnType<typeof readMail> =>
  readMail({ uid, size: bytes, internalDate: 0, flags: [], bytes: Buffer.alloc(bytes) }, 0);

describe("cutBatches", () => {
  it("keeps every mail in its order, in batches that are as small as they must be and no smaller", () => {
    const sizes = fc.array(fc.oneof(fc.nat(5_000), fc.nat(448 * 1024)), { maxLength: 150 });
    fc.assert(
      fc.property(sizes, (list) => {
        const mails = list.map((bytes, i) => mailOf(i + 1, bytes));
        const batches = cutBatches(mails);
        assert.deepEqual(
          batches.flat().map(({ uid }) => uid),
          mails.map(({ uid }) => uid),
        );
        for (const [i, batch] of batches.entries()) {
          const bytes = batch.reduce((sum, mail) => sum + mail.bytes.length, 0);
          assert.ok(batch.length > 0 && batch.length <= BATCH_MAX_MAILS);
          assert.ok(batch.length === 1 || bytes <= BATCH_MAX_BYTES);
          const next = batches[i + 1]?.[0];
          if (next !== undefined)
            assert.ok(
              batch.length === BATCH_MAX_MAILS ||
                bytes + next.bytes.length + 400 * (batch.length + 1) > BATCH_MAX_BYTES,
            );
        }
      }),
      { numRuns: 30 },
    );
  });
});
