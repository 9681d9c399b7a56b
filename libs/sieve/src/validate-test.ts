import type { TestTree } from "./ast.ts";
import type { Compilation } from "./check-context.ts";
import type { Test } from "./extension.ts";
import { excludeEachOther } from "./impossible.ts";
import { warnOfKeys } from "./key-warnings.ts";
import type { TestNode } from "./program.ts";
import { resolveArguments } from "./validate-arguments.ts";

/** A resolved test, and its value where no mail can change it. */
export interface ValidatedTest {
  readonly node: TestNode;
  readonly constant: boolean | null;
  /** The value comes from `ihave`: what it rules out is not looked at (RFC 5463 §4). */
  readonly hides: boolean;
}

/** Resolves a test. A faulty one is reported and stands as `false`, its value unknown. */
export function validateTest(tree: TestTree, compilation: Compilation): ValidatedTest {
  const entry = compilation.registry.tests.get(tree.name);
  if (entry === undefined) {
    const { registry } = compilation;
    const isCommand = registry.commands.has(tree.name);
    const parameters = isCommand ? { name: tree.name } : compilation.unknown(tree.name, registry.tests.keys());
    const code = isCommand ? "command-as-test" : "unknown-test";
    if (!compilation.refused.has(tree.name)) compilation.report(tree, { code, parameters });
    for (const inner of tree.tests) validateTest(inner, compilation);
    return faulty;
  }
  if (!compilation.allows(entry.capability)) {
    const parameters = { name: tree.name, capability: entry.capability ?? "" };
    compilation.report(tree, { code: "needs-require", parameters });
  }
  checkTestForm(tree, entry.item, compilation);
  return structured(tree, entry.item, compilation) ?? plain(tree, entry.item, compilation);
}

const faulty: ValidatedTest = { node: { kind: "constant", value: false }, constant: null, hides: false };

const forms = { none: "none", one: "single", list: "list" } as const;

function checkTestForm(tree: TestTree, test: Test, compilation: Compilation): void {
  const wanted = test.tests ?? "none";
  if (tree.testForm === forms[wanted]) return;
  const parameters = { name: tree.name, test: tree.tests[0]?.name ?? "" };
  if (wanted === "none") compilation.report(tree.tests[0] ?? tree, { code: "unexpected-test", parameters });
  else if (wanted === "one") {
    const code = tree.testForm === "list" ? "list-instead-of-test" : "missing-test";
    compilation.report(tree, { code, parameters });
  } else compilation.report(tree, { code: "missing-test-list", parameters });
}

function structured(tree: TestTree, test: Test, compilation: Compilation): ValidatedTest | null {
  if (test.structure === undefined) return null;
  resolveArguments(tree, test.shape, compilation);
  switch (test.structure) {
    case "true":
    case "false":
      return constantTest(test.structure === "true", false);
    case "not": {
      const [inner] = tree.tests.map((child) => validateTest(child, compilation));
      if (inner === undefined) return faulty;
      if (inner.constant !== null) return constantTest(!inner.constant, inner.hides);
      return { node: { kind: "not", test: inner.node }, constant: null, hides: false };
    }
    case "allof":
    case "anyof":
      return several(tree, test.structure, compilation);
    default:
      return null;
  }
}

function constantTest(value: boolean, hides: boolean): ValidatedTest {
  return { node: { kind: "constant", value }, constant: value, hides };
}

/** `allof` is decided by one false, `anyof` by one true; what follows an `ihave` that decides is not looked at. */
function several(tree: TestTree, kind: "allof" | "anyof", compilation: Compilation): ValidatedTest {
  const deciding = kind === "anyof";
  const kept: TestNode[] = [];
  let decided: ValidatedTest | null = null;
  let hides = false;
  for (const child of tree.tests) {
    const test = validateTest(child, compilation);
    hides ||= test.hides;
    if (decided !== null) continue;
    if (test.constant === deciding) {
      decided = test;
      if (test.hides) break;
    } else if (test.constant === null) kept.push(test.node);
  }
  if (decided === null && excludeEachOther(kept, kind)) {
    compilation.report(tree, { severity: "warning", code: deciding ? "always-one" : "never-all" });
  }
  if (decided === null && (kept.length > 0 || tree.tests.length === 0)) {
    return { node: { kind, tests: kept }, constant: null, hides: false };
  }
  if (decided === null) return constantTest(!deciding, hides);
  if (kept.length === 0) return constantTest(deciding, decided.hides);
  // Earlier tests cannot change the value, but they may set match variables.
  return { node: { kind, tests: [...kept, decided.node] }, constant: deciding, hides: decided.hides };
}

function plain(tree: TestTree, test: Test, compilation: Compilation): ValidatedTest {
  const { args, context, complete } = resolveArguments(tree, test.shape, compilation);
  if (!complete) return faulty;
  test.check?.(args, context);
  if (test.shape.families?.includes("match") === true) warnOfKeys(args, context);
  const constant = test.constant?.(args, context);
  if (constant !== undefined) return constantTest(constant, true);
  return {
    node: { kind: "test", name: tree.name, args, line: compilation.lines.line(tree.start) },
    constant: null,
    hides: false,
  };
}
