import { RetryLater } from "@tamis/bus";
import type { ApplyCommand, Decision } from "@tamis/contracts";

interface Waiting {
  readonly command: ApplyCommand;
  /** It lies in no stream. */
  readonly isGiven: boolean;
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A decision with the command it came in. */
export interface QueuedDecision extends Decision {
  readonly observed: boolean;
  readonly sortId: string | undefined;
}

/** Several commands taken together, settled together. */
export interface CommandGroup {
  readonly decisions: readonly QueuedDecision[];
  /** Acknowledges every command but those with a decision in `retry`, which come back later. */
  settle(retry?: ReadonlySet<number>): void;
  /** Puts the commands back in front: the connection broke, they are tried again. */
  putBack(): void;
}

/** One account's commands in their order, each open until its execution is written down. */
export class ApplyQueue {
  #waiting: Waiting[] = [];
  /** Commands that were in a group whose connection broke: their execution may have got through. */
  readonly #tried = new WeakSet<ApplyCommand>();
  /** Mails that another command, or another holder, may have moved already. */
  readonly #doubted = new Set<number>();

  /** Resolves when the command may be acknowledged. `redelivered`: another holder may have carried it out. */
  push(command: ApplyCommand, redelivered = false): Promise<void> {
    if (redelivered) this.#tried.add(command);
    return this.#add(command, false);
  }

  /** As {@link push}, of a command that lies in no stream: nobody delivers it again. */
  give(command: ApplyCommand): Promise<void> {
    return this.#add(command, true);
  }

  #add(command: ApplyCommand, isGiven: boolean): Promise<void> {
    if (command.decisions.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) =>
      this.#waiting.push({ command, isGiven, since: performance.now(), resolve, reject }),
    );
  }

  /** These were published before anybody here knew of them: who decided on them is not known, nor whether it was carried out. */
  doubt(uids: readonly number[]): void {
    for (const uid of uids) this.#doubted.add(uid);
  }

  get mails(): number {
    return this.#waiting.reduce((sum, { command }) => sum + command.decisions.length, 0);
  }

  /** Those from the stream: of these no more than so many are delivered before some are acknowledged. */
  get commands(): number {
    return this.#waiting.reduce((sum, { isGiven }) => sum + (isGiven ? 0 : 1), 0);
  }

  /** How long the oldest has waited, ms; 0 when nothing waits. */
  get waitedMs(): number {
    const oldest = this.#waiting[0];
    return oldest === undefined ? 0 : performance.now() - oldest.since;
  }

  /** Commands for another UIDVALIDITY are void (design.md): acknowledged, never executed. Returns how many. */
  dropStale(uidValidity: number): number {
    const stale = this.#waiting.filter(({ command }) => command.folder.uidValidity !== uidValidity);
    this.#waiting = this.#waiting.filter(({ command }) => command.folder.uidValidity === uidValidity);
    for (const { resolve } of stale) resolve();
    return stale.length;
  }

  /** All that waits, up to `maxMails`; of two decisions on one mail the first counts. `retried` tells whether a part of it was tried before. */
  take(maxMails: number): CommandGroup & { readonly retried: boolean } {
    const taken: Waiting[] = [];
    let mails = 0;
    while (
      this.#waiting[0] !== undefined &&
      (mails === 0 || mails + this.#waiting[0].command.decisions.length <= maxMails)
    ) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      taken.push(next);
      mails += next.command.decisions.length;
    }
    const retried = taken.some(
      ({ command }) => this.#tried.has(command) || command.decisions.some(({ uid }) => this.#doubted.has(uid)),
    );
    for (const { command } of taken) this.#tried.add(command);
    return {
      retried,
      decisions: merge(taken),
      settle: (retry) => {
        for (const { command, resolve, reject } of taken) {
          if (retry !== undefined && command.decisions.some(({ uid }) => retry.has(uid))) {
            this.doubt(command.decisions.map(({ uid }) => uid));
            reject(new RetryLater("the mail server is in passing trouble", { afterMs: 5_000, code: "server-trouble" }));
          } else {
            for (const { uid } of command.decisions) this.#doubted.delete(uid);
            resolve();
          }
        }
      },
      putBack: () => this.#waiting.unshift(...taken),
    };
  }

  /** The account is parked or its server is down: the commands are acknowledged, the mails are derived again from INBOX. */
  hold(): number {
    const held = this.#waiting;
    this.#waiting = [];
    for (const { command, resolve } of held) {
      this.#doubtTried(command);
      resolve();
    }
    return held.length;
  }

  /** The connection is gone: what was given waits in the stream for the next one. */
  handBack(): void {
    const given = this.#waiting.filter(({ isGiven }) => isGiven);
    this.#waiting = this.#waiting.filter(({ isGiven }) => !isGiven);
    for (const { command, reject } of given) {
      this.#doubtTried(command);
      reject(new RetryLater("the connection to the mail server was lost", { afterMs: 0, code: "not-connected" }));
    }
  }

  /** What comes of these mails next comes as if it were new. */
  #doubtTried(command: ApplyCommand): void {
    if (this.#tried.has(command)) this.doubt(command.decisions.map(({ uid }) => uid));
  }

  /** The partition is another instance's now: everything goes back at once. */
  giveUp(): void {
    const left = this.#waiting;
    this.#waiting = [];
    for (const { reject } of left)
      reject(new RetryLater("another instance has this account now", { afterMs: 0, code: "lease-lost" }));
  }
}

function merge(taken: readonly Waiting[]): readonly QueuedDecision[] {
  const byUid = new Map<number, QueuedDecision>();
  for (const { command } of taken) {
    for (const decision of command.decisions) {
      if (byUid.has(decision.uid)) continue;
      byUid.set(decision.uid, { ...decision, observed: command.mode === "observe", sortId: command.sortId });
    }
  }
  return [...byUid.values()];
}
