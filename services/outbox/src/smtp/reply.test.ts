import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatReply, ReplyReader, type SmtpReply } from "./reply.ts";

const read = (text: string): SmtpReply[] | null => new ReplyReader().push(Buffer.from(text));

describe("replies", () => {
  for (const { name, text, want } of [
    { name: "one line", text: "250 OK\r\n", want: [{ code: 250, status: null, text: "OK" }] },
    { name: "a status", text: "450 4.2.0 busy\r\n", want: [{ code: 450, status: "4.2.0", text: "busy" }] },
    {
      name: "several lines with a status each",
      text: "550-5.1.1 no\r\n550 5.1.1 such user\r\n",
      want: [{ code: 550, status: "5.1.1", text: "no such user" }],
    },
    { name: "nothing behind the code", text: "250\r\n", want: [{ code: 250, status: null, text: "" }] },
    {
      name: "two at once",
      text: "250 a\r\n354 b\n",
      want: [
        { code: 250, status: null, text: "a" },
        { code: 354, status: null, text: "b" },
      ],
    },
    { name: "one that is not complete", text: "250-a\r\n250 b", want: [] },
    {
      name: "control characters",
      text: "250 a\x1b[31m\x00b\r\n",
      want: [{ code: 250, status: null, text: "a [31m b" }],
    },
  ])
    it(name, () =>
      assert.deepEqual(
        read(text)?.map(({ lines: _, ...reply }) => reply),
        want,
      ),
    );
  for (const text of [
    "HTTP/1.1 400 Bad Request\r\n",
    "99 x\r\n",
    "700 x\r\n",
    "\r\n",
    "x".repeat(70_000),
    "250-\r\n".repeat(70_000),
  ])
    it(`no SMTP: ${JSON.stringify(text.slice(0, 20))}`, () => assert.equal(read(text), null));

  it("are the same however they are cut", () => {
    const line = fc
      .tuple(fc.integer({ min: 200, max: 599 }), fc.string({ unit: "binary", maxLength: 20 }))
      .map(([code, text]) => `${code} ${text.replace(/[\r\n]/g, "")}\r\n`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), fc.integer({ min: 1, max: 7 }), (lines, size) => {
        const octets = Buffer.from(lines.join(""));
        const reader = new ReplyReader();
        const found: SmtpReply[] = [];
        for (let at = 0; at < octets.length; at += size)
          found.push(...(reader.push(octets.subarray(at, at + size)) ?? []));
        assert.deepEqual(found, read(octets.toString()));
        assert.equal(found.length, lines.length);
      }),
    );
  });

  it("never throw on garbage", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (chunks) => {
        const reader = new ReplyReader();
        for (const chunk of chunks) if (reader.push(chunk) === null) return;
      }),
    );
  });

  it("are shown with what there is of them", () => {
    assert.equal(formatReply({ code: 450, status: "4.2.0", text: "busy", lines: [] }), "450 4.2.0 busy");
    assert.equal(formatReply({ code: 250, status: null, text: "", lines: [] }), "250");
  });
});
