import { setTimeout as startTimer } from "node:timers";
import { setTimeout } from "node:timers/promises";
import { type Consumption, type Lease, type LossReason, RetryLater, type Stoppable } from "@tamis/bus";
import { APPLY, applyDurable, partitionOf, subjects } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { AccountWorker } from "./account-worker.ts";
import { readCommand } from "./apply-command.ts";
import { onMailboxAsk } from "./on-mailbox-ask.ts";
import { onMailboxFetch } from "./on-mailbox-fetch.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** design.md §Events: `apply-<p>`. */
const ACK_WAIT_MS = 10_000;
const MAX_ACK_PENDING = 256;
/** A lease that ran out because NATS was away mostly comes back: the connections are kept so long. */
const SUSPENDED_MS = 30_000;
const LISTEN_AGAIN_MS = 500;

interface Held {
  readonly workers: Map<string, AccountWorker>;
  consumption: Consumption | null;
  responders: Stoppable[];
  suspension: NodeJS.Timeout | null;
}

/** The partitions held by this instance, each with the workers of its accounts. Holds that state alone. */
export class Partitions {
  readonly #deps: WorkerDeps;
  readonly #held = new Map<number, Held>();
  readonly #leases = new Map<number, Lease>();
  readonly #turns = new Map<number, Promise<void>>();
  #accounts: ReadonlyMap<number, readonly Account[]> = new Map();

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
  }

  /** The partitions that have accounts. */
  get wanted(): readonly number[] {
    return [...this.#accounts.keys()];
  }

  get size(): number {
    return this.#held.size;
  }

  /** Takes over a new reading of the configuration. */
  async setAccounts(accounts: readonly Account[]): Promise<void> {
    const byPartition = new Map<number, Account[]>();
    for (const account of accounts) {
      const p = partitionOf(account.id);
      byPartition.set(p, [...(byPartition.get(p) ?? []), account]);
    }
    this.#accounts = byPartition;
    await Promise.all([...this.#held.keys()].map((p) => this.#inTurn(p, () => this.#refit(p))));
  }

  /** In turn, with what is wanted then: two readings of the configuration may follow each other closely. */
  async #refit(p: number): Promise<void> {
    const held = this.#held.get(p);
    if (held !== undefined) await this.#fit(p, held);
  }

  async #fit(p: number, held: Held): Promise<void> {
    const wanted = new Map((this.#accounts.get(p) ?? []).map((account) => [account.id, account]));
    for (const [id, worker] of held.workers) {
      const account = wanted.get(id);
      if (account === undefined) {
        held.workers.delete(id);
        await worker.stop();
      } else worker.update(account);
    }
    const lease = this.#leases.get(p);
    for (const account of wanted.values())
      if (lease !== undefined && !held.workers.has(account.id)) this.#startWorker(held, account, lease);
  }

  /** A loss may be told while the gain is still being worked on: one after the other. */
  gained(p: number, lease: Lease): Promise<void> {
    return this.#inTurn(p, () => this.#gain(p, lease));
  }

  lost(p: number, why: LossReason): Promise<void> {
    this.#leases.delete(p);
    return this.#inTurn(p, () => this.#lose(p, why));
  }

  async #inTurn(p: number, step: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(p) ?? Promise.resolve();
    const turn = before.then(step, step);
    this.#turns.set(p, turn);
    await turn;
  }

  async #gain(p: number, lease: Lease): Promise<void> {
    this.#leases.set(p, lease);
    const kept = this.#held.get(p);
    if (kept?.suspension) clearTimeout(kept.suspension);
    const held: Held = kept ?? { workers: new Map(), consumption: null, responders: [], suspension: null };
    held.suspension = null;
    this.#held.set(p, held);
    for (const worker of held.workers.values()) worker.renew(lease);
    await this.#fit(p, held);
    await this.#listen(p, held, lease);
    this.#deps.log.info({ partition: p, fence: lease.token, accounts: held.workers.size }, "partition-gained");
  }

  /** Takes commands and questions; again and again while that fails and the lease holds, or the partition would be held and deaf. */
  async #listen(p: number, held: Held, lease: Lease): Promise<void> {
    while (lease.isValid()) {
      try {
        await this.#respond(p, held);
        held.consumption = await this.#consume(p, held, lease);
        return;
      } catch (err) {
        await this.#silence(held);
        if (!(err instanceof RetryLater)) this.#deps.log.error({ partition: p, err }, "partition-deaf");
        await setTimeout(LISTEN_AGAIN_MS);
      }
    }
  }

  async #respond(p: number, held: Held): Promise<void> {
    const { bus } = this.#deps;
    const worker = (accountId: string): AccountWorker | undefined => held.workers.get(accountId);
    // One by one: where the second fails, the first must not go on answering.
    held.responders = [await bus.respond(subjects.mailboxAsk(p), (request) => onMailboxAsk(request, worker))];
    held.responders.push(await bus.respond(subjects.mailboxFetch(p), (request) => onMailboxFetch(request, worker)));
  }

  async #consume(p: number, held: Held, lease: Lease): Promise<Consumption> {
    const { bus } = this.#deps;
    const durable = applyDurable(p);
    await bus.ensureConsumer(APPLY.name, durable, {
      filter: subjects.mailboxApply(p),
      ackWaitMs: ACK_WAIT_MS,
      maxAckPending: MAX_ACK_PENDING,
    });
    return await bus.consume({
      stream: APPLY.name,
      durable,
      concurrency: MAX_ACK_PENDING,
      handle: async ({ payload, deliveries }) => {
        // design.md §Events: a command received without a valid lease is naked at once.
        if (!lease.isValid()) throw new RetryLater("no valid lease", { afterMs: 0, code: "lease-lost" });
        const command = readCommand(payload);
        // An account that left the configuration has nothing to be done: its mail stays where it is.
        await held.workers.get(command.accountId)?.apply(command, deliveries > 1);
      },
    });
  }

  async #lose(p: number, why: LossReason): Promise<void> {
    const held = this.#held.get(p);
    if (held === undefined) return;
    this.#leases.delete(p);
    this.#deps.log.info({ partition: p, why }, "partition-lost");
    const quiet = this.#silence(held);
    if (why !== "expired") {
      await Promise.all([quiet, this.#end(p, held)]);
      return;
    }
    held.suspension ??= startTimer(() => void this.#end(p, held), SUSPENDED_MS);
    await quiet;
  }

  /** Takes no more commands or questions. */
  async #silence(held: Held): Promise<void> {
    const { consumption, responders } = held;
    held.consumption = null;
    held.responders = [];
    await Promise.all([consumption?.stop(1_000), ...responders.map((responder) => responder.stop())]);
  }

  async #end(p: number, held: Held): Promise<void> {
    if (held.suspension !== null) clearTimeout(held.suspension);
    this.#held.delete(p);
    await Promise.all([...held.workers.values()].map((worker) => worker.stop()));
  }

  #startWorker(held: Held, account: Account, lease: Lease): void {
    const worker = new AccountWorker(this.#deps, account, lease);
    held.workers.set(account.id, worker);
    this.#deps.stats.setState(account.id, "waiting");
    worker.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((p) => this.lost(p, "released")));
  }
}
