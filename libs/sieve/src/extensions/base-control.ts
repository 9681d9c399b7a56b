import type { Execute } from "../execute.ts";
import type { Command, Extension, Structure } from "../extension.ts";
import { defineCommand } from "../extension.ts";

const nothing: Execute = () => "next";

/** The words that shape a program: the validator turns them into nodes, so they are never run themselves. */
function structural(name: Structure, shape: Pick<Command, "shape" | "tests" | "block">): Command {
  return { name, structure: name, ...shape, prepare: () => nothing };
}

// RFC 5228 §3.3
const stop = defineCommand({
  name: "stop",
  shape: {},
  ends: true,
  prepare: (_args, origin) => (state) => {
    state.trace.push({ kind: "stop", rule: origin.rule, line: origin.line });
    return "stop";
  },
});

/** Control commands (RFC 5228 §3). */
export const baseControl: Extension = {
  name: null,
  rfc: "RFC 5228 §3",
  state: "yes",
  commands: [
    structural("require", { shape: { positional: { capabilities: "strings!" } } }),
    structural("if", { shape: {}, tests: "one", block: true }),
    structural("elsif", { shape: {}, tests: "one", block: true }),
    structural("else", { shape: {}, block: true }),
    stop,
  ],
};
