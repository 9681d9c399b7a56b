import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isWakeKeyword, readWake, type Wake, wakeKeyword, wakeKeywords, wakeMinute } from "./wake.ts";

const minute = 60_000;
const toInbox: Wake = { until: 30_000_000 * minute, mailbox: "INBOX", create: false, addFlags: [], removeFlags: [] };

describe("wakeMinute", () => {
  for (const [until, want] of [
    [0, 0],
    [-5, 0],
    [1, 1],
    [minute, 1],
    [minute + 30_000, 2],
  ] as const)
    it(`${until} ms: minute ${want}, never early`, () => assert.equal(wakeMinute({ until }), want));
});

describe("wakeKeywords", () => {
  it("is one keyword for INBOX", () => {
    assert.deepEqual(wakeKeywords(toInbox), ["$TamisWake-hv05c"]);
    assert.deepEqual(wakeKeywords({ ...toInbox, mailbox: "inbox", create: true, specialUse: "\\Archive" }), [
      wakeKeyword(30_000_000),
    ]);
  });

  it("tells what to do in keywords that do not depend on the time", () => {
    const plan = { ...toInbox, mailbox: "Classes/3eB", create: true, addFlags: ["\\Flagged"], removeFlags: ["\\Seen"] };
    const [, ...now] = wakeKeywords(plan) ?? [];
    const [, ...later] = wakeKeywords({ ...plan, until: plan.until + 77 * minute }) ?? [];
    assert.equal(now.length, 2);
    assert.deepEqual(later, now);
    assert.ok(now.every((keyword) => keyword.length <= 50 && /^\$TamisDo-[12]2-[a-z2-7]+$/.test(keyword)));
  });

  it("is null where that takes too much", () => {
    assert.equal(wakeKeywords({ ...toInbox, mailbox: "x".repeat(300) }), null);
    assert.notEqual(wakeKeywords({ ...toInbox, mailbox: "x".repeat(200) }), null);
  });
});

const word = fc.stringMatching(/^[A-Za-z$\\][A-Za-z0-9_]{0,9}$/);
const plans: fc.Arbitrary<Wake> = fc.record(
  {
    until: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    mailbox: fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: no folder's name has them
      .filter((name) => !/[\x00-\x1f]/.test(name) && name.toUpperCase() !== "INBOX" && name.isWellFormed()),
    create: fc.boolean(),
    specialUse: fc.constantFrom("\\Archive", "\\Junk"),
    addFlags: fc.array(word, { maxLength: 4 }),
    removeFlags: fc.array(word, { maxLength: 4 }),
  },
  { requiredKeys: ["until", "mailbox", "create", "addFlags", "removeFlags"] },
);

describe("readWake", () => {
  it("reads what was written, whatever the server makes of case and order", () => {
    fc.assert(
      fc.property(plans, fc.infiniteStream(fc.boolean()), (plan, coin) => {
        const keywords = wakeKeywords(plan) ?? [];
        fc.pre(keywords.length > 0);
        const seen = keywords.map((keyword) => (coin.next().value ? keyword.toUpperCase() : keyword)).reverse();
        assert.deepEqual(readWake(["\\Seen", ...seen, "$Label1"]), { ...plan, until: wakeMinute(plan) * minute });
        assert.ok(seen.every(isWakeKeyword));
      }),
    );
  });

  it("takes anything", () => {
    const flag = fc.oneof(
      fc.string(),
      fc.string().map((text) => `$TamisWake-${text}`),
      fc.stringMatching(/^\$TamisDo-[0-9]{2}-[a-z2-7]{0,40}$/),
    );
    fc.assert(
      fc.property(fc.array(flag), (flags) => {
        const read = readWake(flags);
        assert.ok(read === null || (read.mailbox !== "" && Number.isSafeInteger(read.until)));
      }),
    );
  });

  const far = wakeKeywords({ ...toInbox, mailbox: "Classes/3eB", addFlags: ["\\Flagged", "$Label1"] }) ?? [];
  for (const { name, flags, want } of [
    { name: "no keyword", flags: ["\\Seen", "$Label1"], want: null },
    { name: "instructions alone", flags: far.slice(1), want: null },
    { name: "a part of the instructions: INBOX", flags: far.slice(0, -1), want: toInbox },
    { name: "two times: the earlier", flags: [wakeKeyword(30_000_009), wakeKeyword(30_000_000)], want: toInbox },
    { name: "instructions that are no text: INBOX", flags: [wakeKeyword(30_000_000), "$TamisDo-11-77"], want: toInbox },
    { name: "a time that is none", flags: ["$TamisWake-", "$TamisWake-zzzzzzzzz"], want: null },
  ])
    it(name, () => assert.deepEqual(readWake(flags), want));
});

describe("isWakeKeyword", () => {
  it("is not for other flags", () => assert.ok(!["\\Seen", "$Tamis", "wake"].some(isWakeKeyword)));
});
