import type { Epochs } from "../tables/epochs.ts";
import { judgeTables, readWitness, writeWitness } from "./epoch-file.ts";

export interface EpochWatchDeps {
  readonly epochs: Epochs;
  readonly stateDir: string;
  /** Holds all circulars; `isProven`: also whatever else would leave. Resolves with how many were held. */
  readonly hold: (isProven: boolean, now: Date) => Promise<number>;
  readonly now: () => Date;
  readonly log: { error(fields: Readonly<Record<string, unknown>>, event: string): void };
}

/**
 * Compares the tables with the file in `state_dir`, at the start and from time to time: a database that was restored from a backup knows nothing of
 * what left since, and must not send it again by itself. What is held is held in the tables before the file says that they are known.
 */
export async function watchEpoch({ epochs, stateDir, hold, now, log }: EpochWatchDeps): Promise<void> {
  const file = readWitness(stateDir);
  const tables = await epochs.read();
  const verdict = judgeTables(file, tables, now().getTime());
  if (verdict !== "ours") {
    const held = await hold(verdict === "restored", now());
    if (held > 0) log.error({ verdict, held }, "tables-restored");
  }
  const least = verdict === "restored" ? (file?.number ?? 0) + 1 : 0;
  writeWitness(stateDir, await epochs.advance(now(), least));
}
