import { setImmediate } from "node:timers/promises";
import type { Tracer } from "@opentelemetry/api";
import { type Publication, Reject, RetryLater } from "@tamis/bus";
import {
  type BatchedMail,
  type Decision,
  decodeMailBatch,
  encodeMailBatch,
  type MailBatch,
  type MailDecided,
  partitionOf,
  subjects,
} from "@tamis/contracts";
import { readsOf } from "@tamis/sieve";
import { batchId, mailIdOf, numbered, routing } from "./batch-names.ts";
import { type BatchContext, type DecideDeps, type Decided, decide } from "./decide.ts";
import type { DecideMeter } from "./decide-meter.ts";
import type { EventRules } from "./event-rules.ts";
import { noFacts } from "./mail-facts.ts";
import { beginDecide } from "./mail-span.ts";
import { type OpenMemory, Overtaken } from "./memory.ts";
import { ACCOUNT_REFUSED } from "./needs.ts";
import type { Organisation } from "./organisation.ts";
import { decidedFacts, encodeApplyCommands, type WrittenFact } from "./outgoing.ts";
import { isStored, quietBecause } from "./quiet.ts";
import { type AskedDeps, withReadMarks, withReceiptAsked } from "./receipts-asked.ts";
import { type TellReplies, tellOfReply } from "./replies.ts";
import { type Reports, withReport } from "./reports.ts";
import { mayRunPrograms, type Rules, rulesOf } from "./rules.ts";
import type { Scripts } from "./scripts.ts";
import { SendingDelayed, type Submit } from "./sender.ts";
import { decideStored } from "./stored-mail.ts";

type LogCall = (fields: Readonly<Record<string, unknown>>, event: string) => void;

/** What the handler needs of the world. */
export interface FilterDeps extends DecideDeps {
  readonly scripts: Pick<Scripts, "of" | "draft">;
  readonly organisation: Organisation;
  readonly eventRules: EventRules;
  readonly openMemory: OpenMemory;
  /** Null: this installation sends nothing. */
  readonly submit: Submit | null;
  /** Null: nobody here awaits reports. */
  readonly reports: Reports | null;
  /** Null: nothing is sent until it is answered. */
  readonly tellReplies: TellReplies | null;
  /** Null: nobody here answers receipts that others ask for. */
  readonly publishAsked: AskedDeps["publishAsked"] | null;
  readonly publish: (publication: Publication) => Promise<unknown>;
  readonly publishDecided: (p: number, fact: WrittenFact, id: string) => Promise<void>;
  readonly tracer: Tracer;
  readonly meter: DecideMeter;
  readonly log: { readonly info: LogCall; readonly error: LogCall };
  /** Epoch ms, fractions allowed. */
  readonly now: () => number;
}

/** A batch as it came, from the stream or from who waits for its decisions. */
export interface ReceivedMail {
  readonly payload: Uint8Array;
  /** Tells it from other deliveries of the same mails; the same for a redelivery. */
  readonly seq: number | string;
  /** Epoch ms. */
  readonly storedAt: number;
  /** Who handed it over waits: rules that may take long are for the stream. */
  readonly isAwaited?: boolean;
  /** Takes the commands in place of APPLY: who handed the mails over sees to it that they are carried out. */
  readonly giveCommand?: ((command: Uint8Array) => void) | undefined;
}

/**
 * While an account cannot be asked, or `outbox` does not answer, the mail waits in the stream for so long; then it is left to INBOX, whence
 * `mailbox` publishes it again.
 */
const HOLD_AFTER_MS = 60_000;
/** A run may take long: the connection's own timers must not starve meanwhile. */
const YIELD_AFTER_MS = 20;
/** How often a batch is decided on again at once because another instance remembered something first. */
const MAX_OVERTAKEN = 8;

/**
 * `mail.received` and `mail.decide`: one batch in; one command and one fact out, after what leaves is durable with `outbox`. Idempotent:
 * a redelivery has the same stream sequence, so it publishes under the same ids; another publication of the same mails has another.
 */
