import type { Branch, TestNode } from "./program.ts";

/** Tests whose value does not change while nothing but tests is run. */
const steady: ReadonlySet<string> = new Set([
  "header",
  "address",
  "envelope",
  "exists",
  "size",
  "body",
  "hasflag",
  "date",
  "mailboxexists",
]);

/** Tests on header fields: true only where a field is there. */
const ofFields: ReadonlySet<string> = new Set(["header", "address", "date"]);

/** One text for tests that are always equal; null where the value may change between two looks. */
function identity(node: TestNode): string | null {
  switch (node.kind) {
    case "constant":
      return String(node.value);
    case "not": {
      const inner = identity(node.test);
      return inner === null ? null : `not ${inner}`;
    }
    case "allof":
    case "anyof": {
      const inner = node.tests.map(identity);
      return inner.includes(null) ? null : `${node.kind}(${inner.join(",")})`;
    }
    case "test": {
      const args = JSON.stringify(Object.entries(node.args).sort(([left], [right]) => (left < right ? -1 : 1)));
      // A template may hold another text at the next look.
      return steady.has(node.name) && !args.includes('{"parts":') ? `${node.name} ${args}` : null;
    }
  }
}

/** The tests of earlier branches of an if, each looked at once however many branches follow. */
export class TestsBefore {
  readonly #lines = new Map<string, number>();
  #looked = 0;

  /** The line of the first of these branches that has the same test; null when none has. */
  lineOf(test: TestNode, branches: readonly Branch[]): number | null {
    const own = identity(test);
    if (own === null) return null;
    for (const { test: earlier, origin } of branches.slice(this.#looked)) {
      const known = earlier === null ? null : identity(earlier);
      if (known !== null && !this.#lines.has(known)) this.#lines.set(known, origin.line);
    }
    this.#looked = branches.length;
    return this.#lines.get(own) ?? null;
  }
}

/** Whether the tests of an `allof` can never all be true; of an `anyof`, whether one always is. */
export function excludeEachOther(tests: readonly TestNode[], kind: "allof" | "anyof"): boolean {
  if (kind === "allof" && sizesExclude(tests)) return true;
  const opposites = tests.flatMap((test) => (test.kind === "not" ? test.test : []));
  if (opposites.length === 0) return false;
  const steadily = new Set(tests.map(identity));
  if (opposites.some((opposite) => steadily.has(identity(opposite) ?? ""))) return true;
  return kind === "allof" && fieldsExclude(tests);
}

/** `size :over` a number that is not below that of `size :under` (RFC 5228 §5.9). */
function sizesExclude(tests: readonly TestNode[]): boolean {
  let over = -1;
  let under = Number.POSITIVE_INFINITY;
  for (const test of tests) {
    if (test.kind !== "test" || test.name !== "size") continue;
    const { over: above, under: below } = test.args;
    if (typeof above === "number") over = Math.max(over, above);
    if (typeof below === "number") under = Math.min(under, below);
  }
  return under - over < 2;
}

/** A test on a field beside one that says that the field is not there. */
function fieldsExclude(tests: readonly TestNode[]): boolean {
  const absent = new Set(tests.flatMap((test) => (test.kind === "not" ? onlyName(test.test, "exists") : [])));
  return tests.some(
    (test) =>
      test.kind === "test" &&
      (ofFields.has(test.name) || test.name === "exists") &&
      test.args["match"] !== "count" &&
      namesOf(test).length > 0 &&
      namesOf(test).every((name) => absent.has(name)),
  );
}

function onlyName(test: TestNode, testName: string): readonly string[] {
  if (test.kind !== "test" || test.name !== testName) return [];
  const names = namesOf(test);
  return names.length === 1 ? names : [];
}

/** The fields that a test names, in lower case; none where a variable makes one up. */
function namesOf(test: TestNode & { readonly kind: "test" }): readonly string[] {
  const { names } = test.args;
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  const fixed = list.filter((name) => typeof name === "string");
  return fixed.length === list.length ? fixed.map((name) => name.toLowerCase()) : [];
}
