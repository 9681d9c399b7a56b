/** What one instance sees of the leases at one poll. */
export interface LeaseView {
  readonly wanted: ReadonlySet<number>;
  /** Held by this instance, those being released not counted. */
  readonly mine: ReadonlySet<number>;
  /** Partitions that have a key, whoever holds it. */
  readonly taken: ReadonlySet<number>;
  /** This instance included. */
  readonly members: number;
  /** Taken by this instance above its share, since nobody else wanted them: not given up again. */
  readonly adopted: ReadonlySet<number>;
  /** Free for so long that nobody else seems to want them. */
  readonly orphaned: ReadonlySet<number>;
}

export interface Moves {
  /** To be tried in this order; at most `room` of them are to be had. */
  readonly take: readonly number[];
  readonly room: number;
  readonly adopt: readonly number[];
  readonly release: readonly number[];
}

/** Given up per poll at least, when there are so many too many. */
const RELEASE_STEP = 8;

/** Fair share: nobody holds more than its part, rounded up; what is too much is given up in halves, not all at once. */
export function planMoves(view: LeaseView, shuffle: (list: number[]) => number[]): Moves {
  const share = Math.ceil(view.wanted.size / Math.max(1, view.members));
  const ordinary = [...view.mine].filter((p) => !view.adopted.has(p));
  const room = Math.max(0, share - view.mine.size);
  const free = [...view.wanted].filter((p) => !view.taken.has(p) && !view.mine.has(p));
  const adopt = free.filter((p) => view.orphaned.has(p));
  const excess = Math.min(ordinary.length, view.mine.size - view.adopted.size - share);
  const release = excess > 0 ? ordinary.slice(0, Math.min(excess, Math.max(RELEASE_STEP, Math.ceil(excess / 2)))) : [];
  return { take: shuffle(free), room, adopt, release };
}

/** A new list in random order: instances that begin together do not all reach for the same keys. */
export function shuffled(list: readonly number[]): number[] {
  const mixed = [...list];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    const [a, b] = [mixed[i], mixed[j]];
    if (a === undefined || b === undefined) continue;
    mixed[i] = b;
    mixed[j] = a;
  }
  return mixed;
}
