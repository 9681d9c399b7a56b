import type { Comparator } from "./comparator.ts";
import type { Evaluate } from "./execute.ts";
import type { FamilyArguments, KeyMatcher, MatchRequest, MatchType } from "./extension.ts";
import type { KeyGroup } from "./key-group.ts";
import { constantTexts, type Preparation } from "./preparation.ts";
import type { Text } from "./program.ts";
import type { Guard } from "./rule-index.ts";
import { type RunState, RuntimeFault } from "./run-state.ts";
import type { Read, Slot } from "./slot.ts";
import { foldedBy, valuesOf } from "./values.ts";

/** Strings of one origin that a test compares: a shared slot where the origin is fixed. */
export interface Source {
  /** What a trace calls it: a header field, an envelope part, a variable. */
  readonly field: string;
  readonly read: Read;
  readonly slot?: Slot;
}

/** A test that compares strings with keys (RFC 5228 §2.7). */
export interface MatchRequestOfTest {
  readonly test: string;
  readonly line: number;
  readonly args: FamilyArguments;
  readonly keys: readonly Text[];
  /** The keys that a string with variables in it comes to; absent: it is one. */
  keysOf?(text: string): readonly string[];
  readonly sources: readonly Source[] | ((state: RunState) => readonly Source[]);
  /** False where a test must not set match variables (RFC 5173 §6). */
  readonly captures?: boolean;
}

interface Comparison {
  readonly request: MatchRequestOfTest;
  readonly comparator: Comparator;
  readonly matchType: MatchType;
  readonly captures: boolean;
}

/** The default comparator (RFC 5228 §2.7.3). */
const defaultComparator = "i;ascii-casemap";

/** Makes the evaluation of a comparing test: keys folded once, looked up together with those of other tests where that pays. */
export function prepareMatch(preparation: Preparation, request: MatchRequestOfTest): Evaluate {
  const { registry } = preparation;
  const comparator = registry.comparators.get(request.args.comparator ?? defaultComparator)?.item;
  const matchType = registry.matchTypes.get(request.args.match ?? "is")?.item;
  if (comparator === undefined || matchType === undefined) throw new RuntimeFault("stale-program");
  const captures = preparation.captures && request.captures !== false;
  const comparison: Comparison = { request, comparator, matchType, captures };
  const keys = constantTexts(request.keys);
  if (keys !== null) return withFixedKeys(preparation, comparison, keys);
  const evaluate = withVariables(preparation, comparison);
  preparation.guards.set(evaluate, () => fieldGuards(comparison));
  return evaluate;
}

/** How the test is evaluated is decided when a run first asks: most tests of a long script are ruled out before. */
function withFixedKeys(preparation: Preparation, comparison: Comparison, keys: readonly string[]): Evaluate {
  const lookups = preparation.indexed ? lookupsOf(preparation, comparison, keys) : null;
  let evaluate: Evaluate | null = null;
  const test: Evaluate = (state) => {
    evaluate ??= evaluation(comparison, keys, lookups);
    return evaluate(state);
  };
  preparation.guards.set(test, () => keyGuards(lookups) ?? fieldGuards(comparison));
  return test;
}

function evaluation(comparison: Comparison, keys: readonly string[], lookups: readonly Lookup[] | null): Evaluate {
  const matcher = matcherOf(comparison, keys);
  const direct = compare(comparison, keys, () => matcher);
  if (lookups === null || lookups.length === 0 || !lookups.every(({ group }) => group.pays)) return direct;
  return together(lookups, direct);
}

function keyGuards(lookups: readonly Lookup[] | null): readonly Guard[] | null {
  if (lookups?.every(({ group }) => group.pays && group.early) !== true) return null;
  return lookups.flatMap(({ group, ids }) => ids.map((id): Guard => ({ kind: "key", group, id })));
}

/** Nothing can match where none of the header fields is there; only a count can be zero. */
function fieldGuards({ request, matchType }: Comparison): readonly Guard[] | null {
  if (matchType.counts === true || typeof request.sources === "function") return null;
  const names = request.sources.flatMap(({ slot }) => slot?.fieldName ?? []);
  if (names.length < request.sources.length) return null;
  return names.map((name) => ({ kind: "field", name }));
}

function matcherOf(comparison: Comparison, keys: readonly string[]): KeyMatcher {
  return comparison.matchType.prepare(requestOf(comparison, keys));
}

function requestOf({ comparator, captures, request }: Comparison, keys: readonly string[]): MatchRequest {
  return { keys, comparator, captures, argument: request.args.matchArgument ?? "" };
}

