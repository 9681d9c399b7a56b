import type { Message } from "@tamis/message";
import { completed } from "./action-command.ts";
import { type Action, staysInInbox } from "./actions.ts";
import { registry } from "./compile.ts";
import { translate } from "./diagnostic.ts";
import type { DebugMessage, Facts, Outcome, RuntimeError } from "./facts.ts";
import { type Limits, withLimits } from "./limits.ts";
import { type Plan, planProgram } from "./plan.ts";
import { type Program, programVersion } from "./program.ts";
import { FactsMissing, RunState, RuntimeFault } from "./run-state.ts";

/**
 * Runs a program on a mail: synchronous, no I/O, never throws on any mail. A runtime error, of the script or
 * of ours, ends in a keep that says so (RFC 5228 §2.10.6). The first run of a program object makes its plan,
 * later ones use it: keep the object while its script lives.
 */
export function run(program: Program, message: Message, facts: Facts, limits: Partial<Limits> = {}): Outcome {
  return runWith(planOf, { program, message, facts, limits });
}

interface Run {
  readonly program: Program;
  readonly message: Message;
  readonly facts: Facts;
  readonly limits: Partial<Limits>;
}

/** Runs with a given way to plan, for tests of the library itself. */
export function runWith(plan: (program: Program) => Plan, { program, message, facts, limits }: Run): Outcome {
  let state: RunState | null = null;
  try {
    const ready = plan(program);
    state = new RunState({
      message,
      facts,
      limits: withLimits(limits),
      runs: ready,
      variables: ready.variables,
      slots: ready.slots,
    });
    ready.execute(state);
    return { kind: "done", actions: result(state), trace: state.trace, ...debugOf(state) };
  } catch (cause) {
    if (cause instanceof FactsMissing) return { kind: "need", needs: cause.needs };
    const kept: Action = { kind: "keep", implicit: true, origin: null };
    return {
      kind: "done",
      actions: [kept],
      trace: state?.trace ?? [],
      error: errorOf(cause, state),
      ...debugOf(state),
    };
  }
}

const plans = new WeakMap<Program, Plan>();

function planOf(program: Program): Plan {
  const known = plans.get(program);
  if (known !== undefined) return known;
  if (program.version !== programVersion) throw new RuntimeFault("stale-program");
  const plan = planProgram(program, registry);
  plans.set(program, plan);
  return plan;
}

/** The actions with the implicit keep, where nothing cancelled it (RFC 5228 §2.10.2). */
function result(state: RunState): readonly Action[] {
  if (!state.keeps || state.actions.some(staysInInbox)) return state.actions;
  return [...state.actions, completed({ kind: "keep", implicit: true, origin: null }, state)];
}

function debugOf(state: RunState | null): { readonly debug?: readonly DebugMessage[] } {
  return state === null || state.debug.length === 0 ? {} : { debug: state.debug };
}

function errorOf(cause: unknown, state: RunState | null): RuntimeError {
  const fault =
    cause instanceof RuntimeFault
      ? cause
      : new RuntimeFault("internal", {
          reason: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause),
        });
  const { code, parameters } = fault;
  return {
    code,
    message: translate({ code, parameters }, "en").message,
    parameters,
    rule: state?.origin?.rule ?? "",
    line: state?.origin?.line ?? 0,
  };
}
