import assert from "node:assert/strict";
import { type Bus, holdLeases, type Lease, type LeaseHolder, type LeaseOptions } from "../src/index.ts";

/** The real timing, about ten times faster. */
export const TIMING = { ttlMs: 1_500, renewMs: 300, pollMs: 150, validMs: 1_000, quiesceMs: 1_000 };
/** For a test that waits for the end of a lease and then needs two instances to be back within one of its TTLs. */
export const CALM = { ...TIMING, ttlMs: 5_000, validMs: 3_000 };
/** So long a lease that nobody waits for its end, nor loses it while a busy machine restarts a server. */
export const PATIENT = { ...TIMING, ttlMs: 20_000, validMs: 15_000 };
export const ALL = Array.from({ length: 24 }, (_, p) => p);

export interface Told {
  readonly gained: { readonly p: number; readonly lease: Lease }[];
  readonly lost: { readonly p: number; readonly why: string }[];
}

/** Holds leases in this process, and notes what it is told. */
export async function holder(
  bus: Bus,
  instance: string,
  more: Partial<LeaseOptions> = {},
): Promise<Told & { readonly leases: LeaseHolder; readonly held: () => number[] }> {
  const told: Told = { gained: [], lost: [] };
  const leases = await holdLeases({
    bus,
    instance,
    partitions: ALL,
    timing: TIMING,
    onGained: (p, lease) => void told.gained.push({ p, lease }),
    onLost: (p, why) => void told.lost.push({ p, why }),
    ...more,
  });
  const held = () =>
    leases
      .held()
      .filter((lease) => lease.isValid())
      .map((lease) => lease.p)
      .toSorted((a, b) => a - b);
  return { ...told, leases, held };
}

export const union = (...lists: readonly (readonly number[])[]) => [...new Set(lists.flat())].toSorted((a, b) => a - b);
const overlap = (a: readonly number[], b: readonly number[]) => a.filter((p) => b.includes(p));

/** Two instances cannot hold one partition: looked at all the while `act` runs. */
export async function neverBoth(a: () => number[], b: () => number[], act: () => Promise<void>): Promise<void> {
  const watch = setInterval(() => assert.deepEqual(overlap(a(), b()), []), 5);
  try {
    await act();
  } finally {
    clearInterval(watch);
  }
}
