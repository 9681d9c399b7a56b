import { completed } from "../action-command.ts";
import type { Action } from "../actions.ts";
import { compileWith } from "../compile.ts";
import { translate } from "../diagnostic.ts";
import { withLimits } from "../limits.ts";
import { type Plan, planProgram } from "../plan.ts";
import type { Program } from "../program.ts";
import { FactsMissing, RunState, RuntimeFault } from "../run-state.ts";
import { executeActions, executeResult } from "./execute-result.ts";
import { mistakesIn } from "./mistakes.ts";
import { SuiteSkipped, TestFailed } from "./suite-ends.ts";
import { type SuiteSession, suiteLimits } from "./suite-session.ts";

const plans = new WeakMap<Program, Plan>();

/** Plans without indexes: the mail may change while a program of a test file runs. */
export function planOf(program: Program, session: SuiteSession): Plan {
  const known = plans.get(program);
  if (known !== undefined) return known;
  const plan = planProgram(program, session.registry, false);
  plans.set(program, plan);
  return plan;
}

/** Compiles a script file into the slot; what is wrong goes into the error log. */
export function compileScript(session: SuiteSession, path: string): boolean {
  const text = session.environment.readText(path);
  if (text === null) {
    session.errors.add(`there is no script “${path}”`);
    return false;
  }
  const compiled = compileWith(session.registry, text, {
    limits: { ...session.settings.limits(), diagnostics: suiteLimits.diagnostics },
    scripts: (script) => session.includedText(script),
  });
  if (compiled.ok) session.compiled = compiled.program;
  else session.errors.addMistakes(mistakesIn(text, compiled.diagnostics, session.registry));
  return compiled.ok;
}

/** Runs the compiled script on the current message; its actions go to the result of the file. False on any error. */
export function runScript(session: SuiteSession, outer: RunState): boolean {
  const { compiled } = session;
  if (compiled === null) throw new RuntimeFault("nothing-compiled");
  const plan = planOf(compiled, session);
  const state = new RunState({
    message: session.original,
    facts: session.facts,
    limits: withLimits(session.settings.limits()),
    runs: plan,
    variables: plan.variables,
    slots: plan.slots,
  });
  const went = attempt(session, () => {
    if (outer.edits.length > 0) state.edit(...outer.edits);
    takeResult(outer, state);
    plan.execute(state);
  });
  takeResult(state, outer);
  session.keep = completed({ kind: "keep", implicit: true, origin: null }, state);
  session.dropEdits(outer);
  if (state.edits.length > 0) outer.edit(...state.edits);
  return went;
}

function takeResult(from: RunState, to: RunState): void {
  to.actions.splice(0, to.actions.length, ...from.actions);
  to.keeps = from.keeps;
  to.executed = from.executed;
  to.redirects = from.redirects;
  to.notifications = from.notifications;
}

function attempt(session: SuiteSession, execute: () => unknown): boolean {
  try {
    execute();
    return true;
  } catch (cause) {
    if (cause instanceof SuiteSkipped) throw cause;
    if (!(cause instanceof TestFailed)) session.errors.add(reasonOf(cause));
    return false;
  }
}

/** Why a run ended, for a person. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof RuntimeFault) return translate(cause, "en").message;
  if (cause instanceof TestFailed) return cause.message;
  if (cause instanceof FactsMissing) return `facts are missing: ${JSON.stringify(cause.needs)}`;
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
}

/**
 * Scripts one after the other: each runs only while the mail is still kept, and is carried out before the next one.
 * Where one fails the mail is kept (RFC 5228 §2.10.6).
 */
export function runChain(session: SuiteSession, paths: readonly string[], outer: RunState): boolean {
  let kept: Action | undefined;
  let went = true;
  for (const path of paths) {
    if (!outer.keeps || !went) break;
    const { length } = outer.actions;
    went = compileScript(session, path) && runScript(session, outer);
    if (!went) outer.actions.length = Math.min(length, outer.actions.length);
    const at = outer.actions.findIndex(({ kind }) => kind === "keep");
    // A later script may still cancel what an earlier one kept.
    if (at >= 0) [kept] = outer.actions.splice(at, 1);
    if (at >= 0 || !went) outer.keeps = true;
    went = executeActions(session, outer) && went;
  }
  if (outer.keeps && kept !== undefined) outer.actions.push(kept);
  return executeResult(session, outer) && went;
}
