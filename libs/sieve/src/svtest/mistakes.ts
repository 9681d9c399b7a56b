import type { CommandTree, TestTree } from "../ast.ts";
import { parserHints } from "../compile.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { limitTable } from "../limits.ts";
import { parse } from "../parser.ts";
import type { Registry } from "../registry.ts";

/** Told once in a script, however often the name occurs. */
const once: ReadonlySet<string> = new Set(["unknown-command", "unknown-test"]);

/**
 * What a test file counts of everything that is wrong with a script. Where the syntax is wrong only that counts;
 * of one command or test only the first mistake counts: what follows it may well follow from it.
 */
export function mistakesIn(
  text: string,
  diagnostics: readonly Diagnostic[],
  language: Registry,
): readonly Diagnostic[] {
  const broken = new Set<string>();
  const trees = parse(text, {
    nesting: limitTable.nesting.value,
    report: (code, { start }) => broken.add(`${code} ${start}`),
    hints: parserHints(language),
  });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const ofSyntax = errors.filter(({ code, span }) => broken.has(`${code} ${span.start}`));
  const owners = trees.flatMap(namesOf).sort((left, right) => left.start - right.start);
  const told = new Set<string>();
  const isReadable = ofSyntax.length === 0;
  return (isReadable ? errors : ofSyntax).filter(({ code, span, parameters }) => {
    const owner = owners.findLast(({ start }) => start <= span.start);
    // Each capability that is asked for is a mistake of its own.
    const key = isReadable && owner?.name === "require" ? `${span.start}` : `in ${owner?.start ?? -1}`;
    const name = once.has(code) ? `${code} ${parameters["name"] ?? ""}` : key;
    if (told.has(key) || told.has(name)) return false;
    told.add(key).add(name);
    return true;
  });
}

interface Name {
  readonly name: string;
  readonly start: number;
}

/** The names of a command or test and of all inside it. */
function namesOf(tree: CommandTree | TestTree): readonly Name[] {
  const inside = "block" in tree ? (tree.block ?? []) : [];
  return [{ name: tree.name, start: tree.start }, ...[...tree.tests, ...inside].flatMap(namesOf)];
}
