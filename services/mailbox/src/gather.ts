/** Decisions of one account gathered at most. */
export const GATHER_MAILS = 8_000;
/** Commands they came in, at most: a partition's consumer is given no more than 256 that are not carried out. */
export const GATHER_COMMANDS = 128;
/** How long the first of them waits at most. */
const GATHER_MS = 5_000;
/** So many are no backlog: the others are waited for, so long after the last publication and in all. */
const FEW = { mails: 64, quietMs: 30, ms: 250 } as const;
/** The same for the last decisions of a backlog. */
const MANY = { quietMs: 100, ms: GATHER_MS } as const;

/** Where an account's mail is, on its way through `filter`. */
export interface Flow {
  /** Decisions that came and wait to be carried out. */
  readonly decided: number;
  /** The commands that these came in. */
  readonly commands: number;
  /** How long the first of these has waited, ms. */
  readonly waitedMs: number;
  /** Mails published and not settled, those decided among them. */
  readonly awaited: number;
  /** Since the last publication, ms. */
  readonly quietMs: number;
  /** More mail is to be fetched. */
  readonly hasMore: boolean;
  /** As many as may be under way at once are. */
  readonly isFull: boolean;
  /** The mail was there when we came: nobody waits for the first of it. */
  readonly isBacklog: boolean;
}

/** How long decisions wait for others, ms, so that moves to one folder go into one command; not above 0: they are carried out now. */
export function gatherMs({ decided, commands, waitedMs, awaited, quietMs, hasMore, isFull, isBacklog }: Flow): number {
  if (decided >= GATHER_MAILS || commands >= GATHER_COMMANDS) return 0;
  if (hasMore) return isFull ? 0 : GATHER_MS - waitedMs;
  const missing = awaited - decided;
  if (missing <= 0) return 0;
  if (missing > FEW.mails) return GATHER_MS - waitedMs;
  const most = isBacklog || decided > FEW.mails ? MANY : FEW;
  return Math.min(most.quietMs - quietMs, most.ms - waitedMs);
}
