import assert from "node:assert/strict";
import { type Message, messageText, readMessage, walk } from "@tamis/message";
import { compile, registry } from "../../src/compile.ts";
import { parse, print } from "../../src/concrete-tree.ts";
import { type Diagnostic, translate } from "../../src/diagnostic.ts";
import type { Facts, Need, Outcome } from "../../src/facts.ts";
import { format } from "../../src/format.ts";
import { runWith } from "../../src/interpreter.ts";
import { type Plan, planProgram } from "../../src/plan.ts";
import type { Program } from "../../src/program.ts";
import { plainFacts } from "../decide.ts";
import type { FuzzCase } from "./cases.ts";

/** Everything that must hold of any script and any mail. @throws AssertionError, or what the library threw */
export function checkCase({ script, mail }: FuzzCase): void {
  assert.equal(print(parse(script)), script, "print(parse(x)) is x");
  checkFormat(script);
  const raw = Buffer.from(mail, "latin1");
  checkMail(readMessage(raw));
  const compiled = compile(script);
  checkDiagnostics(compiled.ok ? compiled.warnings : compiled.diagnostics, script);
  if (!compiled.ok) {
    const { diagnostics } = compiled;
    assert.ok(
      diagnostics.some(({ severity }) => severity === "error"),
      "what does not compile has an error",
    );
    return;
  }
  const copy: Program = JSON.parse(JSON.stringify(compiled.program));
  assert.deepEqual(copy, compiled.program, "a program is JSON");
  checkRuns(compiled.program, raw);
}

function checkDiagnostics(diagnostics: readonly Diagnostic[], script: string): void {
  for (const { span, code, message, parameters } of diagnostics) {
    assert.ok(span.start >= 0 && span.end >= span.start && span.end <= script.length, `span of ${code}`);
    assert.ok(span.line >= 1 && span.column >= 1, `place of ${code}`);
    assert.notEqual(message, code);
    assert.notEqual(translate({ code, parameters }, "fr").message, code);
  }
}

function checkFormat(script: string): void {
  const once = format(script);
  if (!once.ok) return;
  const twice = format(once.text);
  assert.ok(twice.ok, "what is laid out can be laid out");
  assert.equal(twice.text, once.text, "format(format(x)) is format(x)");
  assert.equal(compile(once.text).ok, compile(script).ok, "format keeps what compiles");
}

/** Everything that can be asked of a mail. */
function checkMail(message: Message): void {
  for (const field of message.headerFields()) {
    field.text();
    for (const { address, localPart } of field.addresses()) assert.ok(address.length >= localPart.length - 2);
  }
  for (const entity of walk(message.root)) {
    assert.ok(entity.headerStart <= entity.bodyStart && entity.bodyStart <= entity.end);
    entity.text();
    entity.bytes();
    assert.ok(entity.filename === null || entity.filename.length <= message.size);
  }
  messageText(message);
}

/** Runs with keys looked up together and one by one, on the whole mail and on a cut one. */
function checkRuns(program: Program, raw: Buffer): void {
  const together = planProgram(program, registry, true);
  const alone = planProgram(program, registry, false);
  let facts = plainFacts;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const indexed = runPlan(together, { program, message: readMessage(raw), facts });
    const plain = runPlan(alone, { program, message: readMessage(raw), facts });
    assert.deepEqual(indexed, plain, "indexed and plain plans decide the same");
    if (plain.kind === "done") break;
    facts = answered(facts, plain.needs);
  }
  const half = raw.subarray(0, raw.length >> 1);
  runPlan(together, { program, message: readMessage(half, { size: raw.length, complete: false }), facts });
}

/** A script that asks again and again is given up by its host. */
const MOST_ROUNDS = 8;

interface Given {
  readonly program: Program;
  readonly message: Message;
  readonly facts: Facts;
}

function runPlan(plan: Plan, given: Given): Outcome {
  const outcome = runWith(() => plan, { ...given, limits: {} });
  if (outcome.kind === "done" && outcome.error !== undefined) {
    assert.notEqual(outcome.error.code, "internal", JSON.stringify(outcome.error.parameters));
  }
  return outcome;
}

/** The facts with an answer to each need: there is nothing, and nothing was seen. */
function answered(facts: Facts, needs: readonly Need[]): Facts {
  const found = { ...facts };
  const add = <T>(map: ReadonlyMap<string, T> | undefined, key: string, value: T): ReadonlyMap<string, T> =>
    new Map([...(map ?? []), [key, value]]);
  for (const need of needs) {
    switch (need.kind) {
      case "mailbox-exists":
        found.mailboxExists = add(found.mailboxExists, need.name, false);
        break;
      case "duplicate":
        found.duplicates = add(found.duplicates, need.key, false);
        break;
      case "special-use":
        found.specialUse = new Map();
        break;
      case "mailbox-id":
        found.mailboxIds = add(found.mailboxIds, need.id, null);
        break;
      case "metadata":
        found.metadata = add(found.metadata, need.key, null);
        break;
      case "calendar":
        found.calendar = add(found.calendar, need.key, { outcome: "no_action", reason: "" });
        break;
      case "list":
        found.lists = add(found.lists, need.name, new Map(need.values.map((value) => [value, false])));
        break;
      case "program":
        found.programs = add(found.programs, need.key, {
          ok: true,
          output: need.input ?? Buffer.from("Subject: out\n"),
        });
        break;
      case "whole-message":
        assert.fail("a whole mail was asked for again");
    }
  }
  return found;
}