function compare(comparison: Comparison, keys: readonly string[], matcher: (state: RunState) => KeyMatcher): Evaluate {
  const { sources } = comparison.request;
  const weight = weightOf(keys);
  const of = typeof sources === "function" ? sources : (): readonly Source[] => sources;
  if (comparison.matchType.withoutComparator === true) {
    return (state) => {
      const now = of(state);
      matcher(state).expect?.(
        now.flatMap((source) => source.read(state).list),
        state,
      );
      return someMatches(comparison, { state, sources: now, matcher: matcher(state), keys, weight });
    };
  }
  if (comparison.matchType.counts === true) {
    return (state) => countMatches(comparison, { state, sources: of(state), matcher: matcher(state), keys, weight });
  }
  return (state) => someMatches(comparison, { state, sources: of(state), matcher: matcher(state), keys, weight });
}

interface Comparing {
  readonly state: RunState;
  readonly sources: readonly Source[];
  readonly matcher: KeyMatcher;
  readonly keys: readonly string[];
  /** Work per 1024 characters of text: a search for each key, slower the longer a key is. */
  readonly weight: number;
}

function weightOf(keys: readonly string[]): number {
  return keys.length + (keys.reduce((longest, { length }) => Math.max(longest, length), 0) >> 2);
}

function someMatches(
  { request, comparator }: Comparison,
  { state, sources, matcher, keys, weight }: Comparing,
): boolean {
  state.spend(1);
  for (const source of sources) {
    const values = source.read(state);
    const folded = foldedBy(values, comparator);
    for (let i = 0; i < folded.length; i++) {
      const text = folded[i] ?? "";
      state.spend((text.length * weight) >> 10);
      const value = values.list[i] ?? "";
      const at = matcher.match(value, text, state);
      if (at >= 0)
        return state.matched(request.test, request.line, { field: source.field, key: keys[at] ?? "", value });
    }
  }
  return false;
}

// RFC 5231 §4.2: the number of all values found is compared, not the values.
function countMatches({ request, comparator }: Comparison, { state, sources, matcher, keys }: Comparing): boolean {
  state.spend(1);
  let count = 0;
  for (const source of sources) count += source.read(state).list.length;
  const value = String(count);
  const at = matcher.match(value, comparator.fold(value), state);
  if (at < 0) return false;
  const field = sources.map((source) => source.field).join(", ");
  return state.matched(request.test, request.line, { field, key: keys[at] ?? "", value });
}

/** Keys with variables are expanded at each run; the matcher is kept while they stay the same. */
function withVariables(preparation: Preparation, comparison: Comparison): Evaluate {
  const { request } = comparison;
  const texts = preparation.texts(request.keys);
  const { keysOf } = request;
  const expand =
    keysOf === undefined ? texts : (state: RunState): readonly string[] => texts(state).flatMap((text) => keysOf(text));
  let keys: readonly string[] = [];
  let matcher = matcherOf(comparison, keys);
  return (state) => {
    const now = expand(state);
    if (now.length !== keys.length || now.some((key, index) => key !== keys[index])) {
      keys = now;
      matcher = matcherOf(comparison, keys);
      state.spend(keys.length);
    }
    return compare(comparison, keys, () => matcher)(state);
  };
}

interface Lookup {
  readonly group: KeyGroup;
  readonly ids: readonly number[];
}

/** Joins the key groups of its slots when every source has one and the match comes down to equality or substring; else null. */
function lookupsOf(
  preparation: Preparation,
  comparison: Comparison,
  keys: readonly string[],
): readonly Lookup[] | null {
  const { request, comparator, matchType } = comparison;
  if (matchType.counts === true || !comparator.substring || typeof request.sources === "function") return null;
  const folded = keys.map((key) => comparator.fold(key));
  const plain = matchType.plain?.(folded, requestOf(comparison, keys)) ?? null;
  const slots = request.sources.flatMap(({ slot }) => slot ?? []);
  if (plain === null || slots.length < request.sources.length) return null;
  return slots.map((slot): Lookup => {
    const group = preparation.group(slot, plain.kind, comparator);
    return { group, ids: plain.keys.map((key) => group.add(key)) };
  });
}

/** Asks the groups whether any key was seen; only then the direct comparison says which one. */
function together(lookups: readonly Lookup[], direct: Evaluate): Evaluate {
  const [only] = lookups;
  const id = only?.ids[0];
  if (lookups.length === 1 && only !== undefined && only.ids.length === 1 && id !== undefined) {
    const { group } = only;
    return (state) => {
      state.spend(1);
      return group.seen(state)[id] === state.run && direct(state);
    };
  }
  return (state) => {
    state.spend(1);
    for (const { group, ids } of lookups) {
      const seen = group.seen(state);
      for (const one of ids) if (seen[one] === state.run) return direct(state);
    }
    return false;
  };
}

/** A source whose strings are made anew at each run. */
export function freshSource(field: string, list: (state: RunState) => readonly string[]): Source {
  return { field, read: (state) => valuesOf(list(state)) };
}
