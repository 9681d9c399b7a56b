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

/** For one batch: who did not answer is not asked again, so that one mail that has to wait costs the others no time. */
export function askedOnce(submit: Submit): Submit {
  let away: unknown = null;
  return async (head, bodies) => {
    if (away !== null) throw away;
    try {
      return await submit(head, bodies);
    } catch (error) {
      if (error instanceof RetryLater) away = error;
      throw error;
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
