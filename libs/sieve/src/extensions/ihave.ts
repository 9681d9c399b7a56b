import { defineCommand, defineTest, type Extension } from "../extension.ts";
import { RuntimeFault } from "../run-state.ts";

/**
 * RFC 5463 §4: known when the script is compiled. Where it is true the capabilities may be used from there on;
 * what only stands where it is false is not looked at.
 */
const ihave = defineTest({
  name: "ihave",
  shape: { positional: { capabilities: "strings!" } },
  constant({ capabilities }, context) {
    const names = capabilities.filter((name) => typeof name === "string");
    if (!names.every((name) => context.offered.has(name))) return false;
    for (const name of names) context.enable(name);
    return true;
  },
  prepare: () => () => false,
});

// RFC 5463 §5
const error = defineCommand({
  name: "error",
  shape: { positional: { message: "string" } },
  ends: true,
  prepare({ message }, origin, preparation) {
    const text = preparation.text(message);
    return (state) => {
      state.origin = origin;
      throw new RuntimeFault("script-error", { message: text(state) });
    };
  },
});

/** `ihave` and `error` (RFC 5463). */
export const ihaveExtension: Extension = {
  name: "ihave",
  rfc: "RFC 5463",
  state: "yes",
  tests: [ihave],
  commands: [error],
};
