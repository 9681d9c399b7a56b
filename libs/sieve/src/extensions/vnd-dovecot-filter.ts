import type { Evaluate } from "../execute.ts";
import { defineCommand, defineTest, type Extension } from "../extension.ts";
import type { Preparation } from "../preparation.ts";
import { checkProgram, type ProgramArguments, prepareProgram, programResult } from "../program-call.ts";
import { type RunState, RuntimeFault } from "../run-state.ts";

const shape = { positional: { program: "string!", arguments: "strings?" } } as const;

/** Takes what the program made of the mail; a program that failed, or wrote nothing, changes nothing. */
function filtering(preparation: Preparation, args: ProgramArguments, isTest: boolean): (state: RunState) => boolean {
  const call = prepareProgram(preparation, args);
  return (state) => {
    state.spend(1);
    const made = call(state);
    const { key, result } = programResult(state, "filter", { ...made, input: "mail", isTest });
    if (result.missing === true && !isTest) throw new RuntimeFault("no-such-program", { program: made.program });
    if (!result.ok || result.output === undefined || result.output.length === 0) return false;
    state.edit({ kind: "program-output", key });
    return true;
  };
}

const command = defineCommand({
  name: "filter",
  shape,
  check(args, context) {
    context.use({ body: true, attachments: true });
    checkProgram(args, context);
  },
  prepare(args, origin, preparation) {
    const filter = filtering(preparation, args, false);
    return (state) => {
      state.origin = origin;
      filter(state);
      return "next";
    };
  },
});

// External programs extension §8
const test = defineTest({
  name: "filter",
  shape,
  check(args, context) {
    context.use({ body: true, attachments: true });
    checkProgram(args, context);
  },
  prepare(args, line, preparation) {
    const filter = filtering(preparation, args, true);
    const { program } = args;
    const evaluate: Evaluate = (state) =>
      filter(state) && state.matched("filter", line, typeof program === "string" ? { field: program } : {});
    preparation.acting.add(evaluate);
    return evaluate;
  },
});

/** Goes on with what a program makes of the mail: a fact that somebody else brings. */
export const dovecotFilter: Extension = {
  name: "vnd.dovecot.filter",
  rfc: "spec-bosch-sieve-extprograms",
  state: "yes",
  needs: ["programs", "program-filters", "rewrite"],
  commands: [command],
  tests: [test],
};
