import type { Extension, MatchRequest, MatchType } from "../extension.ts";
import type { KeyProblem, ScriptTotals } from "../key-problem.ts";
import type { Limits } from "../limits.ts";
import { originalOf } from "../original.ts";
import { Regex } from "../regex/regex.ts";
import { RegexFault } from "../regex/syntax.ts";
import { type RunState, RuntimeFault } from "../run-state.ts";

/** A required text shorter than this is in too many mails to look it up. */
const telling = 3;

function problemOf(fault: unknown, pattern: string, limit: number): KeyProblem {
  if (!(fault instanceof RegexFault)) throw fault;
  return { code: fault.reason, parameters: { pattern, place: fault.at + 1, limit } };
}

/** The expression, or what is wrong with it. */
function compiled(pattern: string, fold: (text: string) => string, limit: number): Regex | KeyProblem {
  try {
    return new Regex(pattern, fold, limit);
  } catch (fault) {
    return problemOf(fault, pattern, limit);
  }
}

function checkKey(pattern: string, { regexStates, regexStatesInAll }: Limits, used: ScriptTotals): KeyProblem | null {
  const regex = compiled(pattern, (text) => text, regexStates);
  if (!(regex instanceof Regex)) return regex;
  used.regexStates += regex.states;
  if (used.regexStates > regexStatesInAll) {
    return { code: "regexes-too-big", parameters: { limit: regexStatesInAll } };
  }
  const [letter] = regex.oddEscapes;
  return letter === undefined
    ? null
    : { severity: "warning", code: "regex-odd-escape", parameters: { pattern, letter } };
}

/** Compiles each key when a value is first compared with it, with the limits of that run. */
function compiler({ keys, comparator }: MatchRequest): (index: number, state: RunState) => Regex {
  const regexes: Regex[] = [];
  return (index, state) => {
    const known = regexes[index];
    if (known !== undefined) return known;
    const pattern = keys[index] ?? "";
    state.spend(1 + (pattern.length >> 2));
    const regex = compiled(pattern, (text) => comparator.fold(text), state.limits.regexStates);
    if (!(regex instanceof Regex)) throw new RuntimeFault(regex.code, regex.parameters);
    regexes[index] = regex;
    return regex;
  };
}

const regexMatch: MatchType = {
  name: "regex",
  substring: true,
  checkKey,
  plain(_folded, { keys, comparator }) {
    const required = keys.map((key) => {
      const regex = compiled(key, (text) => comparator.fold(text), Number.POSITIVE_INFINITY);
      return regex instanceof Regex ? regex.required : [];
    });
    const isTelling = (texts: readonly string[]): boolean =>
      texts.length > 0 && texts.every(({ length }) => length >= telling);
    return required.every(isTelling) ? { kind: "contains", keys: required.flat() } : null;
  },
  prepare(request) {
    const regexOf = compiler(request);
    return {
      match(value, text, state) {
        const spend = (steps: number): void => state.spend(steps);
        for (let index = 0; index < request.keys.length; index++) {
          const regex = regexOf(index, state);
          if (!request.captures) {
            if (regex.test(text, spend)) return index;
            continue;
          }
          const captured = regex.capture(text, originalOf(value, text, request.comparator), spend);
          if (captured === null) continue;
          state.matchVariables = captured.slice(0, state.limits.matchVariables);
          return index;
        }
        return -1;
      },
    };
  },
};

/** Match type `:regex` and modifier `:quoteregex` (draft-ietf-sieve-regex). */
export const regexExtension: Extension = {
  name: "regex",
  rfc: "draft-ietf-sieve-regex",
  state: "yes",
  matchTypes: [regexMatch],
  modifiers: [{ name: "quoteregex", precedence: 20, apply: (value) => value.replace(/[.^$*+?()[\]{}|\\]/g, "\\$&") }],
};
