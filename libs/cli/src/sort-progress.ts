import type { Bus } from "@tamis/bus";
import { partitionOf } from "@tamis/contracts";
import { DecisionLog, type LogEntry } from "./decision-log.ts";

/** One `tamis sort`, or one run of rules, on its way. */
export interface SortProgress {
  /** Mails that are done: decided in a dry run, else decided and carried out; or gone before. */
  done(): readonly LogEntry[];
  /** `false`: nothing of this sort came for `idleMs`, or interrupted. */
  reaches(mails: number, until: { readonly idleMs: number; readonly signal: AbortSignal }): Promise<boolean>;
  stop(): Promise<void>;
}

interface Followed {
  readonly accountId: string;
  readonly sortId: string;
  /** Then nothing is carried out: there are only decisions. */
  readonly dryRun: boolean;
}

/** Follows the facts about one sort; each mail is given to `onDone` once. */
export async function followSort(bus: Bus, sort: Followed, onDone: (entry: LogEntry) => void): Promise<SortProgress> {
  const decisions = new DecisionLog(sort.accountId, { takesPreviews: true });
  const done = new Map<string, LogEntry>();
  let onNews = (): void => {};
  const isDone = ({ sortId, decided, applied }: LogEntry): boolean =>
    sortId === sort.sortId &&
    (applied?.result === "gone" || (decided !== undefined && (sort.dryRun || applied !== undefined)));
  const tail = await bus.tailFacts(`event.${partitionOf(sort.accountId)}.*`, (fact) => {
    for (const entry of decisions.add(fact)) {
      if (done.has(entry.mailId) || !isDone(entry)) continue;
      done.set(entry.mailId, entry);
      onDone(entry);
      onNews();
    }
  });
  return {
    done: () => [...done.values()],
    stop: () => tail.stop(),
    reaches: (mails, { idleMs, signal }) =>
      new Promise((resolve) => {
        const finish = (complete: boolean): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", onAbort);
          resolve(complete);
        };
        const onAbort = (): void => finish(false);
        const timer = setTimeout(() => finish(false), idleMs);
        onNews = () => {
          timer.refresh();
          if (done.size >= mails) finish(true);
        };
        if (signal.aborted) return finish(false);
        signal.addEventListener("abort", onAbort, { once: true });
        onNews();
      }),
  };
}
