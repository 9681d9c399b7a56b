import { Rounds } from "@tamis/store";
import { retryAt } from "../retry-at.ts";
import type { Lookups, Question } from "../tables/lookups.ts";
import { type Arrival, canBeAsked } from "./ask-program.ts";
import type { LookupSettings } from "./config.ts";

export interface InquirerOptions {
  readonly lookups: Lookups;
  readonly settings: Pick<LookupSettings, "after_ms" | "timeout_ms" | "resend">;
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Arrival>;
  readonly now: () => Date;
  readonly log: {
    info(fields: Readonly<Record<string, unknown>>, event: string): void;
    warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  };
  /** Something came to its last word, or is to be sent again. */
  readonly onRuled: () => void;
}

/** Asked for at once. */
const AT_ONCE = 4;
/** An instance that is gone is not waited for longer than its search and its program may take, and this, ms. */
const MARGIN_MS = 30_000;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Asks whether those mails arrived of which nobody knows: what did is accepted, what surely did not is sent again where that is wished. */
export class Inquirer extends Rounds {
  readonly #options: InquirerOptions;
  readonly #stopping = new AbortController();

  constructor(options: InquirerOptions) {
    super({
      round: () => this.#round(),
      onFailed: (err) => options.log.warn({ err }, "lookup-failed"),
    });
    this.#options = options;
  }

  /** What is asked for at this moment is asked again by whoever comes next. */
  override stop(): Promise<void> {
    this.#stopping.abort();
    return super.stop();
  }

  async #round(): Promise<boolean> {
    const { lookups, settings, now } = this.#options;
    const time = now().getTime();
    const questions = await lookups.take({
      limit: AT_ONCE,
      before: new Date(time - settings.after_ms),
      until: new Date(time + 2 * settings.timeout_ms + MARGIN_MS),
      now: now(),
    });
    await Promise.all(questions.map((question) => this.#ask(question)));
    return questions.length === AT_ONCE;
  }

  async #ask(question: Question): Promise<void> {
    const { lookups, settings, ask, now, log, onRuled } = this.#options;
    const { recipientId: id, messageId, attempts } = question;
    const arrival = canBeAsked(messageId) ? await ask(question, this.#stopping.signal) : "unclear";
    const pauses = { firstMs: Math.min(FIRST_PAUSE_MS, settings.after_ms), maxMs: LONGEST_PAUSE_MS };
    const nextAt = retryAt(attempts, pauses, now());
    const ruled = await lookups.rule(question, { arrival, resend: settings.resend, nextAt, now: now() });
    log.info({ id, arrival, ruled, attempts }, "looked-up");
    if (ruled === "accepted" || ruled === "deferred") onRuled();
  }
}
