import { RetryLater } from "@tamis/bus";
import type { BatchedMail, ReportAnswer, ReportSeen } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import type { BatchContext, Decided } from "./decide.ts";
import type { MailboxAsker } from "./needs.ts";
import { quietBecause } from "./quiet.ts";
import { isSentToToken, reportIn } from "./report-in.ts";
import { SendingDelayed } from "./sender.ts";

/** What becomes of reports in the mail of all accounts. */
export interface Reports {
  /** Asks `receipts`; resolves once it has committed. The same report may be given again as often as it takes. */
  readonly handOver: (report: ReportSeen) => Promise<ReportAnswer>;
  /** Where those about what was sent from here are filed; null: they stay. */
  readonly folder: string | null;
  /** `receipts` does not know what it was given: something that only an operator can mend. */
  readonly onRefused: (fields: { readonly reason: string }) => void;
}

export interface ReportDeps {
  readonly reports: Reports;
  readonly asker: Pick<MailboxAsker, "wholeMail">;
}

const NOTHING = new Uint8Array();

/**
 * Hands over what the mail says as a report, and files it out of the way where it is surely about something that was sent from here and no
 * rule decided on it. Throws {@link SendingDelayed} while it cannot be handed over.
 */
export async function withReport(
  decided: Decided,
  { mail, batch }: { readonly mail: BatchedMail; readonly batch: BatchContext },
  { reports, asker }: ReportDeps,
): Promise<Decided> {
  const { head } = batch;
  if (quietBecause(head) !== null || head.purpose === "event") return decided;
  try {
    const begin = mail.meta.omission === undefined ? mail.raw : NOTHING;
    const report = await reportIn({
      head,
      mail,
      wholeMail: (most) => asker.wholeMail(head, mail.meta.uid, begin, most),
    });
    if (report === null) return decided;
    const answer = await reports.handOver(report);
    if (answer.kind === "refused") reports.onRefused({ reason: answer.reason });
    if (answer.kind !== "noted" || answer.match !== "ours") return decided;
    return answer.stays === true || isItsAuthors(report, mail) ? decided : filedAway(decided, reports.folder);
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    throw new SendingDelayed(error.message, { afterMs: error.afterMs, code: error.code, cause: error });
  }
}

/** A bounce that came to the author of an ordinary mail himself: he waits for it, whatever else is known by it. */
function isItsAuthors(report: ReportSeen, { raw, meta }: BatchedMail): boolean {
  return report.kind === "dsn" && !isSentToToken(readMessage(raw, { size: meta.size, complete: false }));
}

/** What a rule decided on, a `keep` included, stays as it was decided. */
function filedAway(decided: Decided, folder: string | null): Decided {
  const { plan, error, rule, line } = decided;
  const isKeptByDefault = rule === undefined && line === undefined && error === undefined;
  if (folder === null || !isKeptByDefault || plan.destination.kind !== "stay") return decided;
  const { kind: _, ...change } = plan.destination;
  return {
    ...decided,
    plan: { copies: plan.copies, destination: { kind: "folder", mailbox: folder, create: true, ...change } },
    layer: "after",
    rule: "receipts",
  };
}
