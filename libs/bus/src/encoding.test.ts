import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { headers } from "@nats-io/transport-node";
import { headerNames } from "@tamis/contracts";
import { compressed, payloadOf } from "./encoding.ts";

const long = Buffer.from("Bonjour à toutes et à tous. ".repeat(2_000));

describe("compressed payloads", () => {
  it("are shorter, and come back as they were", () => {
    const about = headers();
    const data = compressed(long, about);
    assert.ok(data.length < long.length / 10);
    assert.deepEqual(Buffer.from(payloadOf({ data, headers: about })), long);
  });

  it("are left alone where nothing is won", () => {
    for (const payload of [Buffer.alloc(100), crypto.getRandomValues(new Uint8Array(20_000))]) {
      const about = headers();
      assert.equal(compressed(payload, about), payload);
      assert.equal(payloadOf({ data: payload, headers: about }), payload);
    }
  });

  for (const told of ["", "-1", "x", "8192", "55999", "4194304", "99999999999"])
    it(`come back as they were where their length is told to be "${told}"`, () => {
      const about = headers();
      const data = compressed(long, about);
      about.set(headerNames.length, told);
      assert.deepEqual(Buffer.from(payloadOf({ data, headers: about })), long);
    });

  it("throw where they are none", () => {
    const about = headers();
    compressed(long, about);
    assert.throws(() => payloadOf({ data: Buffer.from("no"), headers: about }));
  });
});
