/** One result as the reporter writes it, children before their parent, serially. */
export type TestLine = {
  readonly kind: "pass" | "fail";
  readonly name: string;
  /** 0 at the top of a file. */
  readonly nesting: number;
  readonly file: string;
  readonly isSuite: boolean;
  readonly durationMs: number;
  /** Skipped, or a todo: neither passed nor failed. */
  readonly left: boolean;
  readonly failure?: { readonly type: string; readonly text: string };
};

/** A failed test with the names of the suites around it. */
export type Failure = { readonly file: string; readonly path: readonly string[]; readonly text: string };

/** What the tests of one process came to. */
export type Tally = {
  readonly passed: number;
  readonly failed: number;
  readonly left: number;
  readonly failures: readonly Failure[];
  /** Milliseconds by file. */
  readonly fileMs: ReadonlyMap<string, number>;
};

type Open = { readonly failures: Failure[]; children: number };

/** Failures that only repeat those of the tests inside. */
const REPEATED = new Set(["subtestsFailed"]);

/**
 * Counts the leaf tests. A test with tests inside counts only when it fails by itself (a hook, its own code); an
 * empty suite counts as nothing.
 */
export function tally(lines: readonly TestLine[]): Tally {
  const open: Open[] = [];
  const failures: Failure[] = [];
  const fileMs = new Map<string, number>();
  let [passed, left, failed] = [0, 0, 0];
  for (const line of lines) {
    const inside = open[line.nesting + 1] ?? { failures: [], children: 0 };
    open.length = line.nesting + 1;
    const beside = open[line.nesting] ?? { failures: [], children: 0 };
    open[line.nesting] = beside;
    beside.children++;
    const raised = inside.failures.map((failure) => ({ ...failure, path: [line.name, ...failure.path] }));
    const isLeaf = inside.children === 0 && !line.isSuite;
    const ownFailure = line.kind === "fail" && !line.left && !REPEATED.has(line.failure?.type ?? "");
    if (ownFailure) raised.push({ file: line.file, path: [line.name], text: line.failure?.text ?? "" });
    if (ownFailure) failed++;
    else if (isLeaf && line.left) left++;
    else if (isLeaf) passed++;
    if (line.nesting === 0) {
      failures.push(...raised);
      fileMs.set(line.file, (fileMs.get(line.file) ?? 0) + line.durationMs);
    } else beside.failures.push(...raised);
  }
  return { passed, failed, left, failures, fileMs };
}
