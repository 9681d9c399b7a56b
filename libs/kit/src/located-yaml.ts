import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import type { Fault } from "./fault.ts";

export type Path = readonly PropertyKey[];

/** 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A YAML text as plain values that still knows where each of them stood. */
export interface LocatedYaml {
  /** Null for an empty text. */
  readonly value: unknown;
  /** Faults of the YAML itself; `value` is then not to be used. */
  readonly faults: readonly Fault[];
  /** Where the value at `path` stands; where there is none, its nearest enclosing key. */
  placeOf(path: Path): Position;
  /** Where the last key of `path` stands. */
  placeOfKey(path: Path): Position;
}

const QUOTING =
  "check the indentation, and put texts that begin with one of * & ! % @ ` or contain `: ` or ` #` into quotes";

/** Reads `text`; never throws. `file` names it in the faults. */
export function readYaml(text: string, file: string): LocatedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faultAt = (offset: number, problem: string, mend: string): Fault => ({
    file,
    ...position(offset),
    path: "",
    problem: `not valid YAML: ${problem}`,
    mend,
  });
  const faults = document.errors.map(({ message, pos }) => faultAt(pos[0], withoutQuotation(message), QUOTING));
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return;
      faults.push(faultAt(startOf(alias) ?? 0, "an alias of nothing: `*` begins one", QUOTING));
    },
  });
  let value: unknown = null;
  try {
    if (faults.length === 0) value = document.toJS({ maxAliasCount: 100 });
  } catch {
    faults.push(faultAt(0, "its aliases unfold without end", "write the values out instead of using aliases"));
  }
  const offsetOf = (path: Path, at: "key" | "value"): number => findOffset(document, path, at);
  return {
    value,
    faults,
    placeOf: (path) => position(offsetOf(path, "value")),
    placeOfKey: (path) => position(offsetOf(path, "key")),
  };
}

/** The parser's words without what it quotes after a colon: an unquoted password may stand there. */
function withoutQuotation(message: string): string {
  return message.split(": ")[0] ?? "";
}

function findOffset(document: Document.Parsed, path: Path, at: "key" | "value"): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, part] of path.entries()) {
    const step = stepInto(isAlias(node) ? node.resolve(document) : node, part);
    if (step === null) break;
    const wanted = index === path.length - 1 && at === "value" ? step.value : step.key;
    offset = startOf(wanted) ?? startOf(step.key) ?? offset;
    node = step.value;
  }
  return offset;
}

/** The member of a container and what names it; an item of a list names itself. */
function stepInto(container: unknown, part: PropertyKey): { readonly key: unknown; readonly value: unknown } | null {
  if (isMap(container)) return container.items.find(({ key }) => keyText(key) === String(part)) ?? null;
  const item: unknown = isSeq(container) ? container.items[Number(part)] : undefined;
  return item === undefined ? null : { key: item, value: item };
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** Where a node's text begins; `undefined` for an empty value, which has no text. */
function startOf(node: unknown): number | undefined {
  if (node === null || typeof node !== "object" || !("range" in node)) return undefined;
  // Proof: only nodes of the parser carry a range.
  const range = (node as Node).range;
  return range && range[1] > range[0] ? range[0] : undefined;
}
