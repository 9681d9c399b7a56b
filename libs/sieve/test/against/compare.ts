import { readMessage } from "@tamis/message";
import type { DovecotSieve } from "@tamis/testkit";
import type { Action } from "../../src/actions.ts";
import { compile } from "../../src/compile.ts";
import { run } from "../../src/interpreter.ts";
import type { ComparableCase } from "./comparable.ts";
import { differencesOf, reasons } from "./reasons.ts";

/** What both engines said of a case, in words. */
export interface Comparison {
  readonly ours: string;
  readonly theirs: string;
  /** Whether they agree, or differ for a reason of the list. */
  readonly ok: boolean;
}

function wordsOf(action: Action): string {
  switch (action.kind) {
    case "fileinto":
      return action.mailbox === "INBOX" ? "keep" : `fileinto ${action.mailbox}`;
    case "redirect":
      return `redirect ${action.address}`;
    default:
      return action.kind;
  }
}

/** A discard beside an action that stores the mail has no effect (RFC 5228 §4.4): the engines differ in naming it. */
function inWords(actions: readonly string[]): string {
  const all = [...new Set(actions)].sort();
  return (all.length > 1 ? all.filter((action) => action !== "discard") : all).join(", ");
}

function ourWords({ script, mail, envelope }: ComparableCase): string {
  const compiled = compile(script);
  if (!compiled.ok) return "error";
  const facts = { now: Date.UTC(2024, 2, 1), timeZone: "UTC", envelope };
  const outcome = run(compiled.program, readMessage(Buffer.from(mail)), facts);
  if (outcome.kind === "need") return `need ${outcome.needs.map(({ kind }) => kind).join(" ")}`;
  return outcome.error === undefined ? inWords(outcome.actions.map(wordsOf)) : "error";
}

/** Decides with both engines. */
export async function compareCase(one: ComparableCase, engine: DovecotSieve): Promise<Comparison> {
  const ran = await engine.test(one.script, Buffer.from(one.mail), one.envelope);
  const theirs = ran.ok ? inWords(ran.decisions[0]?.actions ?? []) : "error";
  const ours = ourWords(one);
  const [first] = differencesOf(one, [ours, theirs]);
  const ok = first === undefined || reasons.some(({ explains }) => explains(first, one));
  return { ours, theirs, ok };
}
