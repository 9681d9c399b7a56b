import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Epoch } from "../tables/epochs.ts";

const FILE = "outbox-epoch.json";
const witness = z.object({
  installation: z.string(),
  number: z.number().int(),
  /** When the tables came so far, epoch ms; files of before do not say. */
  at: z.number().optional(),
});

/** What is known of the tables outside of them. */
export type Witness = Readonly<z.infer<typeof witness>>;

/** What the file in `state_dir` says; null where there is none, or it cannot be read as one. */
export function readWitness(stateDir: string): Witness | null {
  try {
    return witness.parse(JSON.parse(readFileSync(join(stateDir, FILE), "utf8")));
  } catch {
    return null;
  }
}

/** Keeps it so that it outlives a power cut. */
export function writeWitness(stateDir: string, { installation, number, at }: Epoch): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const path = join(stateDir, FILE);
  const temporary = `${path}.${process.pid}`;
  const file = openSync(temporary, "w", 0o600);
  try {
    writeSync(file, JSON.stringify({ installation, number, at }));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** `ours`: as they were left, or as another instance is working with them; `restored`: older than they were, or of another installation; `unknown`: nobody can tell. */
export type Verdict = "ours" | "restored" | "unknown";

/** Another instance says so often that it works with the tables; who says nothing for so long is gone, ms. */
const ALIVE_MS = 60_000;
/** Who was away for so long while others went on does not know how far they came, ms. */
const AWAY_MS = 3_600_000;

/** Whether the tables are those that sent last. */
export function judgeTables(file: Witness | null, tables: Epoch | null, now: number): Verdict {
  // Empty tables send nothing.
  if (tables === null) return "ours";
  const isAlive = now - tables.at < ALIVE_MS && tables.at <= now + ALIVE_MS;
  if (file === null) return isAlive ? "ours" : "unknown";
  if (file.installation !== tables.installation || file.number > tables.number) return "restored";
  const awayMs = file.number === tables.number ? 0 : tables.at - (file.at ?? tables.at);
  return awayMs < AWAY_MS || isAlive ? "ours" : "unknown";
}
