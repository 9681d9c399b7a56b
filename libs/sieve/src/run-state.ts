import type { Message } from "@tamis/message";
import type { Action } from "./actions.ts";
import type { DiagnosticParameters } from "./diagnostic.ts";
import type { Facts, Need, TestMatch, TraceStep } from "./facts.ts";
import type { Limits } from "./limits.ts";
import type { Origin } from "./program.ts";
import type { Values } from "./values.ts";

/** Ends a run with an error; the mail is kept (RFC 5228 §2.10.6). */
export class RuntimeFault extends Error {
  readonly code: string;
  readonly parameters: DiagnosticParameters;
  constructor(code: string, parameters: DiagnosticParameters = {}) {
    super(code);
    this.code = code;
    this.parameters = parameters;
  }
}

/** Ends a run for want of facts. */
export class FactsMissing extends Error {
  readonly needs: readonly Need[];
  constructor(needs: readonly Need[]) {
    super("facts are missing");
    this.needs = needs;
  }
}

/** Characters of a value that a trace shows. */
const shown = 120;

interface Seen {
  readonly field?: string;
  readonly key?: string;
  readonly value?: string;
}

/** Everything that changes while a program runs on one mail. */
export class RunState {
  /** Changed only by `read`. */
  message: Message;
  readonly facts: Facts;
  readonly limits: Limits;
  /** Counts the runs of one prepared program, so that its scratch tables need no clearing. */
  readonly run: number;
  /** What was read of the mail, by slot. */
  readonly slots: (Values | undefined)[];
  readonly variables: string[];
  /** `${0}`, `${1}` … of the last successful `:matches` (RFC 5229 §3.2). */
  matchVariables: readonly string[] = [];
  readonly actions: Action[] = [];
  readonly trace: TraceStep[] = [];
  /** The implicit keep has not been cancelled. */
  keeps = true;
  redirects = 0;
  steps = 0;
  /** The internal flag variable (RFC 5232 §2); null until the script touches it. */
  flags: readonly string[] | null = null;
  /** The command being run, to say where an error happened. */
  origin: Origin | null = null;
  readonly #tests: TestMatch[] = [];

  constructor(given: {
    readonly message: Message;
    readonly facts: Facts;
    readonly limits: Limits;
    readonly run: number;
    readonly variables: number;
    readonly slots: number;
  }) {
    this.message = given.message;
    this.facts = given.facts;
    this.limits = given.limits;
    this.run = given.run;
    this.slots = new Array<Values | undefined>(given.slots);
    this.variables = given.variables === 0 ? [] : new Array<string>(given.variables).fill("");
  }

  /** Goes on with another mail: what was read of the one before is forgotten. */
  read(message: Message): void {
    this.message = message;
    this.slots.fill(undefined);
  }

  /** Counts work; throws when the script has had its share. */
  spend(steps: number): void {
    this.steps += steps;
    if (this.steps > this.limits.steps) throw new RuntimeFault("too-many-steps", { limit: this.limits.steps });
  }

  /** Remembers a test that was true; returns true. */
  matched(test: string, line: number, seen?: Seen): true {
    this.#tests.push(seen === undefined ? { test, line } : { test, line, ...short(seen) });
    return true;
  }

  /** How many true tests are remembered; give it to `forget` when they did not lead to anything. */
  get remembered(): number {
    return this.#tests.length;
  }

  forget(since: number): void {
    this.#tests.length = since;
  }

  /** Takes the tests remembered since the mark. */
  take(since: number): readonly TestMatch[] {
    return this.#tests.splice(since);
  }
}

function short(seen: Seen): Seen {
  const { key, value } = seen;
  return {
    ...seen,
    ...(key !== undefined && key.length > shown ? { key: `${key.slice(0, shown)}…` } : {}),
    ...(value !== undefined && value.length > shown ? { value: `${value.slice(0, shown)}…` } : {}),
  };
}
