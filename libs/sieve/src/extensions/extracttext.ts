import { defineCommand, type Extension } from "../extension.ts";
import { currentPart, isInLoop } from "../part-in-loop.ts";
import { bounded, checkVariableName, modifiersOf } from "./variables.ts";

/** The first characters of a text, whole code points. */
function firstOf(text: string, count: number): string {
  let end = 0;
  for (let left = count; left > 0 && end < text.length; left--) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

const extracttext = defineCommand({
  name: "extracttext",
  shape: { tags: { first: "number" }, positional: { variable: "string!" }, families: ["modifier"] },
  check({ variable }, context) {
    context.use({ body: true });
    if (!context.enabled("variables")) context.report({ code: "needs-variables", parameters: { name: "extracttext" } });
    else checkVariableName(variable, "variable", context);
    if (!isInLoop(context)) context.report({ code: "outside-loop", parameters: { name: "extracttext" } });
  },
  prepare(args, origin, preparation) {
    const index = preparation.variable(typeof args.variable === "string" ? args.variable : "");
    const changes = modifiersOf(args.modifiers ?? [], preparation);
    const { first } = args;
    return (state) => {
      state.spend(1);
      state.origin = origin;
      const { variableLength } = state.limits;
      // RFC 5703 §7: the empty string where the part has no text, or outside of a loop.
      const text = state.part === null ? "" : currentPart(state).text();
      let value = bounded(first === undefined ? text : firstOf(text, first), variableLength);
      for (const { apply } of changes) value = apply(value);
      state.variables[index] = bounded(value, variableLength);
      return "next";
    };
  },
});

/** Keeps the text of a part in a variable (RFC 5703 §7). */
export const extracttextExtension: Extension = {
  name: "extracttext",
  rfc: "RFC 5703 §7",
  state: "yes",
  commands: [extracttext],
};
