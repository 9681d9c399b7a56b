import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AccountRig } from "./account-rig.ts";

describe("signing in (protocols.md §2.1)", () => {
  it("a wrong password parks after auth_failures, and not before", async () => {
    await using rig = await AccountRig.open({
      prepare: ({ faults }) => {
        faults.refuse = () => "NO [AUTHENTICATIONFAILED] who are you";
      },
    });
    await rig.until(() => rig.state === "parked", "parked");
    assert.equal(rig.imap.signIns, 3);
    assert.equal(rig.status.troubled[0]?.reason, "auth-failed");
    assert.deepEqual(rig.facts, ["account-state-changed"]);
  });

  for (const code of ["UNAVAILABLE", "LIMIT", "INUSE"]) {
    it(`a throttled login (${code}) is tried again and never parked`, async () => {
      await using rig = await AccountRig.open({
        prepare: ({ faults }) => {
          faults.refuse = () => `NO [${code}] later`;
        },
      });
      await rig.until(() => rig.imap.signIns > 6, "seven tries");
      assert.notEqual(rig.state, "parked");
      rig.imap.faults.refuse = () => null;
      await rig.until(() => rig.state === "idle", "served");
    });
  }

  it("imapflow PR#142: a sign-in that is throttled waits for as long as the server asks, and is never parked", async () => {
    const signInsAt: number[] = [];
    await using rig = await AccountRig.open({
      prepare: ({ faults }) => {
        faults.refuse = () => {
          signInsAt.push(performance.now());
          return signInsAt.length < 3 ? "BAD Request is throttled. Suggested Backoff Time: 400 milliseconds" : null;
        };
      },
    });
    await rig.until(() => rig.status.troubled[0]?.reason === "auth-unavailable", "its reason");
    await rig.until(() => rig.state === "idle", "served");
    const pauses = signInsAt.slice(1).map((at, index) => at - (signInsAt[index] ?? at));
    assert.ok(
      pauses.every((pause) => pause >= 390),
      pauses.join(", "),
    );
  });

  it("a server that hangs up on each connection is not parked either", async () => {
    await using rig = await AccountRig.open({
      prepare: ({ faults }) => {
        faults.verdict = () => "cut";
      },
    });
    await rig.until(() => rig.imap.signIns > 4, "five tries");
    assert.notEqual(rig.state, "parked");
    rig.imap.faults.verdict = () => "pass";
    await rig.until(() => rig.state === "idle", "served");
  });
});
