import type { Bus } from "@tamis/bus";
import { circularChanged, partitionOf } from "@tamis/contracts";
import { type CircularChanges, factOf } from "../tables/circular-changes.ts";
import { opensAt } from "../tables/circular-hours.ts";
import type { CircularSeries } from "../tables/circular-series.ts";
import type { CircularUpkeep, Keeping } from "../tables/circular-upkeep.ts";
import { dueAgain } from "./due-of.ts";

export interface CircularChoresDeps {
  readonly upkeep: CircularUpkeep;
  readonly changes: CircularChanges;
  readonly series: CircularSeries;
  /** Gives circulars whose office hours are over the next ones. */
  readonly turnWindows: (now: Date) => Promise<number>;
  /** Takes out of reminders who needs none any more. */
  readonly spareAnswered: () => Promise<void>;
  readonly bus: Pick<Bus, "publishFact">;
  readonly keep: Keeping;
  /** Deletes stored attachments that nobody can fetch any more; resolves with how many. */
  readonly dropFiles: () => Promise<number>;
  /** Whether the tables are still those that sent last. */
  readonly watchEpoch: () => Promise<void>;
  /** By our clock and that of the tables. */
  readonly now: () => Promise<Date>;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
}

/** Old things are dropped so often, ms. */
const DROP_MS = 600_000;
const TOLD_AT_ONCE = 100;

/** What the clock demands of circulars, to be done from time to time: leases, ends, what is told, what is dropped. */
export function circularChores(deps: CircularChoresDeps): () => Promise<void> {
  let droppedAt = Number.NEGATIVE_INFINITY;
  const { upkeep, keep, now, log } = deps;
  return async () => {
    await deps.watchEpoch();
    const time = await now();
    const swept = await upkeep.sweep(time);
    if (Object.values(swept).some((count) => count > 0)) log.info({ ...swept }, "circulars-swept");
    await deps.turnWindows(time);
    await deps.spareAnswered();
    await follow(deps, time);
    await tell(deps);
    // After an upgrade the rules of zones may be others.
    if (droppedAt === Number.NEGATIVE_INFINITY) await computeAgain(deps);
    if (performance.now() - droppedAt < DROP_MS) return;
    const dropped = await upkeep.drop(time, keep);
    droppedAt = performance.now();
    if (dropped > 0) log.info({ circulars: dropped }, "circulars-dropped");
    const files = await deps.dropFiles();
    if (files > 0) log.info({ files }, "attachments-dropped");
  };
}

/** One that recurs has the next one made as soon as it has begun. */
async function follow({ series, log }: CircularChoresDeps, now: Date): Promise<void> {
  const made = await series.follow(now, (circularId, err) => log.warn({ err, circularId }, "circular-not-followed"));
  for (const circularId of made) log.info({ circularId }, "circular-follows");
}

/** Who said "Monday 8:00, Paris" means that, whatever Paris does to its clocks meanwhile. */
async function computeAgain({ changes, log }: CircularChoresDeps): Promise<void> {
  for (const circular of await changes.scheduled()) {
    const said = dueAgain(circular);
    const at = said === null ? null : opensAt(circular.hours, said);
    if (at === null || at.getTime() === circular.dueAt.getTime()) continue;
    await changes.putOff(circular, at);
    log.info({ circularId: circular.id, from: circular.dueAt, to: at }, "circular-due-again");
  }
}

/** Where NATS is away it is told later: sending does not wait for that. */
async function tell({ changes, bus, log }: CircularChoresDeps): Promise<void> {
  for (const change of await changes.untold(TOLD_AT_ONCE)) {
    const { id, accountId, state, held, changedAt } = change;
    try {
      await bus.publishFact(
        circularChanged,
        partitionOf(accountId),
        factOf(change),
        `circular/${id}/${state}/${changedAt.getTime()}`,
      );
    } catch (err) {
      log.warn({ err, circularId: id }, "circular-not-told");
      return;
    }
    await changes.told(id, changedAt);
    log.info({ accountId, circularId: id, state, held, counts: change.counts }, "circular-changed");
  }
}
