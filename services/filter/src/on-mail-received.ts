import { setImmediate } from "node:timers/promises";
import type { Tracer } from "@opentelemetry/api";
import { type Delivery, type Publication, Reject, RetryLater } from "@tamis/bus";
import {
  type BatchedMail,
  type Decision,
  decodeMailBatch,
  encodeMailBatch,
  formatMailId,
  headerNames,
  type MailBatch,
  type MailDecided,
  partitionOf,
  subjects,
} from "@tamis/contracts";
import { type BatchContext, type DecideDeps, decide, type Verdict } from "./decide.ts";
import type { DecideMeter } from "./decide-meter.ts";
import { beginDecide } from "./mail-span.ts";
import { ACCOUNT_REFUSED } from "./needs.ts";
import { decidedFacts, encodeApplyCommands } from "./outgoing.ts";
import type { Scripts } from "./scripts.ts";

type LogCall = (fields: Readonly<Record<string, unknown>>, event: string) => void;

/** What the handler needs of the world. */
export interface FilterDeps extends DecideDeps {
  readonly scripts: Pick<Scripts, "of">;
  readonly publish: (publication: Publication) => Promise<unknown>;
  readonly publishDecided: (p: number, fact: MailDecided, id: string) => Promise<void>;
  readonly tracer: Tracer;
  readonly meter: DecideMeter;
  readonly log: { readonly info: LogCall; readonly error: LogCall };
  /** Epoch ms, fractions allowed. */
  readonly now: () => number;
}

export type ReceivedMail = Pick<Delivery, "subject" | "payload" | "seq" | "storedAt">;

/** While an account cannot be asked, its mail waits in the stream for so long; then it is left to INBOX, whence `mailbox` publishes it again. */
const HOLD_AFTER_MS = 60_000;
/** A run may take long: the connection's own timers must not starve meanwhile. */
const YIELD_AFTER_MS = 20;

/**
 * `mail.received`: one batch in; one command and one fact out. Idempotent: a redelivery has the same stream sequence, so it
 * publishes under the same ids; another publication of the same mails has another.
 */
export async function onMailReceived(delivery: ReceivedMail, deps: FilterDeps): Promise<void> {
  const receivedAt = deps.now();
  const batch = decodeOrReject(delivery.payload);
  const p = partitionOf(batch.head.accountId);
  try {
    const script = await deps.scripts.of(batch.head.accountId, batch.head.server);
    const context = {
      head: batch.head,
      script,
      now: Math.floor(receivedAt),
      mailboxExists: new Map<string, boolean>(),
    };
    const results = await decideAll(batch, { context, receivedAt }, deps);
    const id = `${batchId(batch)}/apply/${delivery.seq}`;
    const commands = encodeApplyCommands(batch.head, script, results.decisions).map((payload, part) =>
      deps.publish({
        subject: subjects.mailboxApply(p),
        payload,
        id: numbered(id, part),
        headers: routing(batch, p),
        traceparent: loneTrace(results.decisions),
      }),
    );
    const factId = `${batchId(batch)}/decided/${delivery.seq}`;
    const facts = decidedFacts(batch.head, script, results.decided).map((fact, part) =>
      deps.publishDecided(p, fact, numbered(factId, part)),
    );
    const alone = results.failed.map((mail) => deps.publish(aloneAgain(mail, batch, delivery)));
    await Promise.all([...commands, ...facts, ...alone]);
  } catch (error) {
    if (!isToBeHeld(error, batch, delivery, deps.now())) throw error;
    deps.log.info({ accountId: batch.head.accountId, mails: batch.mails.length }, "batch-held");
  }
}

function decodeOrReject(payload: Uint8Array): MailBatch {
  try {
    const batch = decodeMailBatch(payload);
    if (batch.mails.length > 0) return batch;
  } catch (cause) {
    throw new Reject("the message is no batch of mail", { code: "bad-batch", cause });
  }
  throw new Reject("the batch holds no mail", { code: "bad-batch" });
}

interface Results {
  readonly decisions: Decision[];
  readonly decided: MailDecided["mails"][number][];
  /** Mails that alone make the code fail: published again as batches of one, so that they do not hold up the others. */
  readonly failed: BatchedMail[];
}

