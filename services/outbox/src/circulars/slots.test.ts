import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Slots } from "./slots.ts";

const MINUTE = 60_000;

const PATIENT = Number.POSITIVE_INFINITY;

describe("slots", () => {
  it("lets everything leave at once where nothing is limited", () => {
    const slots = new Slots({ perDomain: {}, perSender: undefined });
    for (let times = 0; times < 3; times++)
      assert.deepEqual(slots.take({ sender: "a", domain: "b.example" }, { now: 5, patienceMs: 0 }), {
        kind: "soon",
        at: 5,
      });
  });

  it("spaces what goes to a named domain, and the others by the default", () => {
    const slots = new Slots({ perDomain: { "slow.example": 6, default: 60 }, perSender: undefined });
    const to = (domain: string, now = 0) => slots.take({ sender: "a", domain }, { now, patienceMs: PATIENT }).at;
    assert.deepEqual([to("slow.example"), to("slow.example"), to("slow.example")], [0, 10_000, 20_000]);
    assert.deepEqual([to("other.example"), to("other.example")], [0, 1_000]);
    // After a rest nobody is owed the moments that went by.
    assert.deepEqual([to("slow.example", MINUTE), to("slow.example", MINUTE)], [MINUTE, MINUTE + 10_000]);
  });

  it("spaces what one sender sends, whereto ever", () => {
    const slots = new Slots({ perDomain: { "b.example": 6 }, perSender: 60 });
    const of = (sender: string, domain: string) => slots.take({ sender, domain }, { now: 0, patienceMs: PATIENT }).at;
    assert.deepEqual([of("anna", "a.example"), of("anna", "b.example"), of("bob", "a.example")], [0, 1_000, 0]);
    assert.deepEqual(of("bob", "b.example"), 11_000);
  });

  it("has what cannot leave soon ask again, one after the other, and keeps its moment for nobody", () => {
    const slots = new Slots({ perDomain: { default: 60 }, perSender: undefined });
    const take = (now: number) => slots.take({ sender: "a", domain: "a.example" }, { now, patienceMs: 1_000 });
    assert.deepEqual(
      [take(0), take(0)].map(({ kind }) => kind),
      ["soon", "soon"],
    );
    assert.deepEqual(
      [take(0), take(0), take(0)],
      [2_000, 3_000, 4_000].map((at) => ({ kind: "later", at })),
    );
    // Those that come at their moment leave then.
    assert.deepEqual(
      [take(2_000), take(3_000), take(4_000)],
      [2_000, 3_000, 4_000].map((at) => ({ kind: "soon", at })),
    );
  });
});
