import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KEEP } from "@tamis/contracts";
import { AccountRig } from "./account-rig.ts";
import type { FakeImap, Verdict } from "./fake-imap.ts";
import { mail } from "./pipeline.ts";
import { expectLeftAlone, picture, stay, toFolder } from "./rewritings.ts";

const steps: readonly (readonly [string, number])[] = [
  ["SELECT", 1],
  ["UID FETCH", 1],
  ["UID FETCH", 2],
  ["APPEND", 1],
  ["NOOP", 1],
  ["UID FETCH", 3],
  ["SELECT", 2],
  ["UID STORE", 1],
  ["UID EXPUNGE", 1],
  ["UID SEARCH", 1],
];

/** The nth command of its kind from now on. */
function nth(verb: string, n: number, verdict: () => Verdict): FakeImap["faults"]["verdict"] {
  let seen = 0;
  return (command) => (command.verb === verb && ++seen === n ? verdict() : "pass");
}

describe("rewriting: cut off anywhere", () => {
  for (const plan of [toFolder("A"), stay])
    for (const [verb, n] of plan === stay ? steps.filter((step) => step[0] !== "SELECT") : steps)
      for (const how of ["cut", "act-then-cut"] as const) {
        const where = `${verb} ${n} (${how}, ${plan.destination.kind})`;
        it(`the connection is lost at ${where}: one mail in the end, and settled`, async () => {
          await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
          let isFired = false;
          rig.decide = () => {
            rig.imap.faults.verdict = nth(verb, n, () => {
              isFired = true;
              return how;
            });
            return plan;
          };
          rig.imap.arrive(mail("x", "a"));
          await rig.untilApplied(1);
          assert.ok(isFired, "the fault came");
          assert.deepEqual(picture(rig.imap), [plan === stay ? "INBOX: a*" : "A: a*"]);
          assert.deepEqual(rig.results, [plan === stay ? "kept INBOX" : "moved A"]);
          assert.deepEqual((await rig.record()).open, []);
          await expectLeftAlone(rig);
        });

        it(`the holder dies at ${where}: the next one makes it one mail`, async () => {
          await using rig = await AccountRig.atRest({ prepare: (imap) => imap.addFolder("A") });
          rig.withheld = [];
          rig.decide = () => plan;
          rig.imap.arrive(mail("x", "a"));
          await rig.until(() => rig.withheld?.length === 1, "a plan");
          await rig.untilAtRest();
          const [command] = rig.withheld.splice(0);
          assert.ok(command);
          let isDead = false;
          rig.imap.faults.verdict = nth(verb, n, () => {
            isDead = true;
            rig.isHolder = false;
            return how;
          });
          const first = rig.worker.apply(command).catch(() => undefined);
          await rig.until(() => isDead || rig.acknowledged > 0 || rig.applied.length > 0, "the fault");
          await first;
          assert.ok(isDead, "the fault came");
          rig.withheld = null;
          rig.imap.faults.verdict = () => "pass";
          rig.isHolder = true;
          rig.worker.renew(rig.lease(2));
          // The next holder looks at INBOX before the command comes to it again.
          rig.imap.arrive(mail("y", "between"));
          rig.decide = () => KEEP;
          await rig.until(() => rig.published.includes("between"), "the next holder");
          await rig.deliver(command);
          await rig.untilAtRest();
          assert.deepEqual(
            picture(rig.imap).filter((place) => !place.includes("between")),
            [plan === stay ? "INBOX: a*" : "A: a*"],
          );
          assert.ok(rig.batches.every(({ mails }) => mails.every(({ raw }) => !Buffer.from(raw).includes("X-Class"))));
        });
      }
});
