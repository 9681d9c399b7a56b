import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readMessage } from "@tamis/message";
import { actionText as plainText } from "../src/action-text.ts";
import type { Action } from "../src/actions.ts";
import { type CompileOptions, compile } from "../src/compile.ts";
import type { Facts, Need, Outcome } from "../src/facts.ts";
import { run } from "../src/interpreter.ts";
import type { Limits } from "../src/limits.ts";
import type { Program } from "../src/program.ts";

/** Facts of a plain delivery. */
export const plainFacts: Facts = {
  now: Date.UTC(2024, 1, 29, 23, 30, 15),
  timeZone: "Europe/Paris",
  envelope: { from: "sender@example.org", to: "me+lists@example.net" },
};

/** A mail made of lines. */
export function mailOf(...lines: readonly string[]): string {
  return lines.join("\r\n");
}

/** A small mail with the usual header fields. */
export const plainMail = mailOf(
  "From: Alice Martin <alice@example.org>",
  "To: Bob <bob@example.net>, carol@example.net",
  "Cc: Friends: dan@sub.example.org, Eve <eve+tag@example.com>;",
  "Subject: The budget of 2024",
  "Date: Thu, 29 Feb 2024 22:05:09 -0500",
  "X-Tag: one",
  "X-Tag: two",
  "X-Tag: three",
  "",
  "Hello Bob,",
  "see the annex.",
  "",
);

/** Compiles or fails with what is wrong. */
export function programOf(script: string, options: CompileOptions = {}): Program {
  const compiled = compile(script, options);
  assert.ok(compiled.ok, compiled.ok ? "" : JSON.stringify(compiled.diagnostics, null, 1));
  return compiled.program;
}

/** Codes of what is wrong with a script, each with its line and column. */
export function problems(script: string, options: CompileOptions = {}): readonly string[] {
  const compiled = compile(script, options);
  const found = compiled.ok ? compiled.warnings : compiled.diagnostics;
  return found.map(({ severity, code, span }) => `${span.line}:${span.column} ${severity} ${code}`);
}

export interface Case {
  readonly script: string;
  readonly mail?: string;
  readonly facts?: Partial<Facts>;
  readonly limits?: Partial<Limits>;
}

/** The outcome of a script on a mail. */
export function outcomeOf({ script, mail = plainMail, facts = {}, limits = {} }: Case): Outcome {
  return run(programOf(script), readMessage(Buffer.from(mail)), { ...plainFacts, ...facts }, limits);
}

/** The decision in words: one string per action, or what is needed, or the error. */
export function decide(given: Case): readonly string[] {
  return decisionText(outcomeOf(given));
}

/** An outcome in words. */
export function decisionText(outcome: Outcome): readonly string[] {
  if (outcome.kind === "need") return outcome.needs.map((need) => `need ${need.kind}${needText(need)}`);
  const error = outcome.error === undefined ? [] : [`error ${outcome.error.code} line ${outcome.error.line}`];
  return [...error, ...outcome.actions.map((action) => `${actionText(action)}${editsText(action)}`)];
}

/** What is changed in the mail before the action, by its kind. */
function editsText(action: Action): string {
  const edits = "edits" in action ? (action.edits ?? []) : [];
  return edits.length === 0 ? "" : ` {${edits.map(({ kind }) => kind).join(" ")}}`;
}

function needText(need: Need): string {
  switch (need.kind) {
    case "mailbox-exists":
      return ` ${need.name}`;
    case "mailbox-id":
      return ` ${need.id}`;
    case "duplicate":
      return ` ${need.key}`;
    case "list":
      return [` ${need.name}`, ...need.values].join(" ");
    case "program":
      return ` ${need.command} ${[need.program, ...need.arguments].join(" ")}`;
    case "metadata":
      return ` ${need.mailbox ?? "server"} ${need.entry}`;
    default:
      return "";
  }
}

function actionText(action: Action): string {
  const flags = "flags" in action && action.flags !== undefined ? ` [${action.flags.join(" ")}]` : "";
  switch (action.kind) {
    case "keep":
      return `${action.implicit ? "implicit keep" : "keep"}${flags}`;
    case "fileinto":
      return `fileinto ${action.mailbox}${action.copy ? " :copy" : ""}${action.create ? " :create" : ""}${flags}`;
    case "redirect":
      if (action.list ?? action.dsn ?? action.deliverBy) return plainText(action);
      return `redirect ${action.address}${action.copy ? " :copy" : ""}`;
    default:
      return plainText(action);
  }
}

/** A table of tests: each is put after `if`, and must be true or false on the mail. */
export function testTable(
  title: string,
  required: readonly string[],
  rows: readonly (Omit<Case, "script"> & {
    readonly test: string;
    readonly before?: string;
    readonly want: boolean | string;
  })[],
): void {
  describe(title, () => {
    for (const { test, before = "", want, ...rest } of rows) {
      it(`${before}${test} → ${want}${rest.mail === undefined ? "" : ` on ${JSON.stringify(rest.mail.slice(0, 60))}`}`, () => {
        const list = ["fileinto", ...required].map((name) => JSON.stringify(name)).join(", ");
        const script = `require [${list}];\n${before}\nif ${test} { fileinto "yes"; } else { fileinto "no"; }`;
        const expected = typeof want === "string" ? [want] : [`fileinto ${want ? "yes" : "no"}`];
        const actions = decide({ script, ...rest }).map((action) => action.replace(/ \{[^}]*\}$/, ""));
        assert.deepEqual(actions, expected);
      });
    }
  });
}

/** A table of whole scripts and the decisions that they lead to. */
export function scriptTable(
  title: string,
  rows: readonly (Case & { readonly name?: string; readonly want: readonly string[] })[],
): void {
  describe(title, () => {
    for (const { name, want, ...given } of rows) {
      it(name ?? given.script.replaceAll(/\s+/g, " "), () => assert.deepEqual(decide(given), want));
    }
  });
}

/** A table of scripts and what is wrong with them, as `line:column severity code`. */
export function problemTable(
  title: string,
  rows: readonly { readonly script: string; readonly want: readonly string[]; readonly options?: CompileOptions }[],
): void {
  describe(title, () => {
    for (const { script, want, options } of rows) {
      it(script.replaceAll(/\s+/g, " "), () => assert.deepEqual(problems(script, options), want));
    }
  });
}
