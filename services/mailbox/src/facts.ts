import { type Attributes, ROOT_CONTEXT, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { Bus } from "@tamis/bus";
import { type AppliedMail, folderIdOf, formatMailId, mailApplied, mailboxReset, partitionOf } from "@tamis/contracts";
import { fromTraceparent, isSampled } from "@tamis/kit";
import type { QueuedDecision } from "./apply-queue.ts";
import { isInbox } from "./imap/mailbox-name.ts";
import type { Outcome } from "./outcome.ts";
import { asleepUntil } from "./put-to-sleep.ts";

const INBOX = folderIdOf("INBOX");
/** JetStream messages stay well below the server's limit: so many mails in one fact. */
const MAILS_PER_FACT = 500;

/** What a fact about executions belongs to. */
export interface FactsAbout {
  readonly sortId?: string | undefined;
  readonly undoOf?: string | undefined;
}

/** Facts that wait for their acknowledgement: nothing that was done goes untold because NATS was away. */
export type UntoldFacts = { readonly sortId: string | undefined; readonly mails: readonly AppliedMail[] }[];

/** Tells what was done with a batch of mails of one account. Rejects as `Bus.publishFact`. */
export async function publishApplied(
  bus: Bus,
  accountId: string,
  { sortId, undoOf }: FactsAbout,
  mails: readonly AppliedMail[],
): Promise<void> {
  for (let i = 0; i < mails.length; i += MAILS_PER_FACT) {
    const part = mails.slice(i, i + MAILS_PER_FACT);
    const id = `${part[0]?.mailId}+${part.length}/applied/${part[0]?.appliedAt}`;
    await bus.publishFact(
      mailApplied,
      partitionOf(accountId),
      {
        v: 1,
        accountId,
        mails: part,
        ...(sortId === undefined ? {} : { sortId }),
        ...(undoOf === undefined ? {} : { undoOf }),
      },
      id,
    );
  }
}

export async function publishReset(bus: Bus, accountId: string, before: number, after: number): Promise<void> {
  const fact = { v: 1, accountId, folderId: INBOX, before, after, at: Date.now() } as const;
  await bus.publishFact(mailboxReset, partitionOf(accountId), fact, `${accountId}/reset/${before}-${after}`);
}

/** The folder that a mail was in when its plan was carried out. */
interface Place {
  readonly accountId: string;
  readonly folder: { readonly name: string; readonly uidValidity: number };
}

/** One mail's outcome as the fact tells it. `appliedAt`: epoch ms. */
export function appliedMail(
  { accountId, folder: source }: Place,
  decision: Omit<QueuedDecision, "sortId">,
  outcome: Outcome,
  appliedAt: number,
): AppliedMail {
  const { uid, times, traceparent } = decision;
  const { result, folder, reason, newUid, newUidValidity } = outcome;
  const until = result === "moved" ? asleepUntil(decision.plan) : undefined;
  return {
    mailId: formatMailId({ accountId, folderId: folderIdOf(source.name), uidValidity: source.uidValidity, uid }),
    ...(isInbox(source.name) ? {} : { from: source.name }),
    result: decision.observed ? "observed" : result === "retry" ? "failed" : result,
    folder,
    ...(newUid === undefined
      ? {}
      : {
          newMailId: formatMailId({
            accountId,
            folderId: folderIdOf(folder),
            uidValidity: newUidValidity ?? 0,
            uid: newUid,
          }),
        }),
    ...(until === undefined ? {} : { snoozedUntil: until }),
    ...(reason === undefined ? {} : { reason }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...times,
    appliedAt,
  };
}

/** The last span of a mail's trace: from the command's arrival to the server's answer. */
export function traceApply(tracer: Tracer, mail: AppliedMail, startedAt: number): void {
  if (!isSampled(mail.traceparent)) return;
  const span = tracer.startSpan(
    "mail apply",
    { startTime: startedAt },
    fromTraceparent(mail.traceparent, ROOT_CONTEXT),
  );
  if (span.isRecording()) {
    const attributes: Attributes = { "mail.id": mail.mailId, "mail.result": mail.result };
    if (mail.reason !== undefined) attributes["mail.reason"] = mail.reason;
    span.setAttributes(attributes);
    if (mail.result === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(mail.appliedAt);
}
