import { randomUUID } from "node:crypto";
import { Rounds } from "@tamis/store";
import type { ComposedReport, DueReport, OwedReports } from "../tables/reports.ts";
import { isReportable } from "../tables/reports.ts";
import type { Language } from "../texts.ts";
import { composeDsn, isWanted, returnsAll } from "./dsn.ts";

export interface ReporterOptions {
  readonly reports: OwedReports;
  readonly name: string;
  readonly relay: string;
  /** Of an author. */
  readonly languageOf: (accountId: string) => Language;
  readonly now: () => Date;
  /** How long a report is tried, ms. */
  readonly lifeMs: number;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
  /** Reports were stored, and may leave. */
  readonly onStored: () => void;
}

const AT_ONCE = 100;

/** Tells authors what became of what they submitted, where the answer to DATA could not. */
export class Reporter extends Rounds {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    super({
      round: () => this.#round(),
      onFailed: (err) => options.log.warn({ err }, "reports-not-made"),
    });
    this.#options = options;
  }

  async #round(): Promise<boolean> {
    const { reports, now, onStored } = this.#options;
    let stored = 0;
    const count = await reports.settle(AT_ONCE, now(), async (due) => {
      const composed = await composedOf(due, this.#options);
      if (composed !== null) stored++;
      return composed;
    });
    if (stored > 0) onStored();
    return count === AT_ONCE;
  }
}

/** RFC 3464 §2: nobody is told of a mail from <>. */
async function composedOf(due: DueReport, options: ReporterOptions): Promise<ComposedReport | null> {
  const { from, dsn, storedAt, messageId } = due;
  const recipients = due.recipients.flatMap((recipient) => {
    const { state, changedAt } = recipient;
    const reported = isReportable(state) ? { ...recipient, state, at: changedAt } : null;
    return reported !== null && isWanted(reported, dsn) ? [reported] : [];
  });
  if (from === null || recipients.length === 0) return null;
  const octets = (await due.octets(returnsAll(recipients, dsn))) ?? new Uint8Array();
  const { name, relay, languageOf, now, lifeMs } = options;
  const language = languageOf(due.accountId);
  const id = randomUUID();
  const mail = { author: from, messageId, handedOverAt: storedAt, dsn, octets };
  return {
    to: from,
    messageId: `<${id}@${name}>`,
    octets: composeDsn(mail, recipients, { name, relay, language, now: now(), id }),
    expiresAt: new Date(now().getTime() + lifeMs),
  };
}
