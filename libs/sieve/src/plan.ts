import type { Evaluate, Execute, Signal } from "./execute.ts";
import { scriptKey } from "./inclusion.ts";
import { Preparation } from "./preparation.ts";
import type { Branch, CommandNode, IfNode, Program, TestNode } from "./program.ts";
import type { Registry } from "./registry.ts";
import { allOf, anyOf, RuleIndex } from "./rule-index.ts";
import { type RunState, RuntimeFault } from "./run-state.ts";

/** A program made ready to run on many mails. */
export interface Plan {
  readonly slots: number;
  readonly variables: number;
  /** The number of the last run. */
  runs: number;
  execute(state: RunState): Signal;
}

/**
 * Makes a plan: closures over resolved arguments, shared slots, indexed keys.
 * `indexed: false` compares every key on its own: slower, the same result.
 */
export function planProgram(program: Program, registry: Registry, indexed = true): Plan {
  const preparation = new Preparation({
    registry,
    indexed,
    captures: program.required.includes("variables") && readsMatchVariables(program),
    // What an included script sets must be known before it first runs.
    waits: program.scripts.length === 0,
  });
  preparation.enterScript(0, program.globals);
  const execute = planBlock(program.commands, preparation);
  program.scripts.forEach((script, at) => {
    const scope = at + 1;
    preparation.enterScript(scope, script.globals);
    const run = planBlock(script.commands, preparation);
    preparation.scripts.set(scriptKey(script), { execute: run, variables: preparation.variablesOf(scope) });
  });
  preparation.complete();
  return {
    get slots() {
      return preparation.slotCount;
    },
    get variables() {
      return preparation.variableCount;
    },
    runs: 0,
    execute,
  };
}

/** Whether any string of the program holds a match variable; a walk over plain data. */
function readsMatchVariables(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(readsMatchVariables);
  if ("match" in value && typeof value.match === "number") return true;
  return Object.values(value).some(readsMatchVariables);
}

function planBlock(nodes: readonly CommandNode[], preparation: Preparation): Execute {
  const steps = nodes.map((node) => (node.kind === "if" ? planIf(node, preparation) : planCommand(node, preparation)));
  let index: RuleIndex | null = null;
  if (preparation.indexed) {
    preparation.whenComplete(() => {
      index = RuleIndex.build(
        steps,
        steps.map((step) => preparation.guards.get(step)?.() ?? null),
      );
    });
  }
  return (state) => {
    if (index !== null) return index.run(state);
    for (const step of steps) {
      const signal = step(state);
      if (signal !== "next") return signal;
    }
    return "next";
  };
}

/** What a rule does is planned when a mail first comes to it: of a long script, hardly any rule holds for one mail. */
function planActions(nodes: readonly CommandNode[], preparation: Preparation): Execute {
  const isPlain = (node: CommandNode): boolean => node.kind === "command" && node.block === undefined;
  if (!preparation.waits || !nodes.every(isPlain)) return planBlock(nodes, preparation);
  let planned: Execute | null = null;
  return (state) => {
    planned ??= planBlock(nodes, preparation);
    return planned(state);
  };
}

function planCommand(node: CommandNode & { readonly kind: "command" }, preparation: Preparation): Execute {
  const command = preparation.registry.commands.get(node.name)?.item;
  if (command === undefined) throw new RuntimeFault("stale-program");
  if (command.prepareBlock === undefined) return command.prepare(node.args, node.origin, preparation);
  const run = planBlock(node.block ?? [], preparation);
  return command.prepareBlock(node.args, node.origin, { preparation, run });
}

interface PlannedBranch {
  readonly branch: Branch;
  readonly test: Evaluate;
  readonly block: Execute;
}

function planIf({ branches }: IfNode, preparation: Preparation): Execute {
  const planned = branches.map(
    (branch): PlannedBranch => ({
      branch,
      test: branch.test === null ? () => true : planTest(branch.test, preparation),
      block: planActions(branch.commands, preparation),
    }),
  );
  const execute: Execute = (state) => {
    for (const { branch, test, block } of planned) {
      const mark = state.remembered;
      state.origin = branch.origin;
      if (!test(state)) continue;
      state.trace.push({
        kind: "branch",
        rule: branch.origin.rule,
        line: branch.origin.line,
        matches: state.take(mark),
      });
      return block(state);
    }
    return "next";
  };
  preparation.guards.set(execute, anyOf(planned.map(({ test }) => preparation.guards.get(test))));
  return execute;
}

function planTest(node: TestNode, preparation: Preparation): Evaluate {
  switch (node.kind) {
    case "constant": {
      const { value } = node;
      const evaluate: Evaluate = () => value;
      if (!value) preparation.guards.set(evaluate, () => []);
      return evaluate;
    }
    case "not":
      return planNot(node.test, preparation);
    case "allof":
      return planAll(
        node.tests.map((test) => planTest(test, preparation)),
        preparation,
      );
    case "anyof":
      return planAny(
        node.tests.map((test) => planTest(test, preparation)),
        preparation,
      );
    case "test": {
      const test = preparation.registry.tests.get(node.name)?.item;
      if (test === undefined) throw new RuntimeFault("stale-program");
      return test.prepare(node.args, node.line, preparation);
    }
  }
}

function planAny(tests: readonly Evaluate[], preparation: Preparation): Evaluate {
  const evaluate: Evaluate = (state) => {
    for (const test of tests) if (test(state)) return true;
    return false;
  };
  preparation.guards.set(evaluate, anyOf(tests.map((test) => preparation.guards.get(test))));
  if (tests.some((test) => preparation.acting.has(test))) preparation.acting.add(evaluate);
  return evaluate;
}

function planAll(tests: readonly Evaluate[], preparation: Preparation): Evaluate {
  const evaluate: Evaluate = (state) => {
    const mark = state.remembered;
    for (const test of tests) {
      if (test(state)) continue;
      state.forget(mark);
      return false;
    }
    return true;
  };
  if (tests.some((test) => preparation.acting.has(test))) preparation.acting.add(evaluate);
  else preparation.guards.set(evaluate, allOf(tests.map((test) => preparation.guards.get(test))));
  return evaluate;
}

function planNot(inner: TestNode, preparation: Preparation): Evaluate {
  const test = planTest(inner, preparation);
  const { name, line } = nameOf(inner);
  const evaluate: Evaluate = (state) => {
    const mark = state.remembered;
    if (!test(state)) return state.matched(`not ${name}`, line);
    state.forget(mark);
    return false;
  };
  if (preparation.acting.has(test)) preparation.acting.add(evaluate);
  return evaluate;
}

function nameOf(node: TestNode): { readonly name: string; readonly line: number } {
  if (node.kind === "test") return node;
  if (node.kind === "not") return { name: `not ${nameOf(node.test).name}`, line: nameOf(node.test).line };
  const [first] = node.kind === "constant" ? [] : node.tests;
  return { name: node.kind, line: first === undefined ? 0 : nameOf(first).line };
}
