import type { Entity } from "@tamis/message";
import { isConvertible } from "../conversions.ts";
import type { Evaluate } from "../execute.ts";
import { type CheckContext, defineCommand, defineTest, type Extension } from "../extension.ts";
import { isEditable, type MessageEdit, type PartPath, partAt } from "../message-edits.ts";
import { needWhole } from "../part-in-loop.ts";
import type { Preparation } from "../preparation.ts";
import type { Text } from "../program.ts";
import type { RunState } from "../run-state.ts";

const shape = { positional: { from: "string", to: "string", parameters: "strings" } } as const;

interface ConvertArguments {
  readonly from: Text;
  readonly to: Text;
  readonly parameters: readonly Text[];
}

/** The charset that the parameters ask for, UTF-8 by default; null when they ask for more than we can do. */
function charsetOf(parameters: readonly string[]): string | null {
  let charset = "utf-8";
  for (const parameter of parameters.filter((text) => text.trim() !== "")) {
    const found = /^charset=(.+)$/i.exec(parameter.trim());
    if (found === null) return null;
    charset = (found[1] ?? "").toLowerCase();
  }
  return charset;
}

function check({ from, to, parameters }: ConvertArguments, context: CheckContext): void {
  context.use({ body: true, attachments: true });
  if (typeof from !== "string" || typeof to !== "string") return;
  const texts = parameters.filter((one) => typeof one === "string");
  if (texts.length < parameters.length) return;
  const charset = charsetOf(texts);
  if (charset !== null && isConvertible(from.toLowerCase(), to.toLowerCase(), charset)) return;
  const details = { from, to, parameters: texts.join(" ") };
  context.report({ severity: "warning", code: "no-conversion", at: "to", parameters: details });
}

/** Parts without parts inside, of that type: the one that a loop is at, else all. */
function partsOfType(state: RunState, type: string): readonly PartPath[] {
  const found: PartPath[] = [];
  const walk = (part: Entity, way: PartPath): void => {
    if (part.type === type && part.children.length === 0) found.push(way);
    if (state.part !== null) return;
    for (const [index, child] of part.children.entries()) walk(child, [...way, index]);
  };
  const way = state.part ?? [];
  walk(partAt(state.message, way), way);
  return found;
}

/** RFC 6558 §2: converts what can be converted; true when nothing failed. */
function converter(preparation: Preparation, args: ConvertArguments): (state: RunState) => boolean {
  const from = preparation.text(args.from);
  const to = preparation.text(args.to);
  const parameters = preparation.texts(args.parameters);
  return (state) => {
    state.spend(1);
    needWhole(state);
    const type = from(state).toLowerCase();
    const wanted = to(state).toLowerCase();
    const parts = partsOfType(state, type);
    if (parts.length === 0) return true;
    const charset = charsetOf(parameters(state));
    if (charset === null || !isConvertible(type, wanted, charset)) return false;
    const editable = parts.filter((part) => isEditable(state.message, part));
    // The last one first: in a broken mail a converted part may change how the octets behind it divide into parts.
    const edits = editable
      .toReversed()
      .map((part): MessageEdit => ({ kind: "convert-part", part, to: wanted, charset }));
    state.edit(...edits);
    return editable.length === parts.length;
  };
}

const command = defineCommand({
  name: "convert",
  shape,
  check,
  prepare(args, origin, preparation) {
    const convert = converter(preparation, args);
    return (state) => {
      state.origin = origin;
      convert(state);
      return "next";
    };
  },
});

// RFC 6558 §2.2: the action as a test, false when a conversion failed.
const test = defineTest({
  name: "convert",
  shape,
  check,
  prepare(args, line, preparation) {
    const convert = converter(preparation, args);
    const evaluate: Evaluate = (state) => convert(state) && state.matched("convert", line);
    preparation.acting.add(evaluate);
    return evaluate;
  },
});

/** Parts of the mail in another media type or charset (RFC 6558): texts only. */
export const convertExtension: Extension = {
  name: "convert",
  rfc: "RFC 6558",
  state: "partial",
  needs: ["rewrite"],
  commands: [command],
  tests: [test],
};
