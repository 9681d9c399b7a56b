import type { Evaluate } from "../execute.ts";
import { type CheckContext, defineCommand, defineTest, type Extension } from "../extension.ts";
import type { Preparation } from "../preparation.ts";
import type { Text } from "../program.ts";
import {
  checkProgram,
  type ProgramArguments,
  type ProgramInput,
  prepareProgram,
  programResult,
} from "../program-call.ts";
import { type RunState, RuntimeFault } from "../run-state.ts";
import { bounded, checkVariableName } from "./variables.ts";

const shape = {
  tags: { input: "string", pipe: "flag", output: "string!" },
  positional: { program: "string!", arguments: "strings?" },
  exclusive: [["input", "pipe"]],
} as const;

interface ExecuteArguments extends ProgramArguments {
  readonly input?: Text;
  readonly pipe?: true;
  readonly output?: Text;
}

function check(args: ExecuteArguments, context: CheckContext): void {
  checkProgram(args, context);
  if (args.pipe === true) context.use({ body: true, attachments: true });
  if (args.output === undefined) return;
  if (context.enabled("variables")) checkVariableName(args.output, "output", context);
  else context.report({ code: "needs-variables", at: "output", parameters: { name: "execute :output" } });
}

function inputOf(preparation: Preparation, { input, pipe }: ExecuteArguments): (state: RunState) => ProgramInput {
  if (pipe === true) return () => "mail";
  if (input === undefined) return () => null;
  const text = preparation.text(input);
  return (state) => ({ text: text(state) });
}

/** True when the program ended well; only then its output goes into the variable. */
function executing(preparation: Preparation, args: ExecuteArguments, isTest: boolean): (state: RunState) => boolean {
  const call = prepareProgram(preparation, args);
  const input = inputOf(preparation, args);
  const variable = typeof args.output === "string" ? preparation.variable(args.output) : null;
  return (state) => {
    state.spend(1);
    const made = call(state);
    const { result } = programResult(state, "execute", { ...made, input: input(state) });
    if (result.missing === true && !isTest) throw new RuntimeFault("no-such-program", { program: made.program });
    if (!result.ok) return false;
    if (variable !== null) {
      const output = Buffer.from(result.output ?? []).toString("utf8");
      state.variables[variable] = bounded(output, state.limits.variableLength);
    }
    return true;
  };
}

const command = defineCommand({
  name: "execute",
  shape,
  check,
  prepare(args, origin, preparation) {
    const execute = executing(preparation, args, false);
    return (state) => {
      state.origin = origin;
      execute(state);
      return "next";
    };
  },
});

// External programs extension §8
const test = defineTest({
  name: "execute",
  shape,
  check,
  prepare(args, line, preparation) {
    const execute = executing(preparation, args, true);
    const { program } = args;
    const evaluate: Evaluate = (state) =>
      execute(state) && state.matched("execute", line, typeof program === "string" ? { field: program } : {});
    preparation.acting.add(evaluate);
    return evaluate;
  },
});

/** What a program says, as a fact that somebody else brings. */
export const dovecotExecute: Extension = {
  name: "vnd.dovecot.execute",
  rfc: "spec-bosch-sieve-extprograms",
  state: "yes",
  needs: ["programs"],
  commands: [command],
  tests: [test],
};
