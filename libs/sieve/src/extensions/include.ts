import { defineCommand, type Extension } from "../extension.ts";
import { missingCode, scriptKey } from "../inclusion.ts";
import type { ScriptName, Text } from "../program.ts";
import { RuntimeFault } from "../run-state.ts";
import { checkVariableName } from "./variables.ts";

/** RFC 6609 §3.2: as script names of ManageSieve, and never a path. */
function isScriptName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return name !== "" && name.length <= 512 && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029/]/.test(name);
}

interface Named {
  readonly global?: true;
  readonly script: Text;
}

function scriptOf({ global, script }: Named): ScriptName {
  return { location: global === true ? "global" : "personal", name: typeof script === "string" ? script : "" };
}

const include = defineCommand({
  name: "include",
  shape: {
    tags: { personal: "flag", global: "flag", once: "flag", optional: "flag" },
    positional: { script: "string!" },
    exclusive: [["personal", "global"]],
  },
  check(args, context) {
    const script = scriptOf(args);
    if (!isScriptName(script.name)) {
      context.report({ code: "bad-script-name", at: "script", parameters: { script: script.name } });
      return;
    }
    const problem = context.include(script);
    // RFC 6609 §3.2: `:once` makes a recursive include none, `:optional` one of a missing script.
    if (problem === null || (problem.kind === "recursive" && args.once === true)) return;
    if (problem.kind === "missing" && args.optional === true) return;
    const severity = problem.kind === "unknown" ? "warning" : "error";
    context.report({ severity, code: problem.code, at: "script", parameters: problem.parameters });
  },
  prepare(args, origin, preparation) {
    const script = scriptOf(args);
    const key = scriptKey(script);
    return (state) => {
      state.spend(1);
      state.origin = origin;
      if (args.once === true && state.included.has(key)) return "next";
      const planned = preparation.scripts.get(key);
      if (planned === undefined) {
        if (args.optional === true || args.once === true) return "next";
        throw new RuntimeFault(missingCode(script), { script: script.name });
      }
      state.included.add(key);
      for (const index of planned.variables) state.variables[index] = "";
      const before = state.matchVariables;
      state.matchVariables = [];
      const signal = planned.execute(state);
      state.matchVariables = before;
      return signal === "stop" ? "stop" : "next";
    };
  },
});

// RFC 6609 §3.3
const returnCommand = defineCommand({
  name: "return",
  shape: {},
  ends: true,
  prepare: () => () => "return",
});

// RFC 6609 §3.4.1
const global = defineCommand({
  name: "global",
  shape: { positional: { names: "strings!" } },
  check({ names }, context) {
    if (!context.enabled("variables")) {
      context.report({ code: "needs-require", parameters: { name: "global", capability: "variables" } });
    }
    names.forEach((name, index) => {
      if (typeof name !== "string") return;
      if (/^[A-Za-z_]\w*$/.test(name) && !context.share(name)) {
        context.report({ code: "global-after-use", at: "names", index, parameters: { name } });
      }
      checkVariableName(name, "names", context, index);
    });
  },
  prepare: () => () => "next",
});

/** Scripts inside scripts, with variables that they share (RFC 6609). */
export const includeExtension: Extension = {
  name: "include",
  rfc: "RFC 6609",
  state: "yes",
  needs: ["other-scripts"],
  commands: [include, returnCommand, global],
  namespaces: ["global"],
};
