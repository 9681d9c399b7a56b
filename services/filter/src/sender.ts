import { createHash } from "node:crypto";
import { type Bus, RetryLater } from "@tamis/bus";
import {
  encodeSubmission,
  type SubmissionAnswer,
  type SubmissionHead,
  subjects,
  submissionAnswer,
} from "@tamis/contracts";
import { readJson } from "./json.ts";

/** A submission without what describes its bodies. */
export type SubmittedHead = Omit<SubmissionHead, "bodies">;

/**
 * Asks `outbox` to send; resolves once it has committed. The same submission may be given again as often as it takes.
 * Throws `RetryLater` while nobody answers: nothing is known then.
 */
export type Submit = (head: SubmittedHead, bodies: readonly Uint8Array[]) => Promise<SubmissionAnswer>;

/** What was to leave could not be handed over yet; the mail waits, and nothing but this mail. */
export class SendingDelayed extends RetryLater {}

/** How long nobody is asked after a submission that was not answered. */
const PAUSE_MS = 2_000;

/**
 * Who did not answer is asked again by one mail at a time, now and then: an `outbox` that hangs must not take all the places in which
 * mail is decided on, since all mail that sends nothing goes on meanwhile.
 */
export function carefully(submit: Submit, clock: () => number): Submit {
  let failedAt: number | null = null;
  let isAsking = false;
  return async (head, bodies) => {
    const isAway = failedAt !== null;
    if (failedAt !== null && (isAsking || clock() - failedAt < PAUSE_MS))
      throw new RetryLater("outbox did not answer a moment ago", { code: "unreachable", afterMs: PAUSE_MS });
    if (isAway) isAsking = true;
    try {
      const answer = await submit(head, bodies);
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

/** Hands a submission over by request and reply. */
export function submitter(bus: Pick<Bus, "request">, timeoutMs: number): Submit {
  return async (head, bodies) => {
    const described = bodies.map((body) => ({
      size: body.length,
      sha256: createHash("sha256").update(body).digest("hex"),
    }));
    const frame = encodeSubmission({ head: { ...head, bodies: described }, inline: bodies });
    const reply = await bus.request(subjects.outboxSubmit, frame, { timeoutMs });
    const answer = submissionAnswer.safeParse(readJson(reply.payload));
    if (answer.success) return answer.data;
    throw new RetryLater("outbox gave an answer that is none", { code: "failed", cause: answer.error });
  };
}
