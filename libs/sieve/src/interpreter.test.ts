// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { outcomeOf, plainFacts, plainMail, programOf } from "../test/decide.ts";
import { compileWith, registryOf } from "./compile.ts";
import { defineCommand, type Extension } from "./extension.ts";
import { run, runWith } from "./interpreter.ts";
import { planProgram } from "./plan.ts";
import type { Program } from "./program.ts";
import { RuntimeFault } from "./run-state.ts";

describe("run", () => {
  it("gives the trace of what matched, with what was seen", () => {
    const script = `require ["fileinto", "copy"];
# rule:[Budget]
if allof (address :domain "from" ["x.org", "example.org"], not exists "x-none", anyof (size :over 1M, header :contains "subject" "BUDGET")) {
  fileinto :copy "Money";
  stop;
}
`;
    const outcome = outcomeOf({ script });
    assert.ok(outcome.kind === "done");
    assert.deepEqual(outcome.trace, [
      {
        kind: "branch",
        rule: "Budget",
        line: 3,
        matches: [
          { test: "address", line: 3, field: "from", key: "example.org", value: "example.org" },
          { test: "not exists", line: 3 },
          { test: "header", line: 3, field: "subject", key: "BUDGET", value: "The budget of 2024" },
        ],
      },
      { kind: "action", rule: "Budget", line: 4, action: "fileinto", target: "Money" },
      { kind: "stop", rule: "Budget", line: 5 },
    ]);
  });

  it("forgets tests that did not lead to anything", () => {
    const script = 'if allof (exists "from", exists "none") { stop; } elsif exists "to" { discard; } else { keep; }';
    const outcome = outcomeOf({ script });
    assert.ok(outcome.kind === "done");
    assert.deepEqual(outcome.trace[0], {
      kind: "branch",
      rule: "line 1",
      line: 1,
      matches: [{ test: "exists", line: 1, field: "to" }],
    });
  });

  it("cuts long values in the trace", () => {
    const outcome = outcomeOf({
      script: 'if header :matches "subject" "*" { discard; }',
      mail: `Subject: ${"x".repeat(500)}\r\n\r\n`,
    });
    assert.ok(outcome.kind === "done" && outcome.trace[0]?.kind === "branch");
    assert.equal(outcome.trace[0].matches[0]?.value, `${"x".repeat(120)}…`);
  });

  it("says where an error happened, and keeps", () => {
    const outcome = outcomeOf({
      script: 'require ["ihave", "fileinto"];\nfileinto "A";\n# rule:[Bad]\nif true {\n  error "x";\n}',
    });
    assert.deepEqual(outcome.kind === "done" && [outcome.actions, outcome.error], [
      [{ kind: "keep", implicit: true, origin: null }],
      { code: "script-error", message: "the script says: x", parameters: { message: "x" }, rule: "Bad", line: 5 },
    ]);
  });

  it("keeps when the program is of another version", () => {
    const program: Program = { ...programOf("discard;"), version: 0 };
    const outcome = run(program, readMessage(Buffer.from(plainMail)), plainFacts);
    assert.ok(outcome.kind === "done");
    assert.equal(outcome.error?.code, "stale-program");
    assert.equal(outcome.actions[0]?.kind, "keep");
  });

  it("keeps when a program names what this library does not have", () => {
    const program = programOf("discard;");
    const [first] = program.commands;
    assert.ok(first?.kind === "command");
    const foreign: Program = { ...program, commands: [{ ...first, name: "frobnicate" }] };
    const outcome = run(foreign, readMessage(Buffer.from(plainMail)), plainFacts);
    assert.ok(outcome.kind === "done" && outcome.error?.code === "stale-program");
  });

  it("keeps when reading the mail fails, which is our bug", () => {
    const program = programOf('if header "subject" "x" { discard; }');
    const message = readMessage(Buffer.from(plainMail));
    const broken = new Proxy(message, {
      get() {
        throw new TypeError("boom");
      },
    });
    const outcome = run(program, broken, plainFacts);
    assert.ok(outcome.kind === "done");
    assert.deepEqual(
      [outcome.actions[0]?.kind, outcome.error?.code, outcome.error?.parameters["reason"]],
      ["keep", "internal", "TypeError: boom"],
    );
  });

  it("gives the same result for the same program on other mails in any order", () => {
    const script = `require ["fileinto", "variables"];
if header :matches "subject" "*-*" { set "a" "\${1}"; }
if header :is "subject" ["a", "b", "c", "d", "e"] { fileinto "list"; }
fileinto "[\${a}]";`;
    const program = programOf(script);
    const decideOn = (subject: string): readonly string[] => {
      const outcome = run(program, readMessage(Buffer.from(`Subject: ${subject}\r\n\r\n`)), plainFacts);
      return outcome.kind === "done"
        ? outcome.actions.flatMap((action) => (action.kind === "fileinto" ? [action.mailbox] : []))
        : [];
    };
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(decideOn("x-y"), ["[x]"]);
      assert.deepEqual(decideOn("c"), ["list", "[]"]);
      assert.deepEqual(decideOn("z"), ["[]"]);
    }
  });
});

describe("an extension of our own making", () => {
  const boom: Extension = {
    name: "x-boom",
    rfc: "RFC 5228 §6",
    state: "yes",
    commands: [
      defineCommand({
        name: "boom",
        shape: { tags: { times: "number" }, positional: { reason: "string" } },
        prepare: ({ times, reason }, _origin, preparation) => {
          const text = preparation.text(reason);
          return (state) => {
            if ((times ?? 1) > 1) throw new RuntimeFault("script-error", { message: text(state) });
            return "next";
          };
        },
      }),
    ],
  };

  it("needs nothing but its record", () => {
    const language = registryOf([boom]);
    const compiled = compileWith(language, 'require "x-boom"; boom "a"; boom :times 2 "b";', {});
    assert.ok(compiled.ok);
    const outcome = runWith((program) => planProgram(program, language), {
      program: compiled.program,
      message: readMessage(Buffer.from(plainMail)),
      facts: plainFacts,
      limits: {},
    });
    assert.ok(outcome.kind === "done" && outcome.error?.message === "the script says: b");
  });

  it("cannot claim a name that is taken", () => {
    assert.throws(
      () => registryOf([{ ...boom, commands: [{ name: "keep", shape: {}, prepare: () => () => "next" }] }]),
      /keep/,
    );
  });
});
