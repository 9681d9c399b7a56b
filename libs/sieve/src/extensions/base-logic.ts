import type { Extension, Structure, Test } from "../extension.ts";

/** Tests over tests: the planner knows them, so they are never evaluated on their own. */
function logical(name: Structure, tests: "none" | "one" | "list"): Test {
  return { name, structure: name, shape: {}, tests, prepare: () => () => name === "true" };
}

/** `allof`, `anyof`, `not`, `true`, `false` (RFC 5228 §5.2, §5.3, §5.6, §5.8, §5.10). */
export const baseLogic: Extension = {
  name: null,
  rfc: "RFC 5228 §5",
  state: "yes",
  tests: [
    logical("allof", "list"),
    logical("anyof", "list"),
    logical("not", "one"),
    logical("true", "none"),
    logical("false", "none"),
  ],
};
