import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fetchedMail } from "./fetched-mail.ts";
import { readFetchItems } from "./response-values.ts";

const fetched = (text: string, literals: readonly Buffer[] = []): ReturnType<typeof fetchedMail> =>
  fetchedMail(readFetchItems({ text, literals }, 0));

describe("fetchedMail", () => {
  it("reads a usual answer", () => {
    const mail = fetched(
      '(UID 7 FLAGS (\\Flagged $x) INTERNALDATE " 2-Nov-2026 08:00:00 +0100" RFC822.SIZE 1234 BODY[]<0> \0)',
      [Buffer.from("abc")],
    );
    assert.deepEqual(mail, {
      uid: 7,
      size: 1234,
      internalDate: Date.parse("2026-11-02T07:00:00Z"),
      flags: ["\\Flagged", "$x"],
      bytes: Buffer.from("abc"),
    });
  });

  it("reads a body that came as a quoted string, or as NIL", () => {
    assert.equal(fetched('(UID 1 BODY[] "a\\"b")').bytes.toString(), 'a"b');
    assert.equal(fetched("(UID 1 BODY[] NIL)").bytes.length, 0);
  });

  it("leaves out what is not told", () => {
    assert.deepEqual(fetched("(UID 1)"), { uid: 1, size: 0, internalDate: 0, flags: [], bytes: Buffer.alloc(0) });
  });
});
