import type { Bus, ObjectBucket } from "@tamis/bus";
import { type CopyFiled, copyFiled, type MailboxAsk, mailboxAnswer, partitionOf, subjects } from "@tamis/contracts";
import { HeldRounds } from "@tamis/store";
import { retryAt } from "./retry-at.ts";
import type { Filing, Filings } from "./tables/filings.ts";

export interface FilerOptions {
  readonly filings: Filings;
  readonly bus: Pick<Bus, "publishFact" | "request">;
  readonly objects: Pick<ObjectBucket, "put" | "delete">;
  readonly now: () => Date;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
}

const FILE_MS = 60_000;
const PAUSES = { firstMs: 2_000, maxMs: 300_000 };
/** A copy that nobody could store for so long is given up, ms. */
const GIVE_UP_MS = 3 * 24 * 3_600_000;

/**
 * Has `mailbox` store the copies of what was committed (RFC 8580), each until it is stored. A question that is asked again finds
 * the copy that is there.
 */
export class Filer extends HeldRounds<Filing> {
  readonly #options: FilerOptions;

  constructor(options: FilerOptions) {
    const { filings: queue, now, log } = options;
    super({
      queue,
      idOf: ({ id }) => id,
      accountOf: ({ accountId }) => accountId,
      carryOut: (filing, release) => this.#file(filing, release),
      failed: "filing-failed",
      now,
      log,
    });
    this.#options = options;
  }

  async #file(filing: Filing, release: () => Promise<Date>): Promise<void> {
    const { filings, now, log } = this.#options;
    const { id, accountId, mailId, attempts } = filing;
    try {
      const result = await this.#resultOf(filing);
      await this.#tell(filing, result);
      await filings.done(id);
      log.info({ accountId, mailId, result }, "copy-filed");
    } catch (err) {
      await filings.later(id, await release(), retryAt(attempts + 1, PAUSES, now()));
      log.warn({ err, accountId, mailId }, "copy-not-filed");
    }
  }

  /** Throws while it is not known. */
  async #resultOf(filing: Filing): Promise<CopyFiled["result"]> {
    const { objects, now } = this.#options;
    const { octets, sentAt } = filing;
    if (octets === null || now().getTime() - sentAt.getTime() > GIVE_UP_MS) return "given-up";
    const object = `copy-${filing.accountId}-${filing.id}`;
    await objects.put(object, octets);
    const kind = await this.#ask(filing, object);
    if (kind !== "done" && kind !== "gone") throw new Error(`mailbox did not store the copy: ${kind}`);
    // What stays there for some failure goes with its age.
    await objects.delete(object).catch(() => {});
    return kind === "done" ? "filed" : "no-mailbox";
  }

  async #ask(filing: Filing, object: string): Promise<string> {
    const { accountId, mailbox, create, specialUse, flags, messageId, sentAt } = filing;
    const ask: MailboxAsk = {
      op: "file-copy",
      accountId,
      mailbox,
      create,
      ...(specialUse === null ? {} : { specialUse }),
      flags,
      messageId,
      date: sentAt.getTime(),
      object,
    };
    const subject = subjects.mailboxAsk(partitionOf(accountId));
    const reply = await this.#options.bus.request(subject, Buffer.from(JSON.stringify(ask)), { timeoutMs: FILE_MS });
    return mailboxAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString())).kind;
  }

  async #tell({ accountId, mailId, key, mailbox }: Filing, result: CopyFiled["result"]): Promise<void> {
    const fact = { v: 1, accountId, mailId, key, mailbox, result, at: this.#options.now().getTime() } as const;
    await this.#options.bus.publishFact(copyFiled, partitionOf(accountId), fact, `${mailId}/copy/${key}`);
  }
}
