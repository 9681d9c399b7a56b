import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { compile, run } from "@tamis/sieve";
import { generateMails } from "../mails.ts";
import { dressedMail } from "./mailbox.ts";
import { type SieveScriptName, sieveScripts } from "./rules.ts";

const names: readonly SieveScriptName[] = ["headers30", "body", "rules1000", "rules1000_rare"];
const options = { seed: 1, minBytes: 2_000, maxBytes: 4_000, multipartShare: 0.44 };
const mails = generateMails(400, options).map(({ raw }, index) => dressedMail(raw, index));

describe("the scripts of the sieve scenario", () => {
  for (const name of names) {
    it(`${name} compiles without warnings, and sorts some of the mails`, () => {
      const compiled = compile(sieveScripts[name]());
      assert.ok(compiled.ok && compiled.warnings.length === 0);
      const facts = { now: 0, timeZone: "UTC", envelope: {} };
      const outcomes = mails.map((raw) => run(compiled.program, readMessage(raw), facts));
      const filed = outcomes.filter((outcome) => outcome.kind === "done" && outcome.actions[0]?.kind === "fileinto");
      assert.ok(filed.length > 5 && filed.length < mails.length / 2, `${filed.length} of ${mails.length}`);
      assert.ok(outcomes.every((outcome) => outcome.kind === "done" && outcome.error === undefined));
    });
  }
});
