import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeldLease } from "./held-lease.ts";

describe("a held lease", () => {
  it("is valid for so long after a renewal was sent, not after its answer came", () => {
    const now = performance.now();
    const lease = new HeldLease(3, 17, { sentAt: now - 6_900, validMs: 7_000 });
    assert.equal(lease.token, 17);
    assert.equal(lease.isValid(), true);
    lease.confirm(18, now - 7_001);
    assert.equal(lease.isValid(), false, "an answer that was long on its way confirms the past only");
    lease.confirm(19, performance.now());
    assert.equal(lease.isValid(), true);
    assert.equal(lease.token, 17, "renewals do not change the token");
    assert.equal(lease.revision, 19);
  });

  it("is over once it ended, whatever comes later", () => {
    const lease = new HeldLease(3, 17, { sentAt: performance.now(), validMs: 7_000 });
    lease.end();
    lease.confirm(18, performance.now());
    assert.equal(lease.isValid(), false);
    assert.equal(lease.validUntil(), Number.NEGATIVE_INFINITY);
  });
});
