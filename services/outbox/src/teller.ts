import type { Bus } from "@tamis/bus";
import { type MailboxAsk, mailboxAnswer, partitionOf, sendingSettled, subjects } from "@tamis/contracts";
import { HeldRounds } from "@tamis/store";
import { retryAt } from "./retry-at.ts";
import type { Telling, Untold } from "./tables/telling.ts";

export interface TellerOptions {
  readonly telling: Telling;
  readonly bus: Pick<Bus, "publishFact" | "request">;
  readonly now: () => Date;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
}

/** The keyword of a mail that is back in INBOX because what was to leave did not. */
const NOT_SENT = "$TamisNotSent";
const PUT_BACK_MS = 60_000;
const PAUSES = { firstMs: 2_000, maxMs: 300_000 };

/** Tells the last words: the fact `sending-settled`, and `mailbox` to put back what did not leave. Each until it is heard. */
export class Teller extends HeldRounds<Untold> {
  readonly #options: TellerOptions;

  constructor(options: TellerOptions) {
    const { telling: queue, now, log } = options;
    super({
      queue,
      idOf: ({ id }) => id,
      accountOf: ({ accountId }) => accountId,
      carryOut: (one, release) => this.#tell(one, release),
      failed: "telling-failed",
      now,
      log,
    });
    this.#options = options;
  }

  async #tell(one: Untold, release: () => Promise<Date>): Promise<void> {
    const { telling, now, log } = this.#options;
    try {
      if (one.isFactDue) await this.#publish(one);
      if (one.isPutBackDue) await this.#putBack(one);
    } catch (err) {
      log.warn({ err, accountId: one.accountId, mailId: one.mailId }, "not-told");
      await telling.later(one.id, await release(), retryAt(one.attempts + 1, PAUSES, now()));
    }
  }

  async #publish({ id, accountId, mailId, key, kind, word, settledAt, code, status }: Untold): Promise<void> {
    const { bus, telling } = this.#options;
    const at = settledAt.getTime();
    const reply = { ...(code === null ? {} : { code }), ...(status === null ? {} : { status }) };
    const fact = { v: 1, accountId, mailId, key, kind, state: word, ...reply, at } as const;
    await bus.publishFact(sendingSettled, partitionOf(accountId), fact, `${mailId}/sending/${key}/${word}/${at}`);
    await telling.told(id, word);
  }

  async #putBack({ id, accountId, mailId, fingerprint, internalDate }: Untold): Promise<void> {
    const { bus, telling, log } = this.#options;
    const ask: MailboxAsk = {
      op: "put-back",
      accountId,
      mailId,
      fingerprint,
      internalDate: internalDate.getTime(),
      keyword: NOT_SENT,
    };
    const payload = Buffer.from(JSON.stringify(ask));
    const reply = await bus.request(subjects.mailboxAsk(partitionOf(accountId)), payload, { timeoutMs: PUT_BACK_MS });
    const answer = mailboxAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString()));
    if (answer.kind !== "done" && answer.kind !== "gone")
      throw new Error(`mailbox did not put it back: ${answer.kind}`);
    await telling.putBack(id, answer.kind);
    log.info({ accountId, mailId, result: answer.kind }, "mail-put-back");
  }
}
