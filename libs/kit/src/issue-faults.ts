import type { z } from "zod";
import type { Expectations } from "./expectation.ts";
import type { Path } from "./located-yaml.ts";
import { nearestName } from "./nearest-name.ts";

type Issue = z.core.$ZodIssue;

/** An issue of zod in our words; `at` tells whether it is about a key or about a value. */
export interface Explained {
  readonly path: Path;
  readonly at: "key" | "value";
  readonly problem: string;
  readonly mend: string;
}

/** Says what each issue means and how to mend it. `value` is what was parsed. */
export function explainIssues(issues: readonly Issue[], value: unknown, expectations: Expectations): Explained[] {
  return issues.flatMap((issue) => explain(issue, value, expectations));
}

function explain(issue: Issue, value: unknown, expectations: Expectations): readonly Explained[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => explainKey([...issue.path, key], expectations.keysAt(issue.path)));
  if (issue.code === "invalid_union" && issue.errors.length > 0) return explainUnion(issue, value, expectations);
  const found = valueAt(value, issue.path);
  const expected = expectations.at(issue.path);
  if (issue.code === "custom")
    return [{ path: issue.path, at: "value", problem: issue.message, mend: mendOf(issue.params) ?? writeOf(expected) }];
  return [{ path: issue.path, at: "value", problem: problemOf(issue, found), mend: writeOf(expected) }];
}

function explainKey(path: Path, known: readonly string[]): Explained {
  const name = String(path.at(-1));
  const nearest = nearestName(name, known);
  const mend = nearest === undefined ? `known here: ${known.join(", ")}` : `did you mean \`${nearest}\`?`;
  return { path, at: "key", problem: `unknown key \`${name}\``, mend };
}

/** The branch that came furthest is the one that was meant. */
function explainUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  value: unknown,
  expectations: Expectations,
): readonly Explained[] {
  const depth = (issues: readonly Issue[]): number => Math.max(...issues.map(({ path }) => path.length));
  const [furthest] = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length);
  if (furthest === undefined || depth(furthest) === 0) {
    const found = valueAt(value, issue.path);
    return [
      {
        path: issue.path,
        at: "value",
        problem: found === undefined ? "missing" : "not one of the allowed values",
        mend: writeOf(expectations.at(issue.path)),
      },
    ];
  }
  return furthest.flatMap((inner) => explain({ ...inner, path: [...issue.path, ...inner.path] }, value, expectations));
}

function problemOf(issue: Issue, found: unknown): string {
  if (found === undefined) return "missing";
  if (found === null) return "nothing is written here";
  switch (issue.code) {
    case "invalid_type":
      return `${kindOf(found)} stands where ${issue.expected === "int" ? "a whole number" : article(issue.expected)} belongs`;
    case "too_small":
      return typeof found === "number" ? `${found} is too small` : `${kindOf(found)} that is too short`;
    case "too_big":
      return typeof found === "number" ? `${found} is too large` : `${kindOf(found)} that is too long`;
    case "invalid_format":
      return issue.format === "regex" ? issue.message : `not a valid ${issue.format}`;
    case "invalid_value":
    case "invalid_union":
      return "not one of the allowed values";
    default:
      return issue.message;
  }
}

/** Never the value itself: a secret may have been written into the wrong place. */
function kindOf(found: unknown): string {
  if (Array.isArray(found)) return "a list";
  return article(typeof found);
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  object: "a group of keys",
  record: "a group of keys",
  array: "a list",
};

function article(kind: string): string {
  return KINDS[kind] ?? kind;
}

function writeOf(expected: string): string {
  return expected === "" ? "" : `write ${expected}`;
}

function mendOf(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const mend = params?.["mend"];
  return typeof mend === "string" ? mend : undefined;
}

function valueAt(value: unknown, path: Path): unknown {
  let here = value;
  for (const part of path) here = typeof here === "object" && here !== null ? Reflect.get(here, part) : undefined;
  return here;
}
