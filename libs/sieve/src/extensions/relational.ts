import type { Extension, KeyMatcher, MatchRequest } from "../extension.ts";

const relations: Readonly<Record<string, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
};

function prepare({ keys, comparator, argument }: MatchRequest): KeyMatcher {
  const folded = keys.map((key) => comparator.fold(key));
  const holds = relations[argument] ?? relations["eq"];
  return {
    match: (_value, text) => folded.findIndex((key) => holds?.(comparator.compare(text, key)) === true),
  };
}

const argument = Object.keys(relations);

/** `:value` compares by order, `:count` the number of values (RFC 5231 §4). */
export const relational: Extension = {
  name: "relational",
  rfc: "RFC 5231",
  state: "yes",
  matchTypes: [
    { name: "value", argument, prepare },
    { name: "count", argument, counts: true, prepare },
  ],
};
