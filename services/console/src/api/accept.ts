import { Problem } from "../http/problem.ts";

/** The first of these media types that Accept (RFC 9110 §12.5.1) takes, those it likes better first; a {@link Problem} where it takes none. */
export function preferredType<T extends string>(accept: string | undefined, types: readonly [T, ...T[]]): T {
  const [first] = types;
  if (accept === undefined || accept.trim() === "") return first;
  const ranges = accept.slice(0, 2000).split(",").slice(0, 50).map(rangeOf);
  const weights = types.map((type) => ({ type, weight: weightOf(type, ranges) }));
  const best = weights.reduce((a, b) => (b.weight > a.weight ? b : a));
  if (best.weight === 0) throw new Problem("not-acceptable", types.join(", "));
  return best.type;
}

interface Range {
  readonly type: string;
  readonly weight: number;
}

function rangeOf(text: string): Range {
  const [type = "", ...parameters] = text
    .trim()
    .toLowerCase()
    .split(/\s*;\s*/);
  const written = Number(parameters.find((one) => one.startsWith("q="))?.slice(2) ?? "1");
  return { type, weight: written >= 0 && written <= 1 ? written : 0 };
}

/** The most specific range that takes a type has the say. */
function weightOf(type: string, ranges: readonly Range[]): number {
  for (const wanted of [type, `${type.split("/")[0]}/*`, "*/*"]) {
    const found = ranges.find((range) => range.type === wanted);
    if (found !== undefined) return found.weight;
  }
  return 0;
}
