import { buckets } from "@tamis/contracts";
import { atMost } from "./at-most.ts";
import { HeldLease } from "./held-lease.ts";
import { LeaseBucket, type Taken } from "./lease-bucket.ts";
import { LeaseCensus } from "./lease-census.ts";
import { planMoves, shuffled } from "./lease-share.ts";
import type { Lease, LeaseHolder, LeaseOptions, LeaseTiming, LossReason } from "./lease-types.ts";
import { frames } from "./settle.ts";

const TIMING: LeaseTiming = { ttlMs: 10_000, renewMs: 3_000, pollMs: 2_000, validMs: 7_000, quiesceMs: 5_000 };
/** Creates under way at once. */
const REACH = 32;

/** Takes, renews, shares and gives up partition leases until stopped (design.md §Scale). An absent NATS is waited for. */
export async function holdLeases(options: LeaseOptions): Promise<LeaseHolder> {
  const timing = { ...TIMING, ...options.timing };
  if (timing.renewMs >= timing.validMs || timing.validMs >= timing.ttlMs) {
    throw new RangeError("lease timing: renewMs < validMs < ttlMs must hold");
  }
  const leases = new Leases(options, timing);
  await leases.start();
  return leases;
}

class Leases implements LeaseHolder {
  readonly #options: LeaseOptions;
  readonly #timing: LeaseTiming;
  readonly #bucket: LeaseBucket;
  readonly #mine = new Map<number, HeldLease>();
  /** Lost for want of a confirmation: ours again at once if nobody took them. */
  readonly #claims = new Set<number>();
  readonly #adopted = new Set<number>();
  readonly #census = new LeaseCensus();
  /** The end of each partition's last `onLost`. */
  readonly #farewells = new Map<number, Promise<void>>();
  #wanted: ReadonlySet<number>;
  /** Others' free keys are left alone until then: their holders re-create them first. */
  #quarantineUntil = 0;
  #polling: Promise<void> | undefined;
  #announcing: Promise<void> | undefined;
  #pollAgain = false;
  #stopping = false;
  #timers: NodeJS.Timeout[] = [];
  #expiry: NodeJS.Timeout | undefined;
  #forget: () => void = () => undefined;

