import { TIMES_FORESEEN } from "@tamis/contracts";
import { nextTime, readRecurrence } from "@tamis/when";
import { opensAt, windowAt } from "../tables/circular-hours.ts";
import type { Leaving } from "./leaving-of.ts";

/** When a circular, and those that follow it, would leave. */
export interface ForeseenTimes {
  /** Epoch ms. */
  readonly times: readonly number[];
  readonly isMore: boolean;
  readonly saidAt?: number;
  readonly hours?: { readonly opensAt: number; readonly closesAt: number };
}

/** As the ledger will have them leave, if nothing stands in the way: each is made when the one before begins. */
export function foreseenTimes({ due, recurring: { hours, every }, saidAt }: Leaving): ForeseenTimes {
  const read = every === null ? null : readRecurrence(every.rule);
  const recurrence = read?.ok === true ? read.recurrence : null;
  const times = [due.at];
  let [wall, left] = [due.wall, every?.left ?? null];
  const next = () => {
    const last = times.at(-1) ?? due.at;
    if (recurrence === null || wall === null || due.zone === null || left === 0) return null;
    return nextTime(recurrence, { wall: wall.replace("T", " "), zone: due.zone }, last);
  };
  let following = next();
  for (; following !== null && times.length < TIMES_FORESEEN; following = next()) {
    times.push(opensAt(hours, following.at));
    [wall, left] = [following.wall, left === null ? null : left - 1];
  }
  const { open_from: opens, open_until: closes } = windowAt(hours, due.at);
  return {
    times: times.map((time) => time.getTime()),
    isMore: following !== null,
    ...(saidAt === null ? {} : { saidAt: saidAt.getTime() }),
    ...(opens === null || closes === null ? {} : { hours: { opensAt: opens.getTime(), closesAt: closes.getTime() } }),
  };
}
