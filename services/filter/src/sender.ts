import { RetryLater, type SubmittedHead } from "@tamis/bus";
import type { SubmissionAnswer } from "@tamis/contracts";

/**
 * Asks `outbox` to send; resolves once it has committed. The same submission may be given again as often as it takes.
 * Throws `RetryLater` while nobody answers: nothing is known then.
 */
export type Submit = (head: SubmittedHead, bodies: readonly Uint8Array[]) => Promise<SubmissionAnswer>;

/** What was to leave could not be handed over yet; the mail waits, and nothing but this mail. */
export class SendingDelayed extends RetryLater {}

/** How long nobody is asked after a question that was not answered. */
const PAUSE_MS = 2_000;

/**
 * Who did not answer is asked again by one mail at a time, now and then: an `outbox` that hangs must not take all the places in which
 * mail is decided on, since all mail that sends nothing goes on meanwhile.
 */
export function carefully<Given extends readonly unknown[], Answer>(
  ask: (...given: Given) => Promise<Answer>,
  clock: () => number,
): (...given: Given) => Promise<Answer> {
  let failedAt: number | null = null;
  let isAsking = false;
  return async (...given) => {
    const isAway = failedAt !== null;
    if (failedAt !== null && (isAsking || clock() - failedAt < PAUSE_MS))
      throw new RetryLater("who is asked did not answer a moment ago", { code: "unreachable", afterMs: PAUSE_MS });
    if (isAway) isAsking = true;
    try {
      const answer = await ask(...given);
      failedAt = null;
      return answer;
    } catch (error) {
      if (error instanceof RetryLater) failedAt = clock();
      throw error;
    } finally {
      if (isAway) isAsking = false;
    }
  };
}
