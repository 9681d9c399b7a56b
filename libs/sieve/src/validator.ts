import type { CommandTree, TestTree } from "./ast.ts";
import type { Compilation } from "./check-context.ts";
import { compact } from "./compact.ts";
import type { Command } from "./extension.ts";
import { TestsBefore } from "./impossible.ts";
import type { Arguments, Branch, CommandNode, Origin, Program, TestNode } from "./program.ts";
import { programVersion } from "./program.ts";
import { resolveArguments } from "./validate-arguments.ts";
import { readRequire } from "./validate-require.ts";
import { type ValidatedTest, validateTest } from "./validate-test.ts";

/** Resolves a tree into a program; what is wrong goes into the compilation's diagnostics. */
export function validate(commands: readonly CommandTree[], compilation: Compilation): Program {
  const nodes = new BlockValidator(compilation).top(commands);
  return {
    version: programVersion,
    required: [...compilation.enabled],
    uses: compilation.uses.uses,
    commands: nodes,
    globals: [...compilation.globals],
    scripts: compilation.inclusion.scripts,
  };
}

/**
 * What is known of the commands that follow: they are reached (null), they are not ("stopped": worth a warning),
 * or an `ihave` rules them out ("hidden": not looked at, RFC 5463 §4).
 */
type Ending = null | "stopped" | "hidden";

/** An if with its elsif and else, while it is read. */
interface Chain {
  readonly branches: Branch[];
  /** null until a second branch comes. */
  before: TestsBefore | null;
  /** A branch is always taken when the earlier ones are not; later ones are never reached. */
  decided: Ending;
  /** Every branch so far ends the script. */
  allEnd: boolean;
  closed: boolean;
}

/** What follows the whole if. */
function endingOf({ branches, decided, allEnd }: Chain): Ending {
  if (decided === null || !allEnd) return null;
  return branches.length === 1 ? decided : "stopped";
}

interface Block {
  readonly nodes: readonly CommandNode[];
  readonly ends: Ending;
}

/** A block while it is read. */
interface OpenBlock {
  readonly nodes: CommandNode[];
  chain: Chain | null;
  ends: Ending;
  warned: boolean;
}

function closeChain(block: OpenBlock): void {
  const { chain } = block;
  if (chain === null) return;
  if (block.ends === null) block.nodes.push({ kind: "if", branches: compact(chain.branches) });
  block.ends ??= endingOf(chain);
  block.chain = null;
}

class BlockValidator {
  readonly #compilation: Compilation;
  /** Blocks around what is being read, the script itself included. */
  #depth = 0;

  constructor(compilation: Compilation) {
    this.#compilation = compilation;
  }

  top(commands: readonly CommandTree[]): readonly CommandNode[] {
    let at = 0;
    // RFC 5228 §3.2: require stands before all other commands.
    for (let next = commands[0]; next?.name === "require"; next = commands[++at]) readRequire(next, this.#compilation);
    return this.#block(commands.slice(at), null).nodes;
  }

  #block(commands: readonly CommandTree[], rule: string | null): Block {
    const block: OpenBlock = { nodes: [], chain: null, ends: null, warned: false };
    this.#depth++;
    for (const command of commands) {
      const kind = this.#compilation.registry.commands.get(command.name)?.item;
      const structure = kind?.structure;
      const continues = structure === "elsif" || structure === "else";
      if (!continues) closeChain(block);
      if (block.ends === "hidden") break;
      if (block.ends === "stopped" && !block.warned) {
        block.warned = true;
        this.#unreachable(command);
      }
      const origin = originOf(command, rule, this.#compilation);
      if (continues || structure === "if") this.#conditional(command, origin, block);
      else this.#plain(command, origin, block);
      if (kind?.ends === true) block.ends ??= "stopped";
    }
    this.#depth--;
    closeChain(block);
    return { nodes: compact(block.nodes), ends: block.ends };
  }

  #plain(command: CommandTree, origin: Origin, block: OpenBlock): void {
    const node = this.#command(command, origin);
    if (node !== null && block.ends === null) block.nodes.push(node);
  }

