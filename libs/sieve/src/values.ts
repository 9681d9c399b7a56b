import type { Comparator } from "./comparator.ts";

/** Strings that a test looks at, folded at most once per comparator. */
export interface Values {
  readonly list: readonly string[];
  /** The comparator that `folded` was made with. */
  comparator: string | null;
  folded: readonly string[];
}

export const noValues: Values = { list: [], comparator: "i;octet", folded: [] };

export function valuesOf(list: readonly string[]): Values {
  return list.length === 0 ? noValues : { list, comparator: null, folded: list };
}

/** The strings as the comparator sees them. */
export function foldedBy(values: Values, comparator: Comparator): readonly string[] {
  if (values.list.length === 0 || values.comparator === comparator.name) return values.folded;
  const folded: string[] = [];
  for (const text of values.list) folded.push(comparator.fold(text));
  values.comparator = comparator.name;
  values.folded = folded;
  return folded;
}
