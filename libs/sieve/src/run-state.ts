import type { Message } from "@tamis/message";
import type { Action } from "./actions.ts";
import type { DiagnosticParameters } from "./diagnostic.ts";
import type { DebugMessage, Facts, Need, TestMatch, TraceStep } from "./facts.ts";
import type { Limits } from "./limits.ts";
import { applyEdits, type MessageEdit, type PartPath } from "./message-edits.ts";
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

/** Holds the number of the last run of a plan. */
export interface RunCounter {
  runs: number;
}

/** Runs are numbered in 32 bits. */
const lastRun = 0xffff_fff0;

function nextRun(counter: RunCounter): number {
  counter.runs = counter.runs >= lastRun ? 1 : counter.runs + 1;
  return counter.runs;
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
  readonly facts: Facts;
  readonly limits: Limits;
  /** Numbers the runs of one prepared program, so that its scratch tables need no clearing; another one when the mail changes. */
  run: number;
  /** What was read of the mail, by slot. */
  readonly slots: (Values | undefined)[];
  readonly variables: string[];
  /** `${0}`, `${1}` … of the last successful `:matches` (RFC 5229 §3.2). */
  matchVariables: readonly string[] = [];
  readonly actions: Action[] = [];
  /** How many of the actions are carried out already: what a script before this one did is no conflict. */
  executed = 0;
  readonly trace: TraceStep[] = [];
  readonly debug: DebugMessage[] = [];
  /** The implicit keep has not been cancelled. */
  keeps = true;
  redirects = 0;
  notifications = 0;
  /** Included scripts that ran, for `include :once` (RFC 6609 §3.2). */
  readonly included = new Set<string>();
  steps = 0;
  /** The internal flag variable (RFC 5232 §2); null until the script touches it. */
  flags: readonly string[] | null = null;
  /** The part that the innermost `foreverypart` is at (RFC 5703 §3); null outside of all. */
  part: PartPath | null = null;
  /** The loop that a `break` leaves: its name, or null for the innermost. */
  leaving: string | null = null;
  /** The command being run, to say where an error happened. */
  origin: Origin | null = null;
  readonly #tests: TestMatch[] = [];
  readonly #runs: RunCounter;
  #message: Message;
  #original: Message;
  #edits: readonly MessageEdit[] = [];
  /** How many of the edits the message has in it. */
  #applied = 0;

  constructor(given: {
    readonly message: Message;
    readonly facts: Facts;
    readonly limits: Limits;
    readonly runs: RunCounter;
    readonly variables: number;
    readonly slots: number;
  }) {
    this.#message = given.message;
    this.#original = given.message;
    this.#runs = given.runs;
    this.facts = given.facts;
    this.limits = given.limits;
    this.run = nextRun(given.runs);
    this.slots = new Array<Values | undefined>(given.slots);
    this.variables = given.variables === 0 ? [] : new Array<string>(given.variables).fill("");
  }

  /** The mail with the edits made so far. */
  get message(): Message {
    return this.#applied === this.#edits.length ? this.#message : this.#edited();
  }

  /** The mail as it came: answers to its sender are about that one (RFC 5293 §6). */
  get original(): Message {
    return this.#original;
  }

  /** What the script changed so far, in order. */
  get edits(): readonly MessageEdit[] {
    return this.#edits;
  }

  /** Changes the mail for all that follows. A mail that was cut is needed whole, unless only its header changes. */
  edit(...edits: readonly MessageEdit[]): void {
    const headerOnly = edits.every(({ kind }) => kind === "add-header" || kind === "delete-header");
    if (!headerOnly && !this.message.complete) throw new FactsMissing([{ kind: "whole-message" }]);
    const { edits: limit } = this.limits;
    if (this.#edits.length + edits.length > limit) throw new RuntimeFault("too-many-edits", { limit });
    this.#edits = [...this.#edits, ...edits];
    this.#forgetMail();
  }

  /** Goes on with another mail: what was read of the one before, and its edits, are forgotten. */
  read(message: Message): void {
    this.#message = message;
    this.#original = message;
    this.#edits = [];
    this.#applied = 0;
    this.#forgetMail();
  }

  #edited(): Message {
    // Edits cost as much as the mail is long: a script pays for them as for comparisons.
    this.spend(1 + (this.#message.raw.length >> 10));
    this.#message = applyEdits(this.#message, this.#edits.slice(this.#applied), this.facts.programs);
    this.#applied = this.#edits.length;
    return this.#message;
  }

  #forgetMail(): void {
    this.slots.fill(undefined);
    this.run = nextRun(this.#runs);
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
