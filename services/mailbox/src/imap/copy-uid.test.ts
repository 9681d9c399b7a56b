import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readCopyUid } from "./copy-uid.ts";

const read = (text: string): unknown => {
  const result = { uidValidity: 0, uids: new Map<number, number>() };
  readCopyUid(text.split(" "), result);
  return [result.uidValidity, [...result.uids]];
};

describe("readCopyUid (RFC 4315 §3)", () => {
  for (const { name, text, want } of [
    {
      name: "ranges on both sides",
      text: "38505 304,319:320 3956:3958",
      want: [
        38505,
        [
          [304, 3956],
          [319, 3957],
          [320, 3958],
        ],
      ],
    },
    {
      name: "a range backwards",
      text: "1 2:1 10:11",
      want: [
        1,
        [
          [2, 10],
          [1, 11],
        ],
      ],
    },
    { name: "fewer targets than sources", text: "1 1:3 10", want: [1, [[1, 10]]] },
    { name: "nothing after UIDVALIDITY", text: "1", want: [1, []] },
    { name: "nothing", text: "", want: [0, []] },
    { name: "garbage", text: "x y z", want: [0, []] },
  ])
    it(name, () => assert.deepEqual(read(text), want));
});
