import type { ClaimedRecipient, StartedCircular } from "../tables/circular-work.ts";

/** Recipients of one circular that wait for a connection. */
interface Lane {
  readonly circular: StartedCircular;
  /** Recipients that may share one mail. */
  readonly perMail: number;
  readonly waiting: { readonly recipient: ClaimedRecipient; readonly notBefore: number }[];
}

/** One mail's worth of recipients, claimed together: they begin under one lease, or none of them does. */
export interface Parcel {
  readonly circular: StartedCircular;
  readonly recipients: readonly ClaimedRecipient[];
}

/** What is claimed and not yet under way: each circular has its lane, and they take turns, so that a small one never waits behind a large one. */
export class Lanes {
  /** In the order of their turns. */
  #lanes: Lane[] = [];

  /** How many of a circular wait. */
  waiting(circularId: number): number {
    return this.#of(circularId)?.waiting.length ?? 0;
  }

  add(
    circular: StartedCircular,
    perMail: number,
    waiting: readonly { readonly recipient: ClaimedRecipient; readonly notBefore: number }[],
  ): void {
    let lane = this.#of(circular.id);
    if (lane === undefined) {
      lane = { circular, perMail, waiting: [] };
      this.#lanes.push(lane);
    }
    lane.waiting.push(...waiting);
  }

  /** The next mail that may leave now, of the circular whose turn it is; null where none may. */
  take(now: number): Parcel | null {
    for (const lane of this.#lanes) {
      const first = lane.waiting.findIndex(({ notBefore }) => notBefore <= now);
      if (first === -1) continue;
      const lease = lane.waiting[first]?.recipient.lease;
      const ready = lane.waiting
        .slice(first, first + lane.perMail)
        .findIndex(({ notBefore, recipient }) => notBefore > now || recipient.lease !== lease);
      const taken = lane.waiting.splice(first, ready === -1 ? lane.perMail : ready);
      this.#lanes = [...this.#lanes.filter((other) => other !== lane), ...(lane.waiting.length > 0 ? [lane] : [])];
      return { circular: lane.circular, recipients: taken.map(({ recipient }) => recipient) };
    }
    return null;
  }

  /** When the next one may leave, epoch ms; null where none waits. */
  get nextAt(): number | null {
    const times = this.#lanes.flatMap(({ waiting }) => waiting.map(({ notBefore }) => notBefore));
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Takes out those whose circular is not among these. */
  takeOthers(circularIds: ReadonlySet<number>): readonly ClaimedRecipient[] {
    const isKept = ({ circular }: Lane): boolean => circularIds.has(circular.id);
    const out = this.#lanes.filter((lane) => !isKept(lane));
    this.#lanes = this.#lanes.filter(isKept);
    return out.flatMap(({ waiting }) => waiting.map(({ recipient }) => recipient));
  }

  #of(circularId: number): Lane | undefined {
    return this.#lanes.find(({ circular }) => circular.id === circularId);
  }
}
