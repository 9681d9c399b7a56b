import { type Bus, RetryLater } from "@tamis/bus";
import { type ReceiptState, type ReceiptsAsk, receiptsAnswer, subjects } from "@tamis/contracts";
import type { Reminder, Reminders } from "../tables/reminders.ts";
import type { Language } from "../texts.ts";
import { tellOf } from "./circular-texts.ts";

export interface SpareDeps {
  readonly reminders: Reminders;
  /** Who needs no reminder any more, page by page. Throws `RetryLater` while that is not known. */
  readonly answered: (reminder: Reminder) => AsyncIterable<readonly string[]>;
  readonly language: Language;
  readonly now: () => Date;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
}

/** Takes out of reminders, before they leave and while they do, who answered meanwhile. While that is not known they wait. */
export async function spareAnswered({ reminders, answered, language, now, log }: SpareDeps): Promise<void> {
  const reply = tellOf("answered", language);
  for (const reminder of await reminders.due(now())) {
    const { id } = reminder;
    const at = now();
    let spared = 0;
    try {
      for await (const addresses of answered(reminder))
        spared += await reminders.spare(id, { addresses, reply }, now());
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      log.warn({ circularId: id, code: error.code }, "reminder-waits");
      return;
    }
    await reminders.looked(id, at);
    if (spared > 0) log.info({ circularId: id, recipients: spared }, "reminder-spared");
  }
}

/** As `tamis circular remind` leaves them out: whom it would not reach, and who read it. */
const NEEDS_NONE = ["failed", "displayed"] as const satisfies readonly ReceiptState[];
const PAGE = 1_000;
const ANSWER_MS = 10_000;

/** Asks `receipts`; where it may not show the owner that, nobody is left out. */
export async function* answeredBy(
  bus: Pick<Bus, "request">,
  { accountId, reminds }: Reminder,
): AsyncGenerator<readonly string[]> {
  const about = { op: "list", accountId, as: "owner", language: "en", circularId: String(reminds) } as const;
  for (let after: string | null = "0"; after !== null; ) {
    const ask: ReceiptsAsk = { ...about, states: NEEDS_NONE, limit: PAGE, after };
    const payload = Buffer.from(JSON.stringify(ask));
    const reply = await bus.request(subjects.receiptsAsk, payload, { timeoutMs: ANSWER_MS });
    const answer = receiptsAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
    if (answer.kind !== "listed") return;
    yield answer.receipts.flatMap(({ address }) => address ?? []);
    after = answer.next;
  }
}
