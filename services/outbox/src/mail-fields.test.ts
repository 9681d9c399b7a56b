import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { withWholeLines } from "./mail-fields.ts";

it("each CR and each LF ends a line, and no other octet is touched", () => {
  const text = fc.array(fc.constantFrom("\r", "\n", "a", "\u00ff"), { maxLength: 12 }).map((octets) => octets.join(""));
  fc.assert(
    fc.property(text, (mail) => {
      const whole = Buffer.from(withWholeLines(Buffer.from(mail, "latin1"))).toString("latin1");
      assert.equal(whole, mail.replace(/\r\n|\r|\n/g, "\r\n"));
    }),
    { numRuns: 1_000 },
  );
  const asItIs = Buffer.from("a\r\n");
  assert.equal(withWholeLines(asItIs), asItIs);
});
