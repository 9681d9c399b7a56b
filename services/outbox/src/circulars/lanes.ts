import type { ClaimedRecipient, StartedCircular } from "../tables/circular-work.ts";
import { SHORT_MAIL } from "./octets-under-way.ts";

/** What the mails of one circular are like. */
export interface MailShape {
  /** Recipients that may share one. */
  readonly perMail: number;
  /** How long one is, about. */
  readonly octets: number;
}

interface Laned {
  readonly circular: StartedCircular;
  readonly shape: MailShape;
}

/** Recipients of one circular that wait for a connection. */
interface Lane extends Laned {
  /** `notBefore`: epoch ms. */
  readonly waiting: { readonly recipient: ClaimedRecipient; readonly notBefore: number }[];
}

/** One mail's worth of recipients, claimed together: they begin under one lease, or none of them does. */
export interface Parcel {
  readonly circular: StartedCircular;
  readonly recipients: readonly ClaimedRecipient[];
  readonly octets: number;
}

/** What is claimed and not yet under way: each circular has its lane, and they take turns, so that a small one never waits behind a large one. */
export class Lanes {
  /** In the order of their turns. */
  #lanes: Lane[] = [];

  /** How many of a circular wait. */
  waiting(circularId: number): number {
    return this.#of(circularId)?.waiting.length ?? 0;
  }

  /** Recipients that were claimed now. */
  add({ circular, shape }: Laned, claimed: readonly ClaimedRecipient[], now: number): void {
    let lane = this.#of(circular.id);
    if (lane === undefined) {
      lane = { circular, shape, waiting: [] };
      this.#lanes.push(lane);
    }
    lane.waiting.push(...claimed.map((recipient) => ({ recipient, notBefore: now + recipient.waitMs })));
  }

  /**
   * The next mail that may leave now, of the circular whose turn it is; null where none may. One that there is no room for keeps its turn: short mails
   * go before it, other long ones do not, since there might never be room for it then.
   */
  take(now: number, hasRoomFor: (octets: number) => boolean): Parcel | null {
    let longest = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes) {
      const { perMail, octets } = lane.shape;
      const first = lane.waiting.findIndex(({ notBefore }) => notBefore <= now);
      if (first === -1 || octets > longest) continue;
      if (!hasRoomFor(octets)) {
        longest = SHORT_MAIL;
        continue;
      }
      const lease = lane.waiting[first]?.recipient.lease;
      const ready = lane.waiting
        .slice(first, first + perMail)
        .findIndex(({ notBefore, recipient }) => notBefore > now || recipient.lease !== lease);
      const taken = lane.waiting.splice(first, ready === -1 ? perMail : ready);
      this.#lanes = [...this.#lanes.filter((other) => other !== lane), ...(lane.waiting.length > 0 ? [lane] : [])];
      return { circular: lane.circular, recipients: taken.map(({ recipient }) => recipient), octets };
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
