import { type CheckContext, defineCommand, type Extension } from "../extension.ts";
import { fieldsNamed, isFieldName } from "../header-fields.ts";
import type { Preparation } from "../preparation.ts";
import type { Text } from "../program.ts";
import { type RunState, RuntimeFault } from "../run-state.ts";

/** RFC 5293 §6: traces stay, and what tells machines that a machine made the mail. */
const neverDeleted: ReadonlySet<string> = new Set(["received", "auto-submitted"]);

function checkName(name: Text, context: CheckContext, deletes: boolean): void {
  if (typeof name !== "string") return;
  const parameters = { name };
  if (!isFieldName(name)) context.report({ code: "field-cannot-be", at: "name", parameters });
  else if (deletes && neverDeleted.has(name.toLowerCase())) {
    context.report({ severity: "warning", code: "field-protected", at: "name", parameters });
  }
}

function fieldName(name: string): string {
  if (!isFieldName(name)) throw new RuntimeFault("field-cannot-be", { name });
  return name;
}

// RFC 5293 §4
const addheader = defineCommand({
  name: "addheader",
  shape: { tags: { last: "flag" }, positional: { name: "string", value: "string" } },
  check: ({ name }, context) => checkName(name, context, false),
  prepare(args, origin, preparation) {
    const named = preparation.text(args.name);
    const text = preparation.text(args.value);
    return (state) => {
      state.spend(1);
      state.origin = origin;
      const name = fieldName(named(state));
      const value = text(state);
      const { headerValue: limit } = state.limits;
      if (Buffer.byteLength(value, "utf8") > limit) throw new RuntimeFault("header-value-too-long", { name, limit });
      if (state.facts.protectedFields?.add?.has(name.toLowerCase()) === true) return "next";
      state.edit({ kind: "add-header", name, value, last: args.last === true });
      state.trace.push({ kind: "action", rule: origin.rule, line: origin.line, action: "addheader", target: name });
      return "next";
    };
  },
});

interface Deleting {
  readonly comparator?: string;
  readonly match?: string;
  readonly matchArgument?: string;
  readonly patterns?: readonly Text[];
}

type Accepts = (value: string, state: RunState) => boolean;

/** Whether a field's value is one of those to delete. */
function acceptor(preparation: Preparation, args: Deleting): Accepts {
  if (args.patterns === undefined) return () => true;
  const comparator = preparation.registry.comparators.get(args.comparator ?? "i;ascii-casemap")?.item;
  const matchType = preparation.registry.matchTypes.get(args.match ?? "is")?.item;
  if (comparator === undefined || matchType === undefined) throw new RuntimeFault("stale-program");
  const expand = preparation.texts(args.patterns);
  return (value, state) => {
    const keys = expand(state);
    state.spend(keys.length);
    const matcher = matchType.prepare({ keys, comparator, argument: args.matchArgument ?? "", captures: false });
    return matcher.match(value, comparator.fold(value), state) >= 0;
  };
}

// RFC 5293 §5
const deleteheader = defineCommand({
  name: "deleteheader",
  shape: {
    tags: { index: "number", last: "flag" },
    positional: { name: "string", patterns: "strings?" },
    families: ["match"],
  },
  check(args, context) {
    checkName(args.name, context, true);
    if (args.index === 0) context.report({ code: "index-from-one", at: "index" });
    if (args.last === true && args.index === undefined) context.report({ code: "last-without-index", at: "last" });
    // RFC 5293 §5: fields are deleted one by one, so there is nothing to count.
    if (args.match === "count") {
      context.report({ code: "tags-exclusive", at: "match", parameters: { tag: "count", other: "deleteheader" } });
    }
  },
  prepare(args, origin, preparation) {
    const named = preparation.text(args.name);
    const accepts = acceptor(preparation, args);
    return (state) => {
      state.spend(1);
      state.origin = origin;
      const name = fieldName(named(state));
      const lower = name.toLowerCase();
      if (neverDeleted.has(lower) || state.facts.protectedFields?.delete?.has(lower) === true) return "next";
      const fields = fieldsNamed(state, name);
      const only = args.index === undefined ? null : args.last === true ? fields.length - args.index : args.index - 1;
      const indexes = fields.flatMap((field, at) =>
        (only === null || at === only) && accepts(field.text(), state) ? [at] : [],
      );
      if (indexes.length === 0) return "next";
      state.edit({ kind: "delete-header", name, indexes });
      state.trace.push({ kind: "action", rule: origin.rule, line: origin.line, action: "deleteheader", target: name });
      return "next";
    };
  },
});

/** Changes the header of the mail (RFC 5293). */
export const editheaderExtension: Extension = {
  name: "editheader",
  rfc: "RFC 5293",
  state: "yes",
  needs: ["rewrite"],
  commands: [addheader, deleteheader],
};
