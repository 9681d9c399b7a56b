import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parsePlace } from "./arrival.ts";

describe("parsePlace", () => {
  const place = { deliveries: 3, seq: 1234, storedAtNanos: "1763800000123456789" };
  const cases = [
    { name: "as nats-server 2.9 writes it", reply: "$JS.ACK.MAIL.filter.3.1234.77.1763800000123456789.5", want: place },
    {
      name: "with domain and account",
      reply: "$JS.ACK._.HASH.MAIL.filter.3.1234.77.1763800000123456789.5.token",
      want: place,
    },
    { name: "an inbox", reply: "_INBOX.abc.1", want: null },
    { name: "too short", reply: "$JS.ACK.MAIL.filter.3", want: null },
    { name: "empty", reply: "", want: null },
  ];
  for (const { name, reply, want } of cases) it(name, () => assert.deepEqual(parsePlace(reply), want));

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (reply) => void parsePlace(reply)));
  });
});
