import type { Lease } from "./lease-types.ts";

/** A lease as its holder keeps it. */
export class HeldLease implements Lease {
  readonly p: number;
  readonly token: number;
  /** Last revision of the key known to be ours. */
  revision: number;
  /** The renewal that is under way, if any. */
  renewing: Promise<void> | undefined;
  releasing = false;
  /** `onGained` was called. */
  told = false;
  readonly #validMs: number;
  #confirmedAt: number;
  #ended = false;

  /** `sentAt`: `performance.now()` before the key was taken. */
  constructor(p: number, revision: number, times: { readonly sentAt: number; readonly validMs: number }) {
    this.p = p;
    this.token = revision;
    this.revision = revision;
    this.#confirmedAt = times.sentAt;
    this.#validMs = times.validMs;
  }

  validUntil(): number {
    return this.#ended ? Number.NEGATIVE_INFINITY : this.#confirmedAt + this.#validMs;
  }

  isValid(): boolean {
    return performance.now() < this.validUntil();
  }

  /** `sentAt`: before the renewal was sent. The answer may have been long on its way. */
  confirm(revision: number, sentAt: number): void {
    this.revision = revision;
    this.#confirmedAt = sentAt;
  }

  end(): void {
    this.#ended = true;
  }
}