async function decideAll(
  batch: MailBatch,
  run: { readonly context: BatchContext; readonly receivedAt: number },
  deps: FilterDeps,
): Promise<Results> {
  const results: Results = { decisions: [], decided: [], failed: [] };
  let yieldedAt = deps.now();
  for (const mail of batch.mails) {
    if (deps.now() - yieldedAt > YIELD_AFTER_MS) {
      await setImmediate();
      yieldedAt = deps.now();
    }
    try {
      await decideOne(mail, run, { results, deps });
    } catch (error) {
      if (error instanceof RetryLater || batch.mails.length === 1) throw error;
      deps.log.error({ mailId: mailIdOf(mail, batch), err: error }, "mail-failed");
      results.failed.push(mail);
    }
  }
  return results;
}

async function decideOne(
  mail: BatchedMail,
  run: { readonly context: BatchContext; readonly receivedAt: number },
  { results, deps }: { readonly results: Results; readonly deps: FilterDeps },
): Promise<void> {
  const { meta } = mail;
  const startedAt = deps.now();
  const span = beginDecide(deps.tracer, meta.traceparent, startedAt);
  const verdict = await decide(mail, run.context, deps);
  const decidedAt = deps.now();
  const mailId = mailIdOf(mail, run.context);
  span.end({ "tamis.mail.id": mailId, "tamis.decision": verdict.plan.destination.kind }, decidedAt);
  deps.meter.decided(verdict.plan.destination.kind, {
    seconds: (decidedAt - startedAt) / 1000,
    failed: verdict.error !== undefined,
  });
  const traced = span.traceparent === undefined ? {} : { traceparent: span.traceparent };
  const times = {
    seenAt: meta.seenAt,
    fetchedAt: meta.fetchedAt,
    receivedByFilterAt: short(run.receivedAt),
    decidedAt: short(decidedAt),
  };
  results.decisions.push({
    uid: meta.uid,
    internalDate: meta.internalDate,
    fingerprint: meta.fingerprint,
    plan: verdict.plan,
    ...traced,
    times,
  });
  results.decided.push({
    mailId,
    at: short(decidedAt),
    ...verdict,
    durationMs: short(decidedAt - startedAt),
    ...traced,
  } satisfies Verdict & MailDecided["mails"][number]);
}

/** A hundredth of a millisecond is enough. */
const short = (ms: number): number => Math.round(ms * 100) / 100;
const numbered = (id: string, part: number): string => (part === 0 ? id : `${id}/${part + 1}`);

function mailIdOf(mail: BatchedMail, { head }: Pick<MailBatch, "head">): string {
  return formatMailId({
    accountId: head.accountId,
    folderId: head.folder.id,
    uidValidity: head.folder.uidValidity,
    uid: mail.meta.uid,
  });
}

function batchId({ head, mails }: MailBatch): string {
  const uids = `${mails[0]?.meta.uid}-${mails.at(-1)?.meta.uid}`;
  return `${head.accountId}/${head.folder.id}/${head.folder.uidValidity}/${uids}`;
}

function routing(batch: MailBatch, p: number): Readonly<Record<string, string>> {
  return { [headerNames.account]: batch.head.accountId, [headerNames.partition]: String(p) };
}

/** A batch of one belongs to one trace; a larger one to many. */
const loneTrace = (decisions: readonly Decision[]): string | undefined =>
  decisions.length === 1 ? decisions[0]?.traceparent : undefined;

function aloneAgain(mail: BatchedMail, batch: MailBatch, delivery: ReceivedMail): Publication {
  return {
    subject: delivery.subject,
    payload: encodeMailBatch({ head: batch.head, mails: [mail] }),
    id: `${mailIdOf(mail, batch)}/received/alone/${delivery.seq}`,
    headers: routing(batch, partitionOf(batch.head.accountId)),
    traceparent: mail.meta.traceparent,
  };
}

function isToBeHeld(error: unknown, batch: MailBatch, delivery: ReceivedMail, now: number): boolean {
  const isRefused = error instanceof RetryLater && error.code === ACCOUNT_REFUSED;
  return isRefused && batch.head.purpose !== "sort" && now - delivery.storedAt > HOLD_AFTER_MS;
}
