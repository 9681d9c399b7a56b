// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import fc from "fast-check";
import { plainFacts, plainMail, programOf } from "../test/decide.ts";
import { smallMail, soundScript, tokenSoup } from "../test/random.ts";
import { compile, registry } from "./compile.ts";
import { translate } from "./diagnostic.ts";
import { run, runWith } from "./interpreter.ts";
import { planProgram } from "./plan.ts";
import type { Program } from "./program.ts";

const plain = (program: Program) => planProgram(program, registry, false);
const indexed = (program: Program) => planProgram(program, registry, true);

describe("random scripts", () => {
  it("compile or not, never throw, always end, and say where", () => {
    const mail = readMessage(Buffer.from(plainMail));
    fc.assert(
      fc.property(fc.oneof(tokenSoup, fc.string({ unit: "binary" })), (text) => {
        const compiled = compile(text);
        const said = compiled.ok ? compiled.warnings : compiled.diagnostics;
        if (!compiled.ok) assert.ok(said.some(({ severity }) => severity === "error"));
        for (const { span, message, code, parameters } of said) {
          assert.ok(span.start >= 0 && span.end >= span.start && span.end <= text.length);
          assert.ok(span.line >= 1 && span.column >= 1 && message !== code);
          assert.notEqual(translate({ code, parameters }, "fr").message, code);
        }
        if (compiled.ok) assert.notEqual(JSON.stringify(run(compiled.program, mail, plainFacts)), "");
      }),
      { numRuns: 800 },
    );
  });

  it("run the same from JSON", () => {
    fc.assert(
      fc.property(soundScript, smallMail, (script, mail) => {
        const program = programOf(script);
        const copy: Program = JSON.parse(JSON.stringify(program));
        assert.deepEqual(copy, program);
        const message = readMessage(Buffer.from(mail));
        assert.deepEqual(run(copy, message, plainFacts), run(program, message, plainFacts));
      }),
      { numRuns: 200 },
    );
  });

  it("decide the same with keys looked up together and one by one", () => {
    fc.assert(
      fc.property(soundScript, fc.array(smallMail, { minLength: 1, maxLength: 4 }), (script, mails) => {
        const program = programOf(script);
        const together = indexed(program);
        const alone = plain(program);
        for (const mail of mails) {
          const given = { program, message: readMessage(Buffer.from(mail)), facts: plainFacts, limits: {} };
          assert.deepEqual(
            runWith(() => together, given),
            runWith(() => alone, given),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it("never throw on any bytes as mail", () => {
    const script = programOf(
      'require ["body", "date", "fileinto", "variables"]; if anyof (body :text :contains "x", date "date" "year" "2024", address :domain ["from", "to"] "x", header :matches "subject" "*?x*", exists "to", size :over 3) { fileinto "m${1}"; }',
    );
    const garbage = fc.array(
      fc.constantFrom(
        "Subject:",
        "From: <",
        "To: a@b, (",
        "=?utf-8?q?",
        "\r\n",
        "\n",
        " ",
        "Content-Type: multipart/mixed; boundary=x",
        "--x",
        "Date: Mon",
        "\0",
        "\xff",
        ";;;",
        '"',
        "text/html",
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(garbage, (parts) => {
        const outcome = run(script, readMessage(Buffer.from(parts.join(""), "latin1")), plainFacts);
        assert.ok(outcome.kind === "done" && outcome.error?.code !== "internal", JSON.stringify(outcome));
      }),
      { numRuns: 500 },
    );
  });
});
