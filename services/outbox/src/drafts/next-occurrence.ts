import { nextTime, readRecurrence } from "@tamis/when";
import type { DueTime } from "./draft-time.ts";

/** A draft whose mail came to its last word. */
export interface EndedOccurrence {
  readonly recurrence: string | null;
  readonly wall: string;
  readonly zone: string;
  /** Somebody answered one that was to be sent until then. */
  readonly isReplied: boolean;
  /** Its owner stopped it. */
  readonly isCancelled: boolean;
}

/** When the draft leaves again; null: never. What an outage let go by is not made up for. */
export function nextOccurrence(ended: EndedOccurrence, now: Date): DueTime | null {
  if (ended.recurrence === null || ended.isReplied || ended.isCancelled) return null;
  const read = readRecurrence(ended.recurrence);
  if (!read.ok || read.recurrence === null) return null;
  const { wall, zone } = ended;
  const next = nextTime(read.recurrence, { wall, zone }, now);
  return next === null ? null : { at: next.at, wall: next.wall, zone };
}
