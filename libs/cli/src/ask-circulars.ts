import { type Bus, RetryLater } from "@tamis/bus";
import { type CircularAnswer, type CircularAsk, circularAnswer, subjects } from "@tamis/contracts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { parseJson } from "./json.ts";
import type { Surroundings } from "./surroundings.ts";

const TIMEOUT_MS = 30_000;

type Kind = CircularAnswer["kind"];

/** Asks one instance of `outbox`, and expects this kind of answer. A refusal, or nobody there, is a {@link CommandFailure}. */
export async function askCirculars<K extends Kind>(
  { bus, io }: { readonly bus: Bus; readonly io: Surroundings },
  question: CircularAsk,
  kind: K,
): Promise<Extract<CircularAnswer, { readonly kind: K }>> {
  const answer = await ask(bus, question, io);
  if (answer.kind === "refused") throw new CommandFailure(answer.reason);
  if (answer.kind !== kind) throw new CommandFailure(io.say("outbox.failed"));
  // Proof: the line before.
  return answer as Extract<CircularAnswer, { readonly kind: K }>;
}

async function ask(bus: Bus, question: CircularAsk, io: Surroundings): Promise<CircularAnswer> {
  try {
    const payload = Buffer.from(JSON.stringify(question));
    const reply = await bus.request(subjects.outboxCirculars, payload, { timeoutMs: TIMEOUT_MS });
    return circularAnswer.parse(parseJson(reply.payload));
  } catch (cause) {
    if (!(cause instanceof RetryLater)) throw cause;
    const isFailed = cause.code === "failed";
    const code = isFailed ? exitCode.failed : exitCode.unreachable;
    throw new CommandFailure(io.say(isFailed ? "outbox.failed" : "outbox.unanswered"), code, { cause });
  }
}
