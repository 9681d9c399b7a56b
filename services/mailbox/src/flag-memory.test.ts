import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type FlaggedMail, FlagMemory } from "./flag-memory.ts";

const flag = fc.constantFrom("\\Seen", "\\Flagged", "$a", "$B");
const flags = fc.uniqueArray(flag);
const mails = fc
  .uniqueArray(fc.record<FlaggedMail>({ uid: fc.integer({ min: 1, max: 60 }), flags }), { selector: ({ uid }) => uid })
  .map((list) => list.sort((a, b) => a.uid - b.uid));

describe("FlagMemory", () => {
  it("tells what changed, as a map of all flags would", () => {
    fc.assert(
      fc.property(
        mails,
        fc.array(fc.record<FlaggedMail>({ uid: fc.integer({ min: 1, max: 60 }), flags })),
        (first, later) => {
          const memory = FlagMemory.of(first);
          const model = new Map(first.map((mail) => [mail.uid, mail.flags]));
          for (const mail of later) {
            const before = model.get(mail.uid);
            if (before !== undefined) {
              assert.ok(memory.knows(mail.uid));
              const changed = [...new Set([...before, ...mail.flags])].filter(
                (name) => before.includes(name) !== mail.flags.includes(name),
              );
              assert.deepEqual(memory.update(mail), changed.sort());
            } else if (!memory.knows(mail.uid)) memory.update(mail);
            else continue;
            model.set(mail.uid, mail.flags);
          }
        },
      ),
    );
  });

  it("is the same written and read", () => {
    fc.assert(
      fc.property(mails, (given) => {
        const memory = FlagMemory.of(given);
        const back = new FlagMemory(JSON.parse(JSON.stringify(memory)));
        assert.deepEqual(back.toJSON(), memory.toJSON());
        for (const mail of given) assert.deepEqual(back.update(mail), []);
      }),
    );
  });

  it("needs little for a folder whose mails are nearly all read, whatever was deleted between them", () => {
    const list = Array.from({ length: 5_000 }, (_, i) => ({ uid: 3 * i + 1, flags: i === 40 ? [] : ["\\Seen"] }));
    assert.ok(JSON.stringify(FlagMemory.of(list)).length < 100);
  });

  it("forgets the oldest mails first where there is no room", () => {
    const list = Array.from({ length: 5_000 }, (_, i) => ({ uid: i + 1, flags: i % 2 === 0 ? ["\\Seen"] : [] }));
    const memory = FlagMemory.of(list);
    memory.trim(10_000);
    assert.ok(JSON.stringify(memory).length <= 10_000);
    assert.deepEqual([memory.knows(1), memory.knows(5_000)], [false, true]);
    assert.deepEqual(memory.update({ uid: 4_999, flags: [] }), ["\\Seen"]);
    memory.trim(0);
    assert.equal(memory.knows(5_000), false);
  });

  it("knows what a STORE of ours changes, and takes it back", () => {
    const memory = FlagMemory.of([
      { uid: 1, flags: ["\\Seen"] },
      { uid: 2, flags: [] },
    ]);
    assert.deepEqual(memory.store([1, 2, 9], "+", ["\\seen"]), [2]);
    assert.deepEqual(memory.update({ uid: 2, flags: ["\\Seen", "\\Recent"] }), []);
    assert.deepEqual(memory.store([2], "-", ["\\Seen"]), [2]);
    assert.deepEqual(memory.update({ uid: 2, flags: ["$x"] }), ["$x"]);
    assert.equal(memory.knows(9), false);
  });
});
