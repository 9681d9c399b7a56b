import type { Bus } from "@tamis/bus";
import { type ReceiptsAnswer, type ReceiptsAsk, receiptsAnswer, subjects } from "@tamis/contracts";
import { askInstance } from "./ask-instance.ts";
import type { Surroundings } from "./surroundings.ts";

/** Asks one instance of `receipts`. A refusal is an answer; nobody there is a {@link CommandFailure} with exit code 3. */
export async function askReceipts(bus: Bus, question: ReceiptsAsk, io: Surroundings): Promise<ReceiptsAnswer> {
  const texts = { failed: "receipts.failed", unanswered: "receipts.unanswered" } as const;
  return receiptsAnswer.parse(await askInstance(bus, { subject: subjects.receiptsAsk, question, texts }, io));
}
