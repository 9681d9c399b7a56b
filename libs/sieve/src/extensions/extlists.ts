import { type CheckContext, defineTest, type Extension, type MatchRequest, type MatchType } from "../extension.ts";
import type { ListFacts } from "../facts.ts";
import type { KeyProblem } from "../key-problem.ts";
import { listName } from "../list-name.ts";
import { asText, type Text } from "../program.ts";
import { FactsMissing, type RunState, RuntimeFault } from "../run-state.ts";

/** What is known of a list; asks for it where nothing is. */
function factsOf(state: RunState, name: string): ListFacts | null {
  const known = state.facts.lists?.get(name);
  if (known === undefined) throw new FactsMissing([{ kind: "list", name, values: [] }]);
  return known;
}

function namesOf(keys: readonly string[]): readonly string[] {
  return keys.map((key) => {
    const name = listName(key);
    if (name === null) throw new RuntimeFault("bad-list-name", { list: key });
    return name;
  });
}

const noSuchList = (list: string, { facts }: RunState): RuntimeFault =>
  new RuntimeFault("no-such-list", { list, there: (facts.listNames ?? []).join(", ") });

/** A list that is not there now is warned of: it may be there when the script runs. */
function missingList(list: string, lists: ReadonlySet<string> | null): KeyProblem | null {
  if (lists === null || lists.has(list)) return null;
  return { severity: "warning", code: "no-such-list", parameters: { list, there: [...lists].join(", ") } };
}

/** Asks for all that is not known of the values, every list at once. */
function expect(names: readonly string[], values: readonly string[], state: RunState): void {
  const wanted = [...new Set(values)];
  const needs = names.flatMap((name) => {
    const facts = state.facts.lists?.get(name);
    if (facts === null) throw noSuchList(name, state);
    const missing = wanted.filter((value) => facts?.has(value) !== true);
    return missing.length === 0 ? [] : [{ kind: "list", name, values: missing } as const];
  });
  if (needs.length > 0) throw new FactsMissing(needs);
}

// RFC 6134 §2.2: the keys are names of lists; lists compare in their own way.
const list: MatchType = {
  name: "list",
  withoutComparator: true,
  tests: ["header", "address", "envelope", "string", "date", "currentdate", "environment"],
  checkKey(key, _limits, { lists }) {
    const name = listName(key);
    return name === null ? { code: "bad-list-name", parameters: { list: key } } : missingList(name, lists);
  },
  prepare({ keys, captures }: MatchRequest) {
    let names: readonly string[] | null = null;
    return {
      expect(values, state) {
        names ??= namesOf(keys);
        expect(names, values, state);
      },
      match(value, _folded, state) {
        names ??= namesOf(keys);
        const found = names.findIndex((name) => factsOf(state, name)?.get(value) === true);
        if (found >= 0 && captures) state.matchVariables = [value];
        return found;
      },
    };
  },
};

function useList(text: Text, context: CheckContext): string | null {
  if (typeof text !== "string") return null;
  const name = listName(text);
  if (name !== null) context.use({ lists: [name] });
  return name;
}

// RFC 6134 §2.7
const validExtList = defineTest({
  name: "valid_ext_list",
  shape: { positional: { names: "strings" } },
  check: ({ names }, context) => {
    for (const name of names) useList(name, context);
  },
  prepare({ names }, line, preparation) {
    const expand = preparation.texts(names);
    return (state) => {
      state.spend(1);
      const wanted = expand(state).map(listName);
      const unknown = wanted.filter((name) => name !== null && state.facts.lists?.get(name) === undefined);
      if (unknown.length > 0) {
        throw new FactsMissing(unknown.map((name) => ({ kind: "list", name: name ?? "", values: [] })));
      }
      const valid = wanted.every((name) => name !== null && factsOf(state, name) !== null);
      return valid && state.matched("valid_ext_list", line, { field: wanted.join(", ") });
    };
  },
});

/** Lists that are kept outside of the script (RFC 6134). */
export const extlists: Extension = {
  name: "extlists",
  rfc: "RFC 6134",
  state: "yes",
  needs: ["lists"],
  matchTypes: [list],
  tests: [validExtList],
  tags: [
    {
      // RFC 6134 §2.3
      name: "list",
      on: ["redirect"],
      kind: "flag",
      check(_value, args, context) {
        const name = asText(args["address"]);
        if (typeof name !== "string") return;
        const named = useList(name, context);
        const problem =
          named === null ? { code: "bad-list-name", parameters: { list: name } } : missingList(named, context.lists);
        if (problem !== null) context.report({ ...problem, at: "address" });
      },
      amend: () => (action, state) => {
        if (action.kind !== "redirect") return action;
        const name = listName(action.address);
        if (name === null) throw new RuntimeFault("bad-list-name", { list: action.address });
        if (factsOf(state, name) === null) throw noSuchList(name, state);
        return { ...action, address: name, list: true };
      },
    },
  ],
};
