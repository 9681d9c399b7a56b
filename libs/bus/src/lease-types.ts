import type { Bus, BusLogger } from "./types.ts";

/** The right to act on one partition. */
export interface Lease {
  readonly p: number;
  /** The revision of the create that took it: grows from holder to holder. */
  readonly token: number;
  /** `performance.now()` until which the holder may act: last confirmed renewal, counted from its sending, plus 7 s. */
  validUntil(): number;
  isValid(): boolean;
}

/**
 * `released`: given up (fair share, no longer wanted, stop), the key is deleted when `onLost` is done.
 * `taken`: somebody else has the key. `expired`: no renewal was confirmed in time.
 */
export type LossReason = "released" | "taken" | "expired";

/** Milliseconds. */
export interface LeaseTiming {
  /** The bucket's TTL. */
  readonly ttlMs: number;
  readonly renewMs: number;
  readonly pollMs: number;
  /** How long a holder acts on a confirmed renewal; less than `ttlMs`. */
  readonly validMs: number;
  /** How long a release waits for `onLost`. */
  readonly quiesceMs: number;
}

export interface LeaseOptions {
  readonly bus: Bus;
  /** Names this process among the members: one KV key token, unique. */
  readonly instance: string;
  /** The partitions wanted; see {@link LeaseHolder.setWanted}. */
  readonly partitions: readonly number[];
  /** A partition is ours. A throw is logged and changes nothing. The loss may be told while this still runs. */
  readonly onGained: (p: number, lease: Lease) => void | Promise<void>;
  /** A partition is ours no more, or (`released`) will not be when this resolves. */
  readonly onLost: (p: number, why: LossReason) => void | Promise<void>;
  readonly timing?: Partial<LeaseTiming> | undefined;
  readonly logger?: BusLogger | undefined;
  /** The bucket's name; `leases` by default. */
  readonly bucketName?: string | undefined;
}

export interface LeaseHolder {
  setWanted(partitions: readonly number[]): void;
  held(): readonly Lease[];
  /** The instances seen at the last poll, this one included. */
  members(): readonly string[];
  /** Gives everything up, so that a successor takes over at once. */
  stop(): Promise<void>;
}
