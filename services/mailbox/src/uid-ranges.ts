/** An inclusive range of UIDs. */
export type UidRange = readonly [from: number, to: number];

/** A set of UIDs as few ascending ranges: most of a mailbox is one range. Holds state; not shared. */
export class UidRanges {
  #ranges: UidRange[];

  constructor(ranges: readonly UidRange[] = []) {
    this.#ranges = [];
    for (const [from, to] of ranges) this.add(from, to);
  }

  has(uid: number): boolean {
    const range = this.#ranges[this.#indexAfter(uid) - 1];
    return range !== undefined && uid <= range[1];
  }

  hasAll(from: number, to: number): boolean {
    const range = this.#ranges[this.#indexAfter(from) - 1];
    return range !== undefined && to <= range[1];
  }

  /** The last UID of the range that has this one; null: none has. */
  endOf(uid: number): number | null {
    const range = this.#ranges[this.#indexAfter(uid) - 1];
    return range !== undefined && uid <= range[1] ? range[1] : null;
  }

  add(from: number, to = from): void {
    if (to < from) return;
    // The ranges from `first` to before `last` touch the new one and are swallowed by it.
    let first = this.#indexAfter(from);
    const previous = this.#ranges[first - 1];
    if (previous !== undefined && previous[1] >= from - 1) first -= 1;
    let last = first;
    let low = from;
    let high = to;
    for (let range = this.#ranges[last]; range !== undefined && range[0] <= to + 1; range = this.#ranges[last]) {
      low = Math.min(low, range[0]);
      high = Math.max(high, range[1]);
      last += 1;
    }
    this.#ranges.splice(first, last - first, [low, high]);
  }

  remove(uid: number): void {
    const index = this.#indexAfter(uid) - 1;
    const range = this.#ranges[index];
    if (range === undefined || uid > range[1]) return;
    const left: UidRange[] = range[0] < uid ? [[range[0], uid - 1]] : [];
    const right: UidRange[] = uid < range[1] ? [[uid + 1, range[1]]] : [];
    this.#ranges.splice(index, 1, ...left, ...right);
  }

  /** The ranges up to `limit` that are not in the set. */
  missing(limit: number): UidRange[] {
    const gaps: UidRange[] = [];
    let next = 1;
    for (const [from, to] of this.#ranges) {
      if (from > limit) break;
      if (from > next) gaps.push([next, from - 1]);
      next = to + 1;
    }
    if (next <= limit) gaps.push([next, limit]);
    return gaps;
  }

  toJSON(): readonly UidRange[] {
    return this.#ranges;
  }

  /** Index of the first range that begins after `uid`. */
  #indexAfter(uid: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.[0] ?? Number.POSITIVE_INFINITY) <= uid) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
