import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseOauthBearer } from "./oauth-bearer.ts";

describe("parseOauthBearer", () => {
  const good = "n,a=anna@example.org,\x01host=h\x01port=4190\x01auth=Bearer abc.def-1==\x01\x01";
  const cases = [
    { name: "RFC 7628 §4.1's form", given: good, want: { name: "anna@example.org", token: "abc.def-1==" } },
    { name: "an escaped name", given: "n,a=a=2Cb=3Dc,\x01auth=bearer t\x01\x01", want: { name: "a,b=c", token: "t" } },
    {
      name: "the channel binding that a client could do",
      given: good.replace("n,", "y,"),
      want: { name: "anna@example.org", token: "abc.def-1==" },
    },
    { name: "no name", given: "n,,\x01auth=Bearer t\x01\x01", want: null },
    { name: "channel binding that is asked for", given: good.replace("n,", "p=tls-unique,"), want: null },
    { name: "a wrong escape", given: "n,a=a=41,\x01auth=Bearer t\x01\x01", want: null },
    { name: "no token", given: "n,a=anna,\x01host=h\x01\x01", want: null },
    { name: "an empty token, asking how", given: "n,a=anna,\x01auth=\x01\x01", want: null },
    { name: "two tokens", given: "n,a=anna,\x01auth=Bearer t\x01auth=Bearer u\x01\x01", want: null },
    { name: "another kind", given: "n,a=anna,\x01auth=Basic t\x01\x01", want: null },
    { name: "a token with a control character", given: "n,a=anna,\x01auth=Bearer t\r\nx\x01\x01", want: null },
    { name: "no end", given: "n,a=anna,\x01auth=Bearer t\x01", want: null },
    { name: "PLAIN", given: "\0anna\0p", want: null },
  ];
  for (const { name, given, want } of cases)
    it(name, () => assert.deepEqual(parseOauthBearer(Buffer.from(given)), want));

  it("never throws on garbage", () => {
    const unit = fc.constantFrom("\x01", "n", ",", "a=", "auth=", "Bearer ", "é", "\0", "=2C");
    fc.assert(fc.property(fc.string({ unit }), (garbage) => void parseOauthBearer(Buffer.from(garbage))));
  });
});
