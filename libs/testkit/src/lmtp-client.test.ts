import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toDataBlock } from "./lmtp-client.ts";

describe("toDataBlock", () => {
  const cases = [
    { name: "ends what has no end", raw: "a", want: "a\r\n.\r\n" },
    { name: "keeps CRLF and mends LF", raw: "a\r\nb\nc\n", want: "a\r\nb\r\nc\r\n.\r\n" },
    { name: "doubles leading dots", raw: ".a\n..b\nc.\n", want: "..a\r\n...b\r\nc.\r\n.\r\n" },
    { name: "takes text as UTF-8", raw: "é", want: Buffer.from("é\r\n.\r\n") },
    {
      name: "leaves bytes alone",
      raw: Buffer.from([0xff, 0x00, 0x80]),
      want: Buffer.from("\xff\x00\x80\r\n.\r\n", "latin1"),
    },
  ];
  for (const { name, raw, want } of cases) it(name, () => assert.deepEqual(toDataBlock(raw), Buffer.from(want)));
});
