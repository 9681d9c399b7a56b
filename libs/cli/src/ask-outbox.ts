import type { Bus } from "@tamis/bus";
import { type OutboxAnswer, type OutboxAsk, outboxAnswer, subjects } from "@tamis/contracts";
import { askInstance } from "./ask-instance.ts";
import type { Surroundings } from "./surroundings.ts";

/** Asks one instance of `outbox`. A refusal is an answer; nobody there is a {@link CommandFailure} with exit code 3. */
export async function askOutbox(bus: Bus, question: OutboxAsk, io: Surroundings): Promise<OutboxAnswer> {
  const texts = { failed: "outbox.failed", unanswered: "outbox.unanswered" } as const;
  return outboxAnswer.parse(await askInstance(bus, { subject: subjects.outboxAsk, question, texts }, io));
}