export async function onMailReceived(delivery: ReceivedMail, deps: FilterDeps): Promise<void> {
  const receivedAt = deps.now();
  const batch = decodeOrReject(delivery.payload);
  try {
    const rules = await rulesOf(batch.head, deps);
    if (delivery.isAwaited === true && deps.runner !== null && mayRunPrograms(rules))
      throw new RetryLater("programs take their time", { code: "programs" });
    const results = await decideBatch(batch, { rules, receivedAt }, deps);
    await publishAll({ batch, delivery, rules, results }, deps);
  } catch (error) {
    if (!isToBeHeld(error, batch, delivery, deps.now())) throw error;
    deps.log.info({ accountId: batch.head.accountId, mails: batch.mails.length }, "batch-held");
  }
}

interface Outcome {
  readonly batch: MailBatch;
  readonly delivery: ReceivedMail;
  readonly rules: Rules;
  readonly results: Results;
}

async function publishAll({ batch, delivery, rules, results }: Outcome, deps: FilterDeps): Promise<void> {
  const p = partitionOf(batch.head.accountId);
  const { script, scripts } = rules;
  const reads = readsOf(scripts.flatMap(({ program }) => program?.uses ?? []));
  const id = `${batchId(batch)}/apply/${delivery.seq}`;
  const { giveCommand } = delivery;
  const commands = encodeApplyCommands(batch.head, reads, results.decisions).map((payload, part) => {
    if (giveCommand !== undefined) return giveCommand(payload);
    return deps.publish({
      subject: subjects.mailboxApply(p),
      payload,
      id: numbered(id, part),
      headers: routing(batch, p),
      traceparent: loneTrace(results.decisions),
    });
  });
  // Who has them carries them out meanwhile.
  if (giveCommand !== undefined) await setImmediate();
  const factId = `${batchId(batch)}/decided/${delivery.seq}`;
  const facts = decidedFacts(batch.head, script, results.decided).map((fact, part) =>
    deps.publishDecided(p, fact, numbered(factId, part)),
  );
  const alone = results.alone.map((mail) => deps.publish(aloneAgain(mail, batch, delivery)));
  await Promise.all([...commands, ...facts, ...alone]);
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
  /** Mails that alone make the code fail, or wait for `outbox`: published again as batches of one, so that they do not hold up the others. */
  readonly alone: BatchedMail[];
}

interface Run {
  readonly rules: Rules;
  readonly receivedAt: number;
}

