import { randomUUID } from "node:crypto";
import { type Answer, type Responder, RetryLater } from "@tamis/bus";
import { decideAnswers, headerNames } from "@tamis/contracts";
import { type FilterDeps, onMailReceived, type ReceivedMail } from "./on-mail-received.ts";

/** Answers `mail.decide`. */
export interface MailAsked {
  readonly respond: Responder;
  /** Resolves when everything that was begun is answered. */
  readonly idle: () => Promise<void>;
}

const EMPTY = new Uint8Array();
const answer = (status: string): Answer => ({ payload: EMPTY, headers: { [headerNames.status]: status } });

/**
 * Decides on batches whose sender waits. Commands go to it ahead of the answer, where it takes parts, else into APPLY. `decided` is the
 * answer when everything else that comes of the batch is durable, exactly as for one from the stream; `busy` and `later`: the sender is to put it into the stream, since `atOnce` are in hand, or something is away, or its rules may
 * take long. Any other failure is answered as such, for the same end: the stream has patience, and parks.
 */
export function mailAsked(deps: FilterDeps, atOnce: number): MailAsked {
  const inHand = new Set<Promise<Answer>>();
  const decide = async (payload: Uint8Array, giveCommand: ReceivedMail["giveCommand"]): Promise<Answer> => {
    try {
      const seq = `asked-${randomUUID()}`;
      await onMailReceived({ payload, seq, storedAt: deps.now(), isAwaited: true, giveCommand }, deps);
      return answer(decideAnswers.decided);
    } catch (error) {
      if (error instanceof RetryLater) return answer(decideAnswers.later);
      throw error;
    }
  };
  return {
    respond: async ({ payload }, sendPart) => {
      if (inHand.size >= atOnce) return answer(decideAnswers.busy);
      const deciding = decide(payload, sendPart);
      inHand.add(deciding);
      try {
        return await deciding;
      } finally {
        inHand.delete(deciding);
      }
    },
    idle: async () => void (await Promise.allSettled(inHand)),
  };
}
