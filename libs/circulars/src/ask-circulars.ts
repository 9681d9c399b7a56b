import { type Bus, RetryLater } from "@tamis/bus";
import { type CircularAnswer, type CircularAsk, circularAnswer, subjects } from "@tamis/contracts";

/** What of the bus a question takes. */
export type Asker = Pick<Bus, "request">;

/** An answer of this kind, or a refusal. */
export type Answered<Kind extends CircularAnswer["kind"]> = Extract<
  CircularAnswer,
  { readonly kind: Kind } | { readonly kind: "refused" }
>;

const TIMEOUT_MS = 30_000;

/**
 * Asks one instance of `outbox`, and expects this kind of answer, or a refusal. {@link RetryLater} `unreachable` where nobody answers, `failed`
 * where it answers that it failed, or something else.
 */
export async function askCirculars<Kind extends CircularAnswer["kind"]>(
  bus: Asker,
  question: CircularAsk,
  kind: Kind,
  timeoutMs = TIMEOUT_MS,
): Promise<Answered<Kind>> {
  const payload = Buffer.from(JSON.stringify(question));
  const reply = await bus.request(subjects.outboxCirculars, payload, { timeoutMs });
  const answer = answerIn(reply.payload);
  if (answer.kind !== kind && answer.kind !== "refused")
    throw new RetryLater(`outbox answered ${answer.kind} instead of ${kind}`, { code: "failed" });
  // Proof: the line before.
  return answer as Answered<Kind>;
}

function answerIn(payload: Uint8Array): CircularAnswer {
  try {
    return circularAnswer.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch (cause) {
    throw new RetryLater("outbox gave an answer that is none", { code: "failed", cause });
  }
}
