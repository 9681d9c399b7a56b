import type { CommandTree, TestTree } from "./ast.ts";
import type { Compilation } from "./check-context.ts";
import type { Branch, CommandNode, Origin, Program, TestNode } from "./program.ts";
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
  };
}

interface Chain {
  readonly branches: Branch[];
  /** A branch whose test is constantly true was seen: later ones are never reached. */
  decided: boolean;
  closed: boolean;
}

class BlockValidator {
  readonly #compilation: Compilation;

  constructor(compilation: Compilation) {
    this.#compilation = compilation;
  }

  top(commands: readonly CommandTree[]): readonly CommandNode[] {
    let at = 0;
    // RFC 5228 §3.2: require stands before all other commands.
    for (let next = commands[0]; next?.name === "require"; next = commands[++at]) readRequire(next, this.#compilation);
    return this.#block(commands.slice(at), null).nodes;
  }

  #block(
    commands: readonly CommandTree[],
    rule: string | null,
  ): { readonly nodes: readonly CommandNode[]; readonly ends: boolean } {
    const nodes: CommandNode[] = [];
    let chain: Chain | null = null;
    let ends = false;
    for (const command of commands) {
      if (ends) {
        this.#unreachable(command);
        break;
      }
      const kind = this.#compilation.registry.commands.get(command.name)?.item;
      const structure = kind?.structure;
      if (structure === "if" || structure === "elsif" || structure === "else") {
        const origin = originOf(command, rule);
        if (structure === "if") {
          chain = { branches: [], decided: false, closed: false };
          nodes.push({ kind: "if", branches: chain.branches });
        }
        ends = this.#branch(command, origin, chain);
        if (structure === "else" && chain !== null) chain.closed = true;
        continue;
      }
      chain = null;
      const node = this.#command(command, originOf(command, rule));
      if (node !== null) nodes.push(node);
      if (kind?.ends === true) ends = true;
    }
    return { nodes, ends };
  }

  #unreachable(command: CommandTree): void {
    this.#compilation.report(command.span, {
      severity: "warning",
      code: "unreachable",
      parameters: { name: command.name },
    });
  }

  /** One branch of an if; true when what follows the whole chain is never reached, as known now. */
  #branch(command: CommandTree, origin: Origin, chain: Chain | null): boolean {
    const structure = command.name;
    if (structure !== "if" && (chain === null || chain.closed)) {
      this.#compilation.report(command.span, { code: "branch-without-if", parameters: { name: structure } });
    }
    const dead = chain?.decided === true;
    const test = structure === "else" ? this.#noTest(command) : this.#test(command);
    const value = structure === "else" ? true : (test?.constant ?? null);
    if (command.block === null) {
      this.#compilation.report(command.span, { code: "missing-block", parameters: { name: structure } });
      return false;
    }
    // RFC 5463 §4: what only a missing extension leads to is not looked at.
    if (value === false || dead) return false;
    const { nodes, ends } = this.#block(command.block, ruleOf(origin));
    const onlyWay = value === true && chain?.branches.length === 0;
    if (value === true && chain !== null && structure !== "else") chain.decided = true;
    chain?.branches.push({ test: structure === "else" ? null : (test?.node ?? null), commands: nodes, origin });
    return ends && onlyWay && structure === "if";
  }

  #noTest(command: CommandTree): null {
    if (command.tests.length > 0 || command.arguments.length > 0) {
      this.#compilation.report(command.span, { code: "else-takes-no-test", parameters: {} });
    }
    return null;
  }

  #test(command: CommandTree): ValidatedTest | null {
    const [only] = command.tests;
    for (const argument of command.arguments) {
      this.#compilation.report(argument.span, { code: "extra-argument", parameters: { name: command.name, count: 0 } });
    }
    if (only === undefined || command.testForm !== "single") {
      const code = command.testForm === "list" ? "list-instead-of-test" : "missing-test";
      this.#compilation.report(command.span, { code, parameters: { name: command.name } });
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
      this.#compilation.report(tree.span, { code: "needs-require", parameters });
    }
    const command = entry.item;
    if (command.structure === "require") {
      this.#compilation.report(tree.span, { code: "require-too-late" });
      readRequire(tree, this.#compilation);
      return null;
    }
    if (tree.tests.length > 0) this.#unexpectedTest(tree);
    if (tree.block !== null) {
      this.#compilation.report(tree.span, { code: "unexpected-block", parameters: { name: tree.name } });
      this.#block(tree.block, ruleOf(origin));
    }
    const { args, context, complete } = resolveArguments(tree, command.shape, this.#compilation);
    if (complete) command.check?.(args, context);
    return { kind: "command", name: tree.name, args, origin };
  }

  #unexpectedTest(tree: CommandTree): void {
    const test = tree.tests[0]?.name ?? "";
    this.#compilation.report(tree.tests[0]?.span ?? tree.span, {
      code: "unexpected-test",
      parameters: { name: tree.name, test },
    });
  }

  #unknown(tree: CommandTree): null {
    const { registry } = this.#compilation;
    const isTest = registry.tests.has(tree.name);
    const code = isTest ? "test-as-command" : "unknown-command";
    const parameters = isTest ? { name: tree.name } : this.#compilation.unknown(tree.name, registry.commands.keys());
    this.#compilation.report(tree.span, { code, parameters });
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
  return origin.rule.startsWith("line ") ? null : origin.rule;
}

function originOf(command: CommandTree, inherited: string | null): Origin {
  return {
    rule: command.rule ?? inherited ?? `line ${command.span.line}`,
    line: command.span.line,
    span: command.span,
  };
}
