import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mail } from "../test/odd-mails.ts";
import { isSubmittedByMachine, machineOf, readMessage } from "./index.ts";

const cases: readonly (readonly [string, readonly string[], ReturnType<typeof machineOf>])[] = [
  ["a person", ["Subject: x"], null],
  ["a list (RFC 2919)", ["List-Id: <l.example.org>"], "list"],
  ["a list (RFC 2369)", ["LIST-Unsubscribe: <https://example.org/u>"], "list"],
  ["a list that says so in an old way", ["Precedence: List"], "list"],
  ["bulk mail", ["Precedence: bulk (circular)"], "automatic"],
  ["junk, as it calls itself", ["Precedence: junk"], "automatic"],
  ["another precedence", ["Precedence: first-class"], null],
  ["a machine (RFC 3834 §5)", ["Auto-Submitted: Auto-Generated; x=y"], "automatic"],
  ["a person, who says so", ["Auto-Submitted: NO (sent by hand)"], null],
  ["a notice of Exchange", ["X-Auto-Response-Suppress: DR, OOF, AutoReply"], "automatic"],
  ["mail of Exchange that may be answered", ["X-Auto-Response-Suppress: DR, RN"], null],
];

describe("machineOf", () => {
  for (const [name, header, want] of cases)
    it(name, () => assert.equal(machineOf(readMessage(mail(...header, "", "x"))), want));

  it("what a machine submitted says so in Auto-Submitted alone", () => {
    const said = (field: string): boolean => isSubmittedByMachine(readMessage(mail(field, "", "x")));
    assert.deepEqual(["Auto-Submitted: auto-notified", "Precedence: bulk", "Auto-Submitted: no"].map(said), [
      true,
      false,
      false,
    ]);
  });
});
