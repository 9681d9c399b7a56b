import { type Action, allowedInImapEvent, cancelsKeep, conflicting, merged, targetOf } from "./actions.ts";
import type { Comparator } from "./comparator.ts";
import type { Evaluate, Execute } from "./execute.ts";
import { KeyGroup } from "./key-group.ts";
import type { Origin, Text } from "./program.ts";
import type { Namespace, Registry } from "./registry.ts";
import type { Guards } from "./rule-index.ts";
import { type RunState, RuntimeFault } from "./run-state.ts";
import type { Read, Slot } from "./slot.ts";

/** An included script, ready to run. */
export interface PlannedScript {
  readonly execute: Execute;
  /** Its own variables: empty at the start of each run of it. */
  readonly variables: readonly number[];
}

/** What is made once per program before its first run: slots, variables, indexes over keys. */
export class Preparation {
  readonly registry: Registry;
  /** Some string reads a match variable, so `:matches` has to keep what its wildcards matched. */
  readonly captures: boolean;
  /** Whether what a rule does may be planned after the plan is complete. */
  readonly waits: boolean;
  #indexed: boolean;
  readonly #slots = new Map<string, Slot>();
  readonly #variables = new Map<string, number>();
  readonly #groups = new Map<string, KeyGroup>();
  readonly #deferred: (() => void)[] = [];
  /** The scripts that are included, by their key; known when the plan is complete. */
  readonly scripts = new Map<string, PlannedScript>();
  /** The script being planned: 0 is the main one, whose variables keep their names. */
  #scope = 0;
  #globals: ReadonlySet<string> = new Set();
  /** What must hold before a test can be true, or before a step does anything. */
  readonly guards = new Map<Evaluate | Execute, Guards>();
  /** Tests that do something too: they are run even where another test says that their rule cannot hold. */
  readonly acting = new Set<Evaluate>();

  constructor(given: {
    readonly registry: Registry;
    readonly captures: boolean;
    readonly indexed: boolean;
    readonly waits: boolean;
  }) {
    this.registry = given.registry;
    this.captures = given.captures;
    this.waits = given.waits;
    this.#indexed = given.indexed;
  }

  /** Whether keys of many tests may be looked up together; never when the plan is complete. */
  get indexed(): boolean {
    return this.#indexed;
  }

  get slotCount(): number {
    return this.#slots.size;
  }

  get variableCount(): number {
    return this.#variables.size;
  }

  /** The slot of that key; `load` reads it the first time that a run needs it. */
  slot(key: string, load: Read, more: Pick<Slot, "early" | "fieldName"> = { early: false }): Slot {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const id = this.#slots.size;
    const slot: Slot = {
      ...more,
      id,
      read(state) {
        const seen = state.slots[id];
        if (seen !== undefined) return seen;
        const values = load(state);
        state.slots[id] = values;
        return values;
      },
    };
    this.#slots.set(key, slot);
    return slot;
  }

  /** The place of a variable in `RunState.variables`; names are case-insensitive (RFC 5229 §3). */
  variable(name: string): number {
    const key = this.#variableKey(name.toLowerCase());
    const known = this.#variables.get(key);
    if (known !== undefined) return known;
    const index = this.#variables.size;
    this.#variables.set(key, index);
    return index;
  }

  /** RFC 6609 §3.4: each script has variables of its own, but for those that it shares. */
  #variableKey(name: string): string {
    if (name.includes(".")) return name;
    if (this.#globals.has(name)) return `global.${name}`;
    return this.#scope === 0 ? name : `${this.#scope}/${name}`;
  }

  /** What is planned from here on belongs to that script. */
  enterScript(scope: number, globals: readonly string[]): void {
    this.#scope = scope;
    this.#globals = new Set(globals);
  }

  /** The places of the script's own variables. */
  variablesOf(scope: number): readonly number[] {
    const own = `${scope}/`;
    return [...this.#variables].flatMap(([key, index]) => (key.startsWith(own) ? [index] : []));
  }

  /** A string of the script, ready to be expanded. */
  text(text: Text): (state: RunState) => string {
    if (typeof text === "string") return () => text;
    const parts = text.parts.map((part): ((state: RunState) => string) => {
      if (typeof part === "string") return () => part;
      if ("match" in part) return (state) => state.matchVariables[part.match] ?? "";
      const { variable } = part;
      const read = variable.includes(".") ? this.#namespaceOf(variable)?.read : undefined;
      if (read !== undefined) return (state) => read(variable, state);
      const index = this.variable(variable);
      return (state) => state.variables[index] ?? "";
    });
    return (state) => {
      let expanded = "";
      for (const part of parts) expanded += part(state);
      return expanded;
    };
  }

  #namespaceOf(variable: string): Namespace | undefined {
    return this.registry.namespaces.get(variable.slice(0, variable.indexOf(".")))?.item;
  }

  /** A list of strings, ready to be expanded. */
  texts(list: readonly Text[]): (state: RunState) => readonly string[] {
    const fixed = constantTexts(list);
    if (fixed !== null) return () => fixed;
    const parts = list.map((text) => this.text(text));
    return (state) => parts.map((part) => part(state));
  }

  /** The group of keys that are compared in one way with one slot. */
  group(slot: Slot, kind: "is" | "contains", comparator: Comparator): KeyGroup {
    const key = `${slot.id} ${kind} ${comparator.name}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new KeyGroup(slot, kind, comparator);
      this.#groups.set(key, group);
    }
    return group;
  }

  /** Runs `decide` when every command and test of the program is known. */
  whenComplete(decide: () => void): void {
    this.#deferred.push(decide);
  }

  complete(): void {
    for (const group of this.#groups.values()) group.seal();
    for (const decide of this.#deferred) decide();
    this.#deferred.length = 0;
    this.guards.clear();
    this.acting.clear();
    this.#indexed = false;
  }
}

/** The strings of a list that has no variables in it, else null. */
export function constantTexts(list: readonly Text[]): readonly string[] | null {
  const fixed = list.filter((text) => typeof text === "string");
  return fixed.length === list.length ? fixed : null;
}

/** Adds an action to the result: merged with its like, within the limits, without conflict. */
export function act(state: RunState, action: Action, origin: Origin): void {
  if (state.facts.imapEvent !== undefined && !allowedInImapEvent(action)) {
    throw new RuntimeFault("not-in-imap-event", { action: action.kind });
  }
  if (cancelsKeep(action)) state.keeps = false;
  const at = state.actions.findIndex((before) => merged(before, action) !== null);
  const before = state.actions[at];
  if (before !== undefined) state.actions[at] = merged(before, action) ?? action;
  else append(state, action);
  const target = targetOf(action);
  state.trace.push({
    kind: "action",
    rule: origin.rule,
    line: origin.line,
    action: action.kind,
    ...(target === undefined ? {} : { target }),
  });
}

function append(state: RunState, action: Action): void {
  const { actions, executed } = state;
  const other = conflicting(executed === 0 ? actions : actions.slice(executed), action);
  if (other !== undefined) throw new RuntimeFault("action-conflict", { action: action.kind, other: other.kind });
  if (state.actions.length >= state.limits.actions) {
    throw new RuntimeFault("too-many-actions", { limit: state.limits.actions });
  }
  if (action.kind === "redirect" && ++state.redirects > state.limits.redirects) {
    throw new RuntimeFault("too-many-redirects", { limit: state.limits.redirects });
  }
  if (action.kind === "notify" && ++state.notifications > state.limits.notifications) {
    throw new RuntimeFault("too-many-notifications", { limit: state.limits.notifications });
  }
  state.actions.push(action);
}
