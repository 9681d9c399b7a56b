import type { z } from "zod";
import type { Fault } from "./fault.ts";
import type { accountEntry } from "./sections.ts";

export type AccountEntry = z.output<typeof accountEntry>;

/** An account as written, and where. */
export interface LocatedEntry {
  readonly entry: AccountEntry;
  /** A fault at one of its keys. */
  fault(key: keyof AccountEntry, problem: string, mend: string): Fault;
}

/** What a source of accounts gave: never throws for bad content. */
export interface AccountsRead {
  readonly entries: readonly LocatedEntry[];
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}
