import { type Bus, RetryLater } from "@tamis/bus";
import { type OutboxAnswer, type OutboxAsk, outboxAnswer, subjects } from "@tamis/contracts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { parseJson } from "./json.ts";
import type { Surroundings } from "./surroundings.ts";

const TIMEOUT_MS = 10_000;

/** Asks one instance of `outbox`. A refusal is an answer; nobody there is a {@link CommandFailure} with exit code 3. */
export async function askOutbox(bus: Bus, question: OutboxAsk, io: Surroundings): Promise<OutboxAnswer> {
  const payload = Buffer.from(JSON.stringify(question));
  try {
    const reply = await bus.request(subjects.outboxAsk, payload, { timeoutMs: TIMEOUT_MS });
    return outboxAnswer.parse(parseJson(reply.payload));
  } catch (cause) {
    if (!(cause instanceof RetryLater)) throw cause;
    const isFailed = cause.code === "failed";
    const code = isFailed ? exitCode.failed : exitCode.unreachable;
    throw new CommandFailure(io.say(isFailed ? "outbox.failed" : "outbox.unanswered"), code, { cause });
  }
}
