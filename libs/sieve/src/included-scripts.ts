import type { CommandTree } from "./ast.ts";
import { parserHints, registry } from "./compile.ts";
import { scriptKey } from "./inclusion.ts";
import { limitTable } from "./limits.ts";
import { parse } from "./parser.ts";
import type { ScriptName } from "./program.ts";

/**
 * The scripts that a text names in its own `include` commands, each once: what to have at hand before `compile`
 * asks for it. Ask again for each of them until nothing new is named. Never throws, whatever the text.
 */
export function includedScripts(text: string): readonly ScriptName[] {
  const trees = parse(text, {
    nesting: limitTable.nesting.value,
    hints: parserHints(registry),
    report: () => undefined,
  });
  const found = new Map<string, ScriptName>();
  collect(trees, found);
  return [...found.values()];
}

function collect(commands: readonly CommandTree[], found: Map<string, ScriptName>): void {
  for (const command of commands) {
    if (command.block !== null) collect(command.block, found);
    const last = command.arguments.at(-1);
    const name = last?.kind === "strings" ? last.items[0]?.value : undefined;
    if (command.name !== "include" || name === undefined) continue;
    const isGlobal = command.arguments.some((argument) => argument.kind === "tag" && argument.name === "global");
    const script: ScriptName = { location: isGlobal ? "global" : "personal", name };
    found.set(scriptKey(script), script);
  }
}