/** Decides all, and remembers; again where another mail, decided on elsewhere at the same moment, was remembered first. */
async function decideBatch(batch: MailBatch, { rules, receivedAt }: Run, deps: FilterDeps): Promise<Results> {
  const { head } = batch;
  const now = Math.floor(receivedAt);
  const { scripts, unusable } = rules;
  const reason = unusable === undefined ? {} : { unusable };
  const shared = { head, scripts, now, account: noFacts(), submit: deps.submit, ...reason };
  for (let tries = 0; tries < MAX_OVERTAKEN; tries++) {
    const session = { accountId: head.accountId, now, remembers: quietBecause(head) === null };
    const memory = deps.openMemory(session);
    const active = { ...shared, scripts: rules.active, memory: isStored(head) ? deps.openMemory(session) : memory };
    try {
      const results = await decideAll(batch, { context: { ...shared, memory }, active, receivedAt }, deps);
      if (await memory.commit()) return results;
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
  throw new RetryLater("other mail of this account is decided on at the same moment", { code: "overtaken" });
}

interface Deciding {
  readonly context: BatchContext;
  /** By the account's own rules. */
  readonly active: BatchContext;
  readonly receivedAt: number;
}

async function decideAll(batch: MailBatch, run: Deciding, deps: FilterDeps): Promise<Results> {
  const results: Results = { decisions: [], decided: [], alone: [] };
  let yieldedAt = deps.now();
  for (const mail of batch.mails) {
    if (deps.now() - yieldedAt > YIELD_AFTER_MS) {
      await setImmediate();
      yieldedAt = deps.now();
    }
    try {
      await decideOne(mail, run, { results, deps });
    } catch (error) {
      if (!goesAlone(error, batch)) throw error;
      const mailId = mailIdOf(mail, batch);
      if (error instanceof SendingDelayed) deps.log.info({ mailId, code: error.code }, "mail-delayed");
      else deps.log.error({ mailId, err: error }, "mail-failed");
      results.alone.push(mail);
    }
  }
  return results;
}

/** What is the matter with this mail alone; what stands in the way of all of them is not. */
function goesAlone(error: unknown, { mails }: MailBatch): boolean {
  if (mails.length === 1 || error instanceof Overtaken) return false;
  return error instanceof SendingDelayed || !(error instanceof RetryLater);
}

async function decideAndReport(mail: BatchedMail, batch: BatchContext, deps: FilterDeps): Promise<Decided> {
  const decided = await decide(mail, batch, deps);
  const { reports, publishAsked, asker, settings, tellReplies } = deps;
  await tellOfReply(mail, batch.head, tellReplies);
  const reported = reports === null ? decided : await withReport(decided, { mail, batch }, { reports, asker });
  return publishAsked === null ? reported : withReceiptAsked(reported, { mail, batch }, { settings, publishAsked });
}

async function decideOne(
  mail: BatchedMail,
  run: Deciding,
  { results, deps }: { readonly results: Results; readonly deps: FilterDeps },
): Promise<void> {
  const { meta } = mail;
  const startedAt = deps.now();
  const span = beginDecide(deps.tracer, meta.traceparent, startedAt);
  const { head } = run.context;
  const made = isStored(head) ? decideStored(mail, run, deps) : decideAndReport(mail, run.context, deps);
  const { marked, ...decided } = withReadMarks(await made, head);
  const decidedAt = deps.now();
  const mailId = mailIdOf(mail, run.context);
  span.end({ "tamis.mail.id": mailId, "tamis.decision": decided.plan.destination.kind }, decidedAt);
  deps.meter.decided(decided.plan.destination.kind, {
    seconds: (decidedAt - startedAt) / 1000,
    failed: decided.error !== undefined,
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
    plan: decided.plan,
    ...(meta.event === undefined ? {} : { event: meta.event.key }),
    ...(marked ? { marked } : {}),
    ...traced,
    times,
  });
  const durationMs = short(decidedAt - startedAt);
  const where = { fingerprint: meta.fingerprint, ...(isInbox(head.folder.name) ? {} : { folder: head.folder.name }) };
  const because = meta.event === undefined ? {} : { cause: meta.event.cause };
  results.decided.push({ mailId, ...where, ...because, at: short(decidedAt), ...decided, durationMs, ...traced });
}

const isInbox = (name: string): boolean => name.toUpperCase() === "INBOX";
/** A hundredth of a millisecond is enough. */
const short = (ms: number): number => Math.round(ms * 100) / 100;
/** A batch of one belongs to one trace; a larger one to many. */
const loneTrace = (decisions: readonly Decision[]): string | undefined =>
  decisions.length === 1 ? decisions[0]?.traceparent : undefined;

function aloneAgain(mail: BatchedMail, batch: MailBatch, delivery: ReceivedMail): Publication {
  return {
    subject: subjects.mailReceived(partitionOf(batch.head.accountId)),
    payload: encodeMailBatch({ head: batch.head, mails: [mail] }),
    compress: true,
    id: `${mailIdOf(mail, batch)}/received/alone/${delivery.seq}`,
    headers: routing(batch, partitionOf(batch.head.accountId)),
    traceparent: mail.meta.traceparent,
  };
}

function isToBeHeld(error: unknown, batch: MailBatch, delivery: ReceivedMail, now: number): boolean {
  const isWaiting = error instanceof SendingDelayed || (error instanceof RetryLater && error.code === ACCOUNT_REFUSED);
  return isWaiting && batch.head.purpose !== "sort" && now - delivery.storedAt > HOLD_AFTER_MS;
}
