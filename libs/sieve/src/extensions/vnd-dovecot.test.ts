// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { decide, outcomeOf, plainFacts, plainMail, problemTable, programOf, scriptTable } from "../../test/decide.ts";
import type { Need, ProgramResult } from "../facts.ts";
import { run } from "../interpreter.ts";
import { applyEdits } from "../message-edits.ts";

scriptTable("vnd.dovecot.environment", [
  {
    script:
      'require ["vnd.dovecot.environment", "variables", "fileinto"]; fileinto "${env.vnd.dovecot.default_mailbox}/${env.remote_host}/${env.name}/${env.none}";',
    facts: { environment: new Map([["remote-host", "mx"]]) },
    want: ["fileinto INBOX/mx/Tamis/"],
  },
  {
    script: 'require ["vnd.dovecot.environment"]; if environment "name" "Tamis" { discard; }',
    want: ["discard"],
  },
]);

it("vnd.dovecot.debug tells the owner", () => {
  const script = 'require ["vnd.dovecot.debug", "variables"];\nset "a" "x";\n# rule:[R]\ndebug_log "a is ${a}";';
  const outcome = outcomeOf({ script });
  assert.deepEqual(outcome.kind === "done" && outcome.debug, [{ rule: "R", line: 4, message: "a is x" }]);
});

scriptTable("report and pipe", [
  {
    script: 'require "vnd.dovecot.report"; report :headers_only "abuse" "Spam" "abuse@example.org";',
    want: ['report "abuse" to "abuse@example.org"', "implicit keep"],
  },
  {
    script: 'require ["vnd.dovecot.report", "variables"]; report "${x}" "Spam" "abuse@example.org";',
    want: ["error bad-feedback-type line 1", "implicit keep"],
  },
  { script: 'require "vnd.dovecot.pipe"; pipe "print" ["A4", "x"];', want: ['pipe "print" "A4" "x"'] },
  {
    script: 'require ["vnd.dovecot.pipe", "copy"]; pipe :copy :try "print"; pipe :copy "other";',
    want: ['pipe :copy :try "print"', 'pipe :copy "other"', "implicit keep"],
  },
  {
    script: 'require ["vnd.dovecot.pipe", "copy"]; pipe :copy "print"; pipe "print" "x";',
    want: ["error action-conflict line 1", "implicit keep"],
  },
]);

/** Runs a script, answering each need for a program, as those do who call `run`. */
function decided(
  script: string,
  answer: (need: Need & { readonly kind: "program" }) => ProgramResult,
): { readonly actions: readonly string[]; readonly mail: string } {
  const programs = new Map<string, ProgramResult>();
  for (let round = 0; round < 10; round++) {
    const outcome = run(programOf(script), readMessage(Buffer.from(plainMail)), { ...plainFacts, programs });
    if (outcome.kind === "done") {
      const action = outcome.actions.at(-1);
      const edits = action !== undefined && "edits" in action ? (action.edits ?? []) : [];
      const mail = applyEdits(readMessage(Buffer.from(plainMail)), edits, programs);
      return {
        actions: decide({ script, facts: { programs } }),
        mail: Buffer.from(mail.raw).toString("utf8"),
      };
    }
    for (const need of outcome.needs) if (need.kind === "program") programs.set(need.key, answer(need));
  }
  throw new Error("the run never ends");
}

const head = 'require ["vnd.dovecot.filter", "vnd.dovecot.execute", "variables", "fileinto"];\n';
const inputOf = ({ input }: { readonly input: Uint8Array | null }): string => Buffer.from(input ?? []).toString("utf8");

