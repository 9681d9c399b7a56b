import { median } from "./statistics.ts";

/** One side of a comparison: `run` does the whole thing once, on a fresh mailbox. */
export type Contenders<T> = Readonly<Record<string, (round: number) => Promise<T>>>;

/**
 * Runs every contender once per round, beginning with another one each round, so that what drifts on the machine
 * (caches, neighbours) does not always fall on the same side.
 */
export async function alternate<T>(
  contenders: Contenders<T>,
  rounds: number,
): Promise<Readonly<Record<string, readonly T[]>>> {
  const names = Object.keys(contenders);
  const results: Record<string, T[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length] ?? "";
      const run = contenders[name];
      if (run !== undefined) results[name]?.push(await run(round));
    }
  }
  return results;
}

/** The run whose figure is the median one (the lower middle one of an even number). */
export function medianRun<T>(runs: readonly T[], figure: (run: T) => number): T {
  const sorted = [...runs].sort((a, b) => figure(a) - figure(b));
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error("no run to take the median of");
  return middle;
}

/** The median of one figure over all runs. */
export function medianOf<T>(runs: readonly T[] | undefined, figure: (run: T) => number): number {
  return median((runs ?? []).map(figure));
}
