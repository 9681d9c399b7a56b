import { type AccountState, accountStateChanged, partitionOf } from "@tamis/contracts";
import type { WorkerDeps } from "./worker-deps.ts";

const isTrouble = (state: AccountState): boolean => state === "parked" || state === "held";

/** What one account's connection is doing: for status and metrics, and as a fact when a person should know. */
export class StateBoard {
  readonly #deps: WorkerDeps;
  readonly #accountId: string;
  state: AccountState = "waiting";
  reason = "";
  /** All there was to do was done once since it connected. */
  hasRested = false;
  /** The trouble last told of; empty = none. An account in trouble goes through other states at each try. */
  #told = "";

  constructor(deps: WorkerDeps, accountId: string) {
    this.#deps = deps;
    this.#accountId = accountId;
  }

  set(state: AccountState, reason = ""): void {
    if (state === this.state && reason === this.reason) return;
    this.state = state;
    this.reason = reason;
    if (state === "idle") this.hasRested = true;
    if (state === "connecting") this.hasRested = false;
    this.#deps.stats.setState(this.#accountId, state, reason);
    const isOver = this.#told !== "" && state === "idle";
    const isNew = isTrouble(state) && this.#told !== `${state} ${reason}`;
    if (!isOver && !isNew) return;
    this.#told = isOver ? "" : `${state} ${reason}`;
    this.#tell();
  }

  /** Best effort: the state itself is asked for by `mailbox.status`. */
  #tell(): void {
    const { bus, log } = this.#deps;
    const accountId = this.#accountId;
    const { state, reason } = this;
    log.warn({ accountId, state, reason }, "account-state-changed");
    const fact = { v: 1, accountId, state, at: Date.now(), ...(reason === "" ? {} : { reason }) } as const;
    bus
      .publishFact(accountStateChanged, partitionOf(accountId), fact, `${accountId}/state/${fact.at}`)
      .catch((err: unknown) => log.warn({ accountId, err }, "fact-not-published"));
  }
}
