import { type CheckContext, defineCommand, defineTest, type Extension, type Modifier } from "../extension.ts";
import { prepareMatch, type Source } from "../match-test.ts";
import type { Preparation } from "../preparation.ts";
import type { Text } from "../program.ts";
import { RuntimeFault } from "../run-state.ts";
import { valuesOf } from "../values.ts";

const identifier = /^[A-Za-z_]\w*$/;

/** Reports a literal that cannot name a variable; declares it otherwise (RFC 5229 §3, §4). `index` is its place in a list. */
export function checkVariableName(name: Text | undefined, at: string, context: CheckContext, index = 0): void {
  if (typeof name !== "string") return;
  if (identifier.test(name) || isShared(name, context)) context.declare(name);
  else if (/^\d+$/.test(name)) context.report({ code: "match-variable-read-only", at, index, parameters: { name } });
  else if (/^[A-Za-z_]\w*\./.test(name)) context.report({ code: "unknown-namespace", at, index, parameters: { name } });
  else context.report({ code: "bad-variable-name", at, index, parameters: { name } });
}

/** RFC 6609 §3.4.2: the namespace of the variables that scripts share. */
function isShared(name: string, context: CheckContext): boolean {
  return context.enabled("include") && name.toLowerCase().startsWith("global.") && identifier.test(name.slice(7));
}

/** Cuts a value at the limit without halving a character (RFC 5229 §6). */
export function bounded(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const last = value.charCodeAt(limit - 1);
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

// RFC 5229 §4.1.3: only A-Z and a-z change.
const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

const modifiers: readonly Modifier[] = [
  { name: "lower", precedence: 40, apply: lower },
  { name: "upper", precedence: 40, apply: upper },
  { name: "lowerfirst", precedence: 30, apply: (value) => lower(value.slice(0, 1)) + value.slice(1) },
  { name: "upperfirst", precedence: 30, apply: (value) => upper(value.slice(0, 1)) + value.slice(1) },
  { name: "quotewildcard", precedence: 20, apply: (value) => value.replace(/[*?\\]/g, "\\$&") },
  { name: "length", precedence: 10, apply: (value) => String([...value].length) },
];

/** The modifiers of a `set`, in the order of their precedence. */
export function modifiersOf(names: readonly string[], preparation: Preparation): readonly Modifier[] {
  const known = names.map((name) => {
    const modifier = preparation.registry.modifiers.get(name)?.item;
    if (modifier === undefined) throw new RuntimeFault("stale-program");
    return modifier;
  });
  return known.sort((left, right) => right.precedence - left.precedence);
}

const set = defineCommand({
  name: "set",
  shape: { positional: { name: "string!", value: "string" }, families: ["modifier"] },
  check: ({ name }, context) => checkVariableName(name, "name", context),
  prepare(args, _origin, preparation) {
    const index = preparation.variable(typeof args.name === "string" ? args.name : "");
    const value = preparation.text(args.value);
    const changes = modifiersOf(args.modifiers ?? [], preparation);
    return (state) => {
      const { variableLength } = state.limits;
      state.spend(1);
      let text = bounded(value(state), variableLength);
      for (const { apply } of changes) text = apply(text);
      state.variables[index] = bounded(text, variableLength);
      return "next";
    };
  },
});

const string = defineTest({
  name: "string",
  shape: { positional: { sources: "strings", keys: "strings" }, families: ["match"] },
  prepare(args, line, preparation) {
    // RFC 5229 §5: for :count an empty string counts for nothing.
    const isCount = args.match === "count";
    const sources = args.sources.map((text): Source => {
      const expand = preparation.text(text);
      return {
        field: nameOf(text),
        read(state) {
          const value = expand(state);
          return valuesOf(isCount && value === "" ? [] : [value]);
        },
      };
    });
    return prepareMatch(preparation, { test: "string", line, args, keys: args.keys, sources });
  },
});

/** A source as the script writes it. */
function nameOf(text: Text): string {
  if (typeof text === "string") return text;
  return text.parts
    .map((part) => (typeof part === "string" ? part : `\${${"match" in part ? part.match : part.variable}}`))
    .join("");
}

/** Variables, `set`, the `string` test and match variables (RFC 5229). */
export const variables: Extension = {
  name: "variables",
  rfc: "RFC 5229",
  state: "yes",
  commands: [set],
  tests: [string],
  modifiers,
};
