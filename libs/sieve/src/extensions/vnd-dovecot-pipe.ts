import { actionCommand } from "../action-command.ts";
import { defineCommand, type Extension } from "../extension.ts";
import { checkProgram, prepareProgram } from "../program-call.ts";
import { RuntimeFault } from "../run-state.ts";

const pipe = defineCommand({
  name: "pipe",
  shape: { tags: { try: "flag" }, positional: { program: "string!", arguments: "strings?" } },
  check: (args, context) => checkProgram(args, context),
  prepare(args, origin, preparation) {
    const call = prepareProgram(preparation, args);
    return actionCommand(preparation, {
      name: "pipe",
      args,
      origin,
      make(state) {
        const { program, arguments: given } = call(state);
        // External programs extension §5.1: once for each program.
        if (state.actions.some((action) => action.kind === "pipe" && action.program === program)) {
          throw new RuntimeFault("action-conflict", { action: "pipe", other: "pipe" });
        }
        return { kind: "pipe", program, arguments: given, copy: false, try: args.try === true, origin };
      },
    });
  },
});

/** Hands the mail to a program; this library decides, it runs nothing. */
export const dovecotPipe: Extension = {
  name: "vnd.dovecot.pipe",
  rfc: "spec-bosch-sieve-extprograms",
  state: "yes",
  needs: ["programs"],
  commands: [pipe],
};
