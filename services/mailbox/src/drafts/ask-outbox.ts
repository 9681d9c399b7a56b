import { type Bus, RetryLater } from "@tamis/bus";
import { type DraftsAnswer, type DraftsAsk, draftsAnswer, subjects } from "@tamis/contracts";

/** An answer comes after a commit; the account's connection waits for it, ms. */
const ANSWER_MS = 10_000;

/** Asks `outbox` about drafts. Throws {@link RetryLater} while nobody answers; the same may be asked again. */
export async function askOutbox(bus: Pick<Bus, "request">, ask: DraftsAsk): Promise<DraftsAnswer> {
  const reply = await bus.request(subjects.outboxDrafts, Buffer.from(JSON.stringify(ask)), { timeoutMs: ANSWER_MS });
  try {
    return draftsAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString("utf8")));
  } catch (cause) {
    throw new RetryLater("outbox gave an answer about drafts that is none", { code: "failed", cause });
  }
}
