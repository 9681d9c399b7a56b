import type { Execute, Signal } from "./execute.ts";
import { needHeader } from "./header-fields.ts";
import type { KeyGroup } from "./key-group.ts";
import type { RunState } from "./run-state.ts";

/** What must hold before a test can be true: a key was seen in its group, or the mail has a header field. */
export type Guard =
  | { readonly kind: "key"; readonly group: KeyGroup; readonly id: number }
  | { readonly kind: "field"; readonly name: string };

/** Guards of which one must hold; null when the test may be true without any. Known when the plan is complete. */
export type Guards = () => readonly Guard[] | null;

/** Fewer guarded rules than this are faster run through one by one. */
const worthwhile = 8;

/** One of these must hold: any test of several may be true. */
export function anyOf(parts: readonly (Guards | undefined)[]): Guards {
  if (parts.length === 1) return parts[0] ?? (() => null);
  return () => {
    const union: Guard[] = [];
    for (const part of parts) {
      const guards = part?.() ?? null;
      if (guards === null) return null;
      union.push(...guards);
    }
    return union;
  };
}

/** All tests must be true, so the most telling guards of one of them are enough: keys before fields, few before many. */
export function allOf(parts: readonly (Guards | undefined)[]): Guards {
  return () => {
    let best: readonly Guard[] | null = null;
    for (const part of parts) {
      const guards = part?.() ?? null;
      if (guards !== null && (best === null || weight(guards) < weight(best))) best = guards;
    }
    return best;
  };
}

function weight(guards: readonly Guard[]): number {
  return guards.reduce((sum, { kind }) => sum + (kind === "key" ? 1 : 1000), 0);
}

/** Steps of a block by their guards: a run goes only through those whose guards hold, in the order of the script. */
export class RuleIndex {
  readonly #steps: readonly Execute[];
  /** Steps without guards: always run. */
  readonly #always: number[] = [];
  readonly #byKey = new Map<KeyGroup, number[][]>();
  readonly #byField = new Map<string, number[]>();

  private constructor(steps: readonly Execute[], guards: readonly (readonly Guard[] | null)[]) {
    this.#steps = steps;
    guards.forEach((some, step) => {
      if (some === null) this.#always.push(step);
      else for (const guard of some) this.#add(guard, step);
    });
  }

  /** Null when too few steps are guarded. */
  static build(steps: readonly Execute[], guards: readonly (readonly Guard[] | null)[]): RuleIndex | null {
    const guarded = guards.filter((some) => some !== null).length;
    return guarded < worthwhile ? null : new RuleIndex(steps, guards);
  }

  #add(guard: Guard, step: number): void {
    if (guard.kind === "field") {
      const steps = this.#byField.get(guard.name);
      if (steps === undefined) this.#byField.set(guard.name, [step]);
      else if (steps.at(-1) !== step) steps.push(step);
      return;
    }
    let byId = this.#byKey.get(guard.group);
    if (byId === undefined) {
      byId = [];
      this.#byKey.set(guard.group, byId);
    }
    const steps = byId[guard.id];
    if (steps === undefined) byId[guard.id] = [step];
    else if (steps.at(-1) !== step) steps.push(step);
  }

  run(state: RunState): Signal {
    let last = -1;
    let due = this.#due(state);
    for (let at = 0; at < due.length; at++) {
      const step = due[at] ?? 0;
      if (step <= last) continue;
      last = step;
      const { run } = state;
      const signal = this.#steps[step]?.(state) ?? "next";
      if (signal !== "next") return signal;
      if (state.run === run) continue;
      // The step changed the mail: other keys and fields may be there now.
      due = this.#due(state);
      at = -1;
    }
    return "next";
  }

  #due(state: RunState): readonly number[] {
    const due = this.#always.slice();
    for (const [group, byId] of this.#byKey) {
      for (const id of group.hits(state)) append(due, byId[id]);
    }
    if (this.#byField.size > 0) {
      needHeader(state);
      for (const { lowerName } of state.message.headerFields()) append(due, this.#byField.get(lowerName));
    }
    return due.length > 1 ? due.sort((left, right) => left - right) : due;
  }
}

function append(due: number[], steps: readonly number[] | undefined): void {
  if (steps !== undefined) for (const step of steps) due.push(step);
}