  #unreachable(command: CommandTree): void {
    this.#compilation.report(command, {
      severity: "warning",
      code: "unreachable",
      parameters: { name: command.name },
    });
  }

  /** An if, elsif or else: begins or continues the block's chain. */
  #conditional(command: CommandTree, origin: Origin, block: OpenBlock): void {
    const { name } = command;
    if (name !== "if" && (block.chain === null || block.chain.closed)) {
      this.#compilation.report(command, { code: "branch-without-if", parameters: { name } });
    }
    block.chain ??= { branches: [], before: null, decided: null, allEnd: true, closed: false };
    if (block.chain.decided !== "hidden") this.#branch(command, origin, block.chain);
    if (name === "else") block.chain.closed = true;
  }

  #branch(command: CommandTree, origin: Origin, chain: Chain): void {
    const isElse = command.name === "else";
    const test = isElse ? this.#noTest(command) : this.#test(command);
    const value = isElse ? true : (test?.constant ?? null);
    const hides = test?.hides === true;
    if (command.block === null) {
      this.#compilation.report(command, { code: "missing-block", parameters: { name: command.name } });
      return;
    }
    if (value === false && hides) return;
    const { nodes, ends } = this.#block(command.block, ruleOf(origin));
    if (chain.decided === "stopped" && !chain.closed) this.#unreachable(command);
    if (value === false || chain.decided !== null) return;
    this.#warnOfRepetition(command, test?.node ?? null, chain);
    chain.branches.push({ test: isElse ? null : (test?.node ?? null), commands: nodes, origin });
    chain.allEnd &&= ends !== null;
    if (value === true) chain.decided = hides ? "hidden" : "stopped";
  }

  /** The same test in an earlier branch was false already. */
  #warnOfRepetition(command: CommandTree, test: TestNode | null, chain: Chain): void {
    if (test === null || chain.branches.length === 0) return;
    chain.before ??= new TestsBefore();
    const line = chain.before.lineOf(test, chain.branches);
    if (line === null) return;
    this.#compilation.report(command.tests[0] ?? command, {
      severity: "warning",
      code: "tested-before",
      parameters: { line },
    });
  }

  #noTest(command: CommandTree): null {
    if (command.tests.length > 0 || command.arguments.length > 0) {
      this.#compilation.report(command, { code: "else-takes-no-test", parameters: {} });
    }
    return null;
  }

  #test(command: CommandTree): ValidatedTest | null {
    const [only] = command.tests;
    for (const argument of command.arguments) {
      this.#compilation.report(argument, { code: "extra-argument", parameters: { name: command.name, count: 0 } });
    }
    if (only === undefined || command.testForm !== "single") {
      const code = command.testForm === "list" ? "list-instead-of-test" : "missing-test";
      this.#compilation.report(command, { code, parameters: { name: command.name } });
      return null;
    }
    return validateTest(only, this.#compilation);
  }

  #command(tree: CommandTree, origin: Origin): CommandNode | null {
    const { registry } = this.#compilation;
    const entry = registry.commands.get(tree.name);
    if (entry === undefined) return this.#unknown(tree);
    if (!this.#compilation.allows(entry.capability)) {
      const parameters = { name: tree.name, capability: entry.capability ?? "" };
      this.#compilation.report(tree, { code: "needs-require", parameters });
    }
    const command = entry.item;
    if (command.structure === "require") {
      this.#compilation.report(tree, { code: "require-too-late" });
      readRequire(tree, this.#compilation);
      return null;
    }
    if (tree.tests.length > 0) this.#unexpectedTest(tree);
    const { args, context, complete } = resolveArguments(tree, command.shape, this.#compilation);
    if (complete) command.check?.(args, context);
    const block = this.#enclosed(tree, command, { origin, args });
    if (block === null) return { kind: "command", name: tree.name, args, origin };
    return { kind: "command", name: tree.name, args, origin, block };
  }

  /** The block of a command that takes one; reports one that should not be there, and one that is missing. */
  #enclosed(
    tree: CommandTree,
    command: Command,
    { origin, args }: { readonly origin: Origin; readonly args: Arguments },
  ): readonly CommandNode[] | null {
    if (command.outermost === true && this.#depth > 1) {
      this.#compilation.report(tree, { code: "not-outermost", parameters: { name: tree.name } });
    }
    if ((tree.block === null) === (command.block === true)) {
      const code = tree.block === null ? "missing-block" : "unexpected-block";
      this.#compilation.report(tree, { code, parameters: { name: tree.name } });
    }
    if (tree.block === null) return null;
    this.#compilation.around.push({ command: tree.name, args });
    const { nodes } = this.#block(tree.block, ruleOf(origin));
    this.#compilation.around.pop();
    return nodes;
  }

  #unexpectedTest(tree: CommandTree): void {
    const test = tree.tests[0]?.name ?? "";
    this.#compilation.report(tree.tests[0] ?? tree, {
      code: "unexpected-test",
      parameters: { name: tree.name, test },
    });
  }

  #unknown(tree: CommandTree): null {
    const { registry } = this.#compilation;
    const isTest = registry.tests.has(tree.name);
    const code = isTest ? "test-as-command" : "unknown-command";
    const parameters = isTest ? { name: tree.name } : this.#compilation.unknown(tree.name, registry.commands.keys());
    if (!this.#compilation.refused.has(tree.name)) this.#compilation.report(tree, { code, parameters });
    for (const test of tree.tests) this.#tolerate(test);
    if (tree.block !== null) this.#block(tree.block, null);
    return null;
  }

  #tolerate(test: TestTree): TestNode | null {
    return validateTest(test, this.#compilation).node;
  }
}

/** A rule's name is inherited by what stands inside it; a line is not. */
function ruleOf(origin: Origin): string | null {
  const { rule, script } = origin;
  const own = script === undefined ? rule : rule.slice(script.length + 2);
  return own.startsWith("line ") ? null : own;
}

function originOf(command: CommandTree, inherited: string | null, { lines, script }: Compilation): Origin {
  const span = lines.span(command);
  const { line } = span;
  const rule = command.rule ?? inherited ?? `line ${line}`;
  if (script === null) return { rule, line, span };
  return { rule: `${script}: ${rule}`, line, span, script };
}