  constructor(options: LeaseOptions, timing: LeaseTiming) {
    this.#options = options;
    this.#timing = timing;
    this.#wanted = new Set(options.partitions);
    this.#bucket = new LeaseBucket({
      bus: options.bus,
      name: options.bucketName ?? buckets.leases.name,
      ttlMs: timing.ttlMs,
      instance: options.instance,
    });
  }

  async start(): Promise<void> {
    this.#forget = this.#options.bus.onStatus((status) => {
      if (status === "reconnected") void this.#comeBack();
    });
    await this.#guarded("announce", () => this.#announce());
    await this.#poll();
    this.#timers = [
      setInterval(() => void this.#renewAll(), this.#timing.renewMs),
      setInterval(() => void this.#poll(), this.#timing.pollMs),
    ];
  }

  setWanted(partitions: readonly number[]): void {
    this.#wanted = new Set(partitions);
    for (const p of this.#claims) if (!this.#wanted.has(p)) this.#claims.delete(p);
    for (const lease of this.#mine.values()) if (!this.#wanted.has(lease.p)) void this.#release(lease);
    void this.#poll();
  }

  held(): readonly Lease[] {
    return [...this.#mine.values()];
  }

  members(): readonly string[] {
    return this.#census.members();
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#claims.clear();
    this.#forget();
    await atMost(this.#leave(), 2 * this.#timing.quiesceMs);
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#expiry);
    for (const lease of this.#mine.values()) lease.end();
    this.#mine.clear();
  }

  /** What is being taken or announced at this moment has to be taken back too: else it would stand until its TTL. */
  async #leave(): Promise<void> {
    await Promise.all([...this.#mine.values()].map((lease) => this.#release(lease)));
    await this.#guarded("announce", async () => this.#announcing);
    await this.#polling;
    await this.#guarded("leave", async () => {
      if (this.#options.bus.isConnected()) await this.#bucket.leave();
    });
  }

  /** Never twice at once, by the timer and by a poll: the second would find that its revision is gone. */
  #announce(): Promise<void> {
    this.#announcing ??= this.#announceOnce().finally(() => {
      this.#announcing = undefined;
    });
    return this.#announcing;
  }

  async #announceOnce(): Promise<void> {
    if (!this.#stopping && (await this.#bucket.announce()) === "lost") this.#beginQuarantine();
  }

  /** After a reconnect: the bucket may be gone with its contents, and everybody's keys may have expired. */
  async #comeBack(): Promise<void> {
    if (this.#stopping) return;
    this.#beginQuarantine();
    this.#bucket.reopen();
    await this.#renewAll();
    await this.#poll();
  }

  #beginQuarantine(): void {
    this.#quarantineUntil = performance.now() + this.#timing.ttlMs + Math.random() * this.#timing.pollMs;
    this.#census.restart();
  }

  async #renewAll(): Promise<void> {
    // A process that was stopped past its leases finds out here, before anything is renewed.
    this.#expire();
    const renewals = [...this.#mine.values()].filter((lease) => lease.renewing === undefined);
    for (const lease of renewals) {
      lease.renewing = this.#guarded("renew", () => this.#renew(lease)).finally(() => {
        lease.renewing = undefined;
      });
    }
    await Promise.all([this.#guarded("announce", () => this.#announce()), ...renewals.map((lease) => lease.renewing)]);
    this.#arm();
  }

  async #renew(lease: HeldLease): Promise<void> {
    const renewal = await this.#bucket.renew(lease.p, lease.revision);
    if (renewal.kind === "renewed") lease.confirm(renewal.revision, renewal.sentAt);
    else if (renewal.kind !== "unclear") this.#lose(lease, renewal.kind === "gone" ? "expired" : "taken");
  }

  #poll(): Promise<void> {
    if (this.#polling !== undefined) {
      this.#pollAgain = true;
      return this.#polling;
    }
    this.#polling = this.#guarded("poll", () => this.#pollOnce()).finally(() => {
      this.#polling = undefined;
      if (this.#pollAgain) void this.#poll();
    });
    return this.#polling;
  }

  async #pollOnce(): Promise<void> {
    this.#pollAgain = false;
    if (this.#stopping) return;
    await Promise.all([...this.#claims].map((p) => this.#guarded("claim", () => this.#claim(p))));
    const { taken, members: others } = await this.#bucket.look();
    const announced = others.includes(this.#bucket.me);
    if (!announced) await this.#announce();
    const members = announced ? others : [...others, this.#bucket.me];
    if (this.#census.see(members, this.#wanted, taken)) this.#adopted.clear();
    await this.#move(taken);
  }

  async #move(taken: ReadonlySet<number>): Promise<void> {
    const settled = [...this.#mine.values()].filter((lease) => !lease.releasing).map((lease) => lease.p);
    const view = {
      wanted: this.#wanted,
      mine: new Set(settled),
      taken,
      members: this.#census.members().length,
      adopted: this.#adopted,
      orphaned: this.#census.orphaned(2 * this.#timing.ttlMs),
    };
    const moves = planMoves(view, shuffled);
    for (const p of moves.release) {
      const lease = this.#mine.get(p);
      if (lease !== undefined) void this.#release(lease);
    }
    if (performance.now() < this.#quarantineUntil) return;
    await this.#takeSome(moves.take, moves.room);
    for (const p of moves.adopt) if (!this.#mine.has(p) && (await this.#take(p))) this.#adopted.add(p);
  }

  async #takeSome(candidates: readonly number[], room: number): Promise<void> {
    let left = room;
    for (let at = 0; left > 0 && at < candidates.length && !this.#stopping; ) {
      const batch = candidates.slice(at, at + Math.min(left, REACH));
      at += batch.length;
      const won = await Promise.all(batch.map((p) => this.#take(p)));
      left -= won.filter(Boolean).length;
    }
  }

  async #take(p: number): Promise<boolean> {
    const taken = await this.#bucket.take(p);
    if (taken !== null) await this.#gain(p, taken);
    return taken !== null;
  }

  async #claim(p: number): Promise<void> {
    if (this.#mine.has(p)) return;
    const reclaimed = await this.#bucket.reclaim(p);
    if (reclaimed === "taken") this.#claims.delete(p);
    else if (reclaimed !== "unclear") await this.#gain(p, reclaimed);
  }

  async #gain(p: number, { revision, sentAt }: Taken): Promise<void> {
    this.#claims.delete(p);
    if (this.#stopping || !this.#wanted.has(p)) {
      await this.#bucket.remove(p, revision);
      return;
    }
    const lease = new HeldLease(p, revision, { sentAt, validMs: this.#timing.validMs });
    this.#mine.set(p, lease);
    this.#arm();
    void this.#greet(lease);
  }

  async #greet(lease: HeldLease): Promise<void> {
    await this.#farewells.get(lease.p);
    if (this.#mine.get(lease.p) !== lease) return;
    lease.told = true;
    await this.#guarded("onGained", async () => this.#options.onGained(lease.p, lease));
  }

  #lose(lease: HeldLease, why: LossReason): void {
    if (this.#mine.get(lease.p) !== lease) return;
    this.#mine.delete(lease.p);
    this.#adopted.delete(lease.p);
    lease.end();
    if (lease.releasing) return;
    if (why === "expired" && this.#wanted.has(lease.p)) this.#claims.add(lease.p);
    this.#options.logger?.warn({ partition: lease.p, why }, "lease-lost");
    void this.#bidFarewell(lease, why);
    if (why === "expired" && this.#options.bus.isConnected()) void this.#poll();
  }

  #bidFarewell(lease: HeldLease, why: LossReason): Promise<void> {
    if (!lease.told) return Promise.resolve();
    const farewell = this.#guarded("onLost", async () => this.#options.onLost(lease.p, why));
    this.#farewells.set(lease.p, farewell);
    return farewell;
  }

  /** The lease stays valid while its holder finishes what it began. */
  async #release(lease: HeldLease): Promise<void> {
    if (lease.releasing) return;
    lease.releasing = true;
    const quiet = await atMost(this.#bidFarewell(lease, "released"), this.#timing.quiesceMs);
    if (!quiet) this.#options.logger?.warn({ partition: lease.p }, "lease-released-unquiet");
    lease.end();
    await lease.renewing;
    if (this.#mine.get(lease.p) === lease) this.#mine.delete(lease.p);
    this.#adopted.delete(lease.p);
    await this.#guarded("release", async () => {
      if (this.#options.bus.isConnected()) await this.#bucket.remove(lease.p, lease.revision);
    });
  }

  #expire(): void {
    for (const lease of [...this.#mine.values()]) if (!lease.isValid()) this.#lose(lease, "expired");
  }

  /** One timer, for the lease that ends first. */
  #arm(): void {
    clearTimeout(this.#expiry);
    if (this.#mine.size === 0) return;
    const first = Math.min(...[...this.#mine.values()].map((lease) => lease.validUntil()));
    this.#expiry = setTimeout(
      () => {
        this.#expire();
        this.#arm();
      },
      Math.max(1, first - performance.now()),
    );
  }

  async #guarded(step: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const fields = { step, error: String(error), at: frames(error) };
      this.#options.logger?.[step.startsWith("on") ? "error" : "warn"](fields, "lease-step-failed");
      if (!step.startsWith("on")) this.#bucket.reopen();
    }
  }
}
