import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseMailto } from "./mailto.ts";

describe("parseMailto", () => {
  const cases: readonly { readonly uri: string; readonly want: object | null }[] = [
    { uri: "mailto:a@b.c", want: { to: ["a@b.c"] } },
    { uri: "MAILTO:a@b.c,%20d@e.f", want: { to: ["a@b.c", "d@e.f"] } },
    { uri: "mailto:a@b.c?to=g@h.i&cc=j%40k.l%2Cm@n.o", want: { to: ["a@b.c", "g@h.i"], cc: ["j@k.l", "m@n.o"] } },
    { uri: "mailto:a@b.c?Subject=x%26y&body=%C3%A9", want: { to: ["a@b.c"], subject: "x&y", body: "é" } },
    { uri: "mailto:a@b.c?subject=x&amp;body=y", want: { to: ["a@b.c"], subject: "x", body: "y" } },
    {
      uri: "mailto:a@b.c?X-A=1&from=x@y.z&Received=r&x-b=2",
      want: {
        to: ["a@b.c"],
        fields: [
          ["X-A", "1"],
          ["x-b", "2"],
        ],
      },
    },
    { uri: "mailto:a@b.c%2C%20d@e.f?bcc=g@h.i%2cj@k.l", want: { to: ["a@b.c", "d@e.f"], bcc: ["g@h.i", "j@k.l"] } },
    { uri: "mailto:%22A.%20B%22%20%3Ca@b.c%3E", want: { to: ["a@b.c"] } },
    { uri: "mailto:a@b.c?body=x%0D%0Ay", want: { to: ["a@b.c"], body: "x\r\ny" } },
    { uri: "mailto:a@b.c?subject=x%0D%0ABcc:y@b.c", want: null },
    { uri: "mailto:a@b.c?X-A=x%0Ay", want: null },
    { uri: "mailto:a@b.c?body=%00", want: null },
    { uri: "mailto:a%25b@b.c", want: { to: ["a%b@b.c"] } },
    { uri: "mailto:", want: null },
    { uri: "mailto:a", want: null },
    { uri: "mailto:a@b.c?subject", want: null },
    { uri: "mailto:a@b.c?x y=1", want: null },
    { uri: "mailto:a@b.c?subject=%", want: null },
    { uri: "mailto:a%0D%0ABcc:x@b.c", want: null },
    { uri: `mailto:${Array.from({ length: 17 }, (_, index) => `a${index}@b.c`).join(",")}`, want: null },
    { uri: "http://a@b.c", want: null },
  ];
  const empty = { to: [], cc: [], bcc: [], subject: null, body: null, fields: [] };
  for (const { uri, want } of cases) {
    it(uri.slice(0, 60), () => assert.deepEqual(parseMailto(uri), want === null ? null : { ...empty, ...want }));
  }

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void parseMailto(`mailto:${text}`)));
  });
});
