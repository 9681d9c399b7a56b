import { compileWith, registryOf } from "../compile.ts";
import type { Diagnostic, Locale } from "../diagnostic.ts";
import { RunState, RuntimeFault } from "../run-state.ts";
import { scan } from "../scanner.ts";
import { LineMap } from "../source.ts";
import type { SuiteEnvironment } from "./environment.ts";
import { planOf, reasonOf } from "./script-run.ts";
import { SuiteSkipped, TestFailed } from "./suite-ends.ts";
import { type BlockReport, SuiteSession, suiteLimits } from "./suite-session.ts";
import { testsuiteExtension } from "./testsuite-extension.ts";

/** How a test file ended. */
export interface SuiteReport {
  readonly passed: number;
  readonly failed: number;
  /** What counts as failed, in order. */
  readonly failures: readonly SuiteFailure[];
  /** Why nothing of it counts; null when it was run. */
  readonly skipped: string | null;
  /** What is wrong with the test file itself. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A block that failed; its number is null where the whole file did. */
export interface SuiteFailure {
  readonly number: number | null;
  readonly name: string;
  readonly line: number;
  readonly reason: string;
}

export interface SuiteOptions {
  /** The blocks of this file are meant to fail: each passes when it fails without crashing. */
  readonly meantToFail?: boolean;
  /** Language of the diagnostics; default English. */
  readonly locale?: Locale;
}

/** Runs a test file (`vnd.dovecot.testsuite`). Never throws on any text. */
export function runSuite(text: string, environment: SuiteEnvironment, options: SuiteOptions = {}): SuiteReport {
  const session = new SuiteSession(environment, (own) => registryOf([testsuiteExtension(own)]));
  const compiled = compileWith(session.registry, text, {
    limits: suiteLimits,
    locale: options.locale ?? "en",
    scripts: (script) => session.includedText(script),
  });
  if (!compiled.ok) {
    const ended: Ended = { reason: "the file does not compile", crashed: false };
    return { ...counted(courseOf(text, [], ended), options), diagnostics: compiled.diagnostics };
  }
  let ended: Ended | null = null;
  try {
    const plan = planOf(compiled.program, session);
    const state = new RunState({
      message: session.original,
      facts: session.facts,
      limits: session.limits,
      runs: plan,
      variables: plan.variables,
      slots: plan.slots,
    });
    plan.execute(state);
  } catch (cause) {
    if (cause instanceof SuiteSkipped) return { ...nothing, skipped: cause.message };
    ended = { reason: reasonOf(cause), crashed: !(cause instanceof RuntimeFault || cause instanceof TestFailed) };
    if (session.open !== null) session.blocks.push({ ...session.open, failure: ended.reason });
  }
  return counted(courseOf(text, session.blocks, ended), options);
}

const nothing: SuiteReport = { passed: 0, failed: 0, failures: [], skipped: null, diagnostics: [] };

/** Why the file ended early. */
interface Ended {
  readonly reason: string;
  readonly crashed: boolean;
}

/** Everything that counts: the blocks that were run, those not reached, and the file where no block tells of its end. */
interface Course {
  readonly blocks: readonly (Omit<BlockReport, "number"> & { readonly number: number | null })[];
  /** From this one on they crashed. */
  readonly crash: number;
}

function courseOf(text: string, run: readonly BlockReport[], ended: Ended | null): Course {
  if (ended === null) return { blocks: run, crash: run.length };
  const missed = blocksIn(text)
    .slice(run.length)
    .map(({ name, line }, index) => ({
      name,
      line,
      number: run.length + index + 1,
      failure: `not reached: ${ended.reason}`,
    }));
  const blocks = [...run, ...missed];
  const isTold = missed.length > 0 || blocks.at(-1)?.failure === ended.reason;
  const whole = isTold ? [] : [{ name: "", line: 0, number: null, failure: ended.reason }];
  return { blocks: [...blocks, ...whole], crash: ended.crashed ? Math.max(0, run.length - 1) : blocks.length + 1 };
}

function counted({ blocks, crash }: Course, { meantToFail = false }: SuiteOptions): SuiteReport {
  const failures = blocks.flatMap(({ failure, ...block }, index): readonly SuiteFailure[] => {
    if (!meantToFail || (failure !== null && index >= crash)) {
      return failure === null ? [] : [{ ...block, reason: failure }];
    }
    return failure === null ? [{ ...block, reason: "it passed, but is meant to fail" }] : [];
  });
  return { ...nothing, passed: blocks.length - failures.length, failed: failures.length, failures };
}

/** Every `test "name" {` of a text, whether or not the rest of it makes sense. */
function blocksIn(text: string): readonly { readonly name: string; readonly line: number }[] {
  const { tokens } = scan(text);
  const lines = new LineMap(text);
  return tokens.flatMap((token, index) => {
    const [name, open] = tokens.slice(index + 1, index + 3);
    const isBlock = token.kind === "identifier" && token.value === "test" && name?.kind === "string";
    return isBlock && open?.value === "{" ? [{ name: name.value, line: lines.line(token.start) }] : [];
  });
}
