import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type SignInAttempted, signInAttempted } from "@tamis/contracts";
import { type AuditFields, auditor } from "./audit.ts";

function stage(publish?: () => Promise<void>) {
  const facts: SignInAttempted[] = [];
  const lines: [Record<string, unknown>, string][] = [];
  let now = 0;
  const write = (fields: Readonly<Record<string, unknown>>, event: string) => void lines.push([fields, event]);
  const audit = auditor({
    door: "managesieve",
    publish: async (_p, fact) => {
      await publish?.();
      facts.push(fact);
    },
    log: { info: write, warn: write },
    now: () => now,
    instance: "i",
  });
  return { audit, facts, lines, pass: (ms: number) => (now += ms) };
}

const wrong: AuditFields = {
  mechanism: "PLAIN",
  peer: "192.0.2.1",
  result: "refused",
  reason: "wrong-password",
  accountId: "anna",
};

describe("the audit", () => {
  it("publishes a fact with the address and logs without it", async () => {
    const { audit, facts, lines } = stage();
    audit(wrong);
    await Promise.resolve();
    assert.equal(facts.length, 1);
    assert.equal(signInAttempted.schema.parse(facts[0]).peer, "192.0.2.1");
    assert.deepEqual(lines, [
      [{ door: "managesieve", mechanism: "PLAIN", reason: "wrong-password", accountId: "anna" }, "sign-in-refused"],
    ]);
  });

  it("says once a minute and address that somebody was told to come later", async () => {
    const { audit, facts, pass } = stage();
    const later: AuditFields = { ...wrong, result: "later", reason: "too-many-from-address" };
    for (let i = 0; i < 100; i++) audit(later);
    audit({ ...later, peer: "192.0.2.2" });
    pass(61_000);
    audit(later);
    await Promise.resolve();
    assert.equal(facts.length, 3);
  });

  it("holds up nobody and fills no memory while NATS is away", async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    const { audit, lines } = stage(() => promise);
    for (let i = 0; i < 3_000; i++) audit(wrong);
    reject(new Error("away"));
    await new Promise(setImmediate);
    assert.equal(lines.filter(([, event]) => event === "sign-in-refused").length, 3_000);
    assert.equal(lines.filter(([, event]) => event === "audit-not-published").length, 1_000);
  });
});
