/** Times of the mails so far. */
export type Statistics = {
  add(ms: number): void;
  /** The value that a share of the mails does not exceed, in ms; null before the first. */
  percentile(share: number): number | null;
};

/** The newest values count: a demo may run for days. */
const KEPT = 5_000;

export function statistics(): Statistics {
  const values: number[] = [];
  let next = 0;
  return {
    add(ms) {
      values[next] = ms;
      next = (next + 1) % KEPT;
    },
    percentile(share) {
      const sorted = values.toSorted((a, b) => a - b);
      return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
    },
  };
}
