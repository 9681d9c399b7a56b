import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Moments, type Rates } from "./moments.ts";

const MINUTE = 60_000;

const PATIENT = Number.POSITIVE_INFINITY;

const momentsOf = (rates: Partial<Rates>): Moments => new Moments({ perDomain: {}, ...rates }, []);
const mail = (more: { sender?: string; domain?: string; queue?: string; isTogether?: boolean } = {}) => ({
  sender: "a",
  domain: "a.example",
  queue: "1",
  ...more,
});

describe("moments", () => {
  it("lets everything leave at once where nothing is limited", () => {
    const moments = momentsOf({});
    for (let times = 0; times < 3; times++)
      assert.deepEqual(moments.take(mail(), { now: 5, patienceMs: 0 }), { kind: "soon", at: 5 });
    assert.deepEqual(moments.changed, []);
  });

  it("spaces what goes to a named domain, and the others by the default", () => {
    const moments = momentsOf({ perDomain: { "slow.example": 6, default: 60 } });
    const to = (domain: string, now = 0) => moments.take(mail({ domain }), { now, patienceMs: PATIENT }).at;
    assert.deepEqual([to("slow.example"), to("slow.example"), to("slow.example")], [0, 10_000, 20_000]);
    assert.deepEqual([to("other.example"), to("other.example")], [0, 1_000]);
    // After a rest nobody is owed the moments that went by.
    assert.deepEqual([to("slow.example", MINUTE), to("slow.example", MINUTE)], [MINUTE, MINUTE + 10_000]);
  });

  it("spaces what one sender sends, whereto ever", () => {
    const moments = momentsOf({ perDomain: { "b.example": 6 }, perSender: 60 });
    const of = (sender: string, domain: string) =>
      moments.take(mail({ sender, domain }), { now: 0, patienceMs: PATIENT }).at;
    assert.deepEqual([of("anna", "a.example"), of("anna", "b.example"), of("bob", "a.example")], [0, 1_000, 0]);
    assert.deepEqual(of("bob", "b.example"), 11_000);
  });

  it("has what cannot leave soon ask again, one after the other, and keeps its moment for nobody", () => {
    const moments = momentsOf({ perDomain: { default: 60 } });
    const take = (now: number) => moments.take(mail(), { now, patienceMs: 1_000 });
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

  it("keeps nobody waiting behind a long queue that is not theirs", () => {
    const moments = momentsOf({ perSender: 60 });
    const take = (queue: string, now: number) => moments.take(mail({ queue }), { now, patienceMs: 1_000 });
    for (let large = 0; large < 25_500; large++) take("large", 0);
    assert.deepEqual(take("small", 0), { kind: "later", at: 2_000 });
    assert.deepEqual(take("small", 2_000), { kind: "soon", at: 2_000 });
  });

  it("counts one mail to many as one of all that leave, and each of them where domains are counted", () => {
    const many = [false, true, true].map((isTogether) => mail({ isTogether }));
    const at = (rates: Partial<Rates>) => {
      const moments = momentsOf(rates);
      return [...many, mail()].map((one) => moments.take(one, { now: 0, patienceMs: PATIENT }).at);
    };
    assert.deepEqual(at({ inAll: 60 }), [0, 0, 0, 1_000]);
    assert.deepEqual(at({ inAll: 60, perDomain: { default: 6_000 } }), [0, 1_000, 2_000, 3_000]);
  });

  it("goes on where another stopped", () => {
    const rates = { inAll: 60, perDomain: {} };
    const first = new Moments(rates, []);
    first.take(mail(), { now: 0, patienceMs: 0 });
    const second = new Moments(rates, first.changed);
    assert.equal(second.take(mail(), { now: 0, patienceMs: PATIENT }).at, 1_000);
  });

  it("takes no domain for something else", () => {
    const moments = momentsOf({ perDomain: { default: 60 } });
    const to = (domain: string) => moments.take(mail({ domain }), { now: 0, patienceMs: PATIENT }).at;
    assert.deepEqual([to("constructor"), to("constructor"), to("__proto__")], [0, 1_000, 0]);
  });
});