describe("filter", () => {
  const louder = (need: Need & { readonly kind: "program" }): ProgramResult => ({
    ok: need.arguments[0] !== "fail",
    output: Buffer.from(inputOf(need).replace("budget", "BUDGET!").replace("BUDGET!!", "BUDGET?")),
  });
  it("goes on with what the program made", () => {
    const script = `${head} filter "loud"; filter "loud" ["again"]; if header :comparator "i;octet" :contains "subject" "BUDGET!" { fileinto "x"; }`;
    const { actions, mail } = decided(script, louder);
    assert.deepEqual(actions, ["fileinto x {program-output program-output}"]);
    assert.match(mail, /Subject: The BUDGET! of 2024/);
  });
  it("leaves the mail alone when the program failed", () => {
    const { actions } = decided(`${head} filter "loud" "fail"; if not filter "loud" "fail" { fileinto "n"; }`, louder);
    assert.deepEqual(actions, ["fileinto n"]);
  });
  it("is run where another test rules its rule out", () => {
    const rules = 'if header :is "subject" "nothing" { keep; }\n'.repeat(9);
    const { actions } = decided(`${head}${rules} if allof (filter "loud", header :is "subject" "no") {}`, louder);
    assert.deepEqual(actions, ["implicit keep {program-output}"]);
  });
  it("knows a program that is missing: an error, in a test just false", () => {
    const missing = (): ProgramResult => ({ ok: false, missing: true });
    assert.deepEqual(decided(`${head} filter "x";`, missing).actions, [
      "error no-such-program line 2",
      "implicit keep",
    ]);
    assert.deepEqual(decided(`${head} if filter "x" { discard; }`, missing).actions, ["implicit keep"]);
  });
});

describe("execute", () => {
  const echo = (need: Need & { readonly kind: "program" }): ProgramResult => ({
    ok: need.program !== "false",
    output: Buffer.from(`${need.arguments.join("+")}:${inputOf(need).slice(0, 5)}`),
  });
  for (const { name, script, want } of [
    { name: "arguments", script: 'execute :output "o" "echo" ["a", "b"];', want: "fileinto a+b:" },
    { name: "input", script: 'set "i" "in"; execute :input "${i}put!" :output "o" "echo";', want: "fileinto :input" },
    { name: "the mail", script: 'execute :pipe :output "o" "echo";', want: "fileinto :From:" },
    {
      name: "a failure leaves the variable",
      script: 'set "o" "old"; execute :output "o" "false";',
      want: "fileinto old",
    },
    {
      name: "as a test",
      script: 'if not execute "false" { if execute :output "o" "echo" "t" { set "o" "${o}!"; } }',
      want: "fileinto t:!",
    },
  ]) {
    it(name, () => assert.deepEqual(decided(`${head} ${script} fileinto "\${o}";`, echo).actions, [want]));
  }
  it("says what it lacks", () => {
    assert.deepEqual(decide({ script: `${head} execute "echo" ["a"];` }), ["need program execute echo a"]);
    assert.deepEqual(programOf(`${head} execute "echo"; filter "loud";`).uses.programs, ["echo", "loud"]);
  });
});

problemTable("what is wrong with programs", [
  { script: 'require "vnd.dovecot.pipe"; pipe "../x";', want: ["1:34 error bad-program-name"] },
  { script: 'require "vnd.dovecot.pipe"; pipe "..";', want: ["1:34 error bad-program-name"] },
  { script: 'require ["vnd.dovecot.pipe", "variables"]; pipe "${a}";', want: ["1:49 error variable-not-allowed"] },
  { script: 'require "vnd.dovecot.pipe"; pipe "x" "a\nb";', want: ["1:38 error bad-program-argument"] },
  {
    script: `require "vnd.dovecot.pipe"; pipe "x" [${'"a", '.repeat(16)}"a"];`,
    want: ["1:39 error too-many-program-arguments"],
  },
  { script: 'require "vnd.dovecot.pipe"; pipe :copy "x";', want: ["1:34 error tag-needs-require"] },
  {
    script: 'require "vnd.dovecot.execute"; execute :input "a" :pipe "x";',
    want: ["1:32 error tags-exclusive"],
  },
  { script: 'require "vnd.dovecot.execute"; execute :output "a" "x";', want: ["1:48 error needs-variables"] },
  {
    script: 'require ["vnd.dovecot.execute", "variables"]; execute :output "a b" "x";',
    want: ["1:63 error bad-variable-name"],
  },
  {
    script: 'require "vnd.dovecot.report"; report "a b" "m" "x";',
    want: ["1:38 error bad-feedback-type", "1:48 error bad-address"],
  },
]);
