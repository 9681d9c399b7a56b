// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { decisionText, mailOf, plainFacts, programOf } from "../test/decide.ts";
import { run } from "./interpreter.ts";
import type { Program } from "./program.ts";

const script = `require ["fileinto", "variables", "imap4flags", "vacation"];
if header :contains "subject" "set" { set "v" "one"; }
if header :matches "subject" "* from *" { set "w" "\${2}"; set "box" "\${w}-\${v}"; }
if header :contains "subject" "file" { setflag "\\\\Seen"; fileinto "box-\${v}"; }
if header :contains "subject" "named" { fileinto "\${box}"; stop; }
if header :contains "subject" "loop" { if true { set "v" "inner"; fileinto "\${v}"; } }
if header :contains "subject" "late" { set "new" "\${v}!"; fileinto "\${new}"; }
`;
const subjects = [
  "file",
  "set file",
  "late",
  "set from Alice, named",
  "file again",
  "named",
  "set late",
  "loop",
  "x from y",
  "set file late loop",
];

function decided(program: Program, subject: string): readonly string[] {
  return decisionText(run(program, readMessage(Buffer.from(mailOf(`Subject: ${subject}`, "", ""))), plainFacts));
}

describe("what a rule does, planned when a mail first comes to it", () => {
  it("is the same whatever mails came before, and leaves nothing behind", () => {
    const want = new Map(subjects.map((subject) => [subject, decided(programOf(script), subject)]));
    for (const order of [subjects, subjects.toReversed(), [...subjects, ...subjects]]) {
      const program = programOf(script);
      for (const subject of order) assert.deepEqual(decided(program, subject), want.get(subject), subject);
    }
    assert.deepEqual(want.get("late"), ["fileinto !"]);
    assert.deepEqual(want.get("set late"), ["fileinto one!"]);
  });

  it("begins with empty variables at each include, from the first mail on", () => {
    const inner = 'require ["variables", "fileinto"]; if header "subject" "a" { fileinto "x=${x}"; set "x" "1"; }';
    const program = programOf('require "include"; include "inner"; include "inner";', { scripts: () => inner });
    for (const subject of ["b", "a", "a"]) {
      assert.deepEqual(decided(program, subject), [subject === "a" ? "fileinto x=" : "implicit keep"], subject);
    }
  });
});
