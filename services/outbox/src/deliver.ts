import { setTimeout as delay } from "node:timers/promises";
import { foldedField } from "@tamis/message";
import { type AttemptDeps, attemptMail } from "./attempt-mail.ts";
import { type RetryPauses, retryAt } from "./retry-at.ts";
import { hasEightBitHeader } from "./smtp/data-block.ts";
import type { OutgoingMail } from "./smtp/outgoing-mail.ts";
import { localReply } from "./smtp/reply.ts";
import type { Fence, Outcome } from "./smtp/send-mail.ts";
import type { ClaimedSending, Result, Work } from "./tables/work.ts";
import type { Tracking } from "./tracking/tracking.ts";

export interface DeliverDeps extends AttemptDeps {
  readonly work: Pick<Work, "begin" | "record">;
  readonly retry: RetryPauses;
  /** null: nothing is tracked. */
  readonly tracking: Tracking | null;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
  /** The process is to end: what cannot be written now is left to the lease. */
  readonly isStopping: () => boolean;
}

const RECORD_PAUSE_MS = 100;
const RECORD_LONGEST_MS = 5_000;

/** Gives one claimed sending to the relay and records what it said of each recipient. */
export async function deliver(lease: string, sending: ClaimedSending, deps: DeliverDeps): Promise<readonly Result[]> {
  const results = await attempt(lease, sending, deps);
  await untilWritten(() => deps.work.record(lease, results, deps.now()), deps);
  return results;
}

/** Leaves one claimed sending, of which nothing began, to whoever comes next. */
export async function putOff(lease: string, sending: ClaimedSending, deps: DeliverDeps): Promise<void> {
  const results = restOf(STOPPING, { sending, results: [] }, deps);
  await untilWritten(() => deps.work.record(lease, results, deps.now()), deps);
}

/** Gives one claimed sending to the relay; what it said is yet to be recorded. */
export async function attempt(lease: string, sending: ClaimedSending, deps: DeliverDeps): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const mail of transactionsOf(sending, deps.tracking)) {
    const isCutShort = results.length > 0 && deps.isStopping();
    const outcomes = isCutShort ? STOPPING : await attemptMail(mail, fenceOf({ lease, sending }, deps), deps);
    if ("code" in outcomes) return [...results, ...restOf(outcomes, { sending, results }, deps)];
    const some = outcomes.map((outcome) => resultOf(outcome, sending, deps));
    results.push(...some);
    // Before the next one begins: a process that ends leaves one without a word, no more.
    const left = some.filter(({ state }) => state === "accepted");
    if (results.length < sending.recipients.length && left.length > 0)
      await untilWritten(() => deps.work.record(lease, left, deps.now()), deps);
  }
  return results;
}

interface Tried {
  readonly sending: ClaimedSending;
  readonly results: readonly Result[];
}

const STOPPING = { code: "stopping" };

/** What becomes of those that nothing was said of yet. */
function restOf(
  { code }: { readonly code: string },
  { sending, results }: Tried,
  { relay, log, now }: DeliverDeps,
): readonly Result[] {
  log.warn({ code, mailId: sending.mailId }, "relay-unavailable");
  const reply = localReply(451, "4.4.1", `the relay cannot be used (${code})`);
  const nextAt = new Date(Math.max(now().getTime() + 1, relay.pausedUntil));
  return sending.recipients
    .filter(({ id }) => results.every((result) => result.id !== id))
    .map(({ id }) => ({ id, state: "deferred", reply, nextAt }));
}

interface Claimed {
  readonly lease: string;
  readonly sending: ClaimedSending;
}

/** A mail to more than so many has no tokens: it would be sent once for each. */
export const MOST_TRACKED = 20;

/**
 * RFC 3461 §4.4: an ENVID names a mail, and a token one recipient, so each that is tracked has a transaction of its own. What its author
 * named himself keeps that name.
 */
export function transactionsOf(sending: ClaimedSending, tracking: Tracking | null): readonly OutgoingMail[] {
  const mail = mailOf(sending);
  const { isSubaddressed } = sending;
  const author = mail.from ?? "";
  if (tracking === null || !isTracked(sending)) return [isSubaddressed ? askingAt(author, mail) : mail];
  return sending.recipients.map((recipient) => {
    const token = tracking.tokenOf(recipient.id);
    const own = { ...mail, recipients: [recipient], envelopeId: mail.envelopeId ?? token, dsn: mail.dsn ?? {} };
    return isSubaddressed ? askingAt(tracking.subaddressOf(author, token), own) : own;
  });
}

function isTracked({ kind, receipts, dsn, recipients, isSubaddressed }: ClaimedSending): boolean {
  if (kind !== "submission" || receipts === "none") return false;
  return isSubaddressed || (dsn?.envid === undefined && recipients.length <= MOST_TRACKED);
}

/** RFC 8098 §2.1: receipts are asked for at the very address that the mail is from. */
const askingAt = (address: string, mail: OutgoingMail): OutgoingMail => ({
  ...mail,
  from: address,
  octets: Buffer.concat([Buffer.from(foldedField("Disposition-Notification-To", `<${address}>`)), mail.octets]),
});

const mailOf = (sending: ClaimedSending): OutgoingMail => ({
  // A submitted mail has the one that its author gave it, or none.
  envelopeId: sending.kind === "submission" ? (sending.dsn?.envid ?? null) : `tamis-${sending.id}`,
  from: sending.from,
  recipients: sending.recipients,
  octets: sending.octets,
  dsn: sending.dsn,
  deliverBy: sending.deliverBy,
  isUtf8: sending.kind === "submission" && hasEightBitHeader(sending.octets),
  authzid: sending.authzid,
});

const fenceOf =
  ({ lease, sending }: Claimed, deps: DeliverDeps): Fence =>
  async (ids) => {
    try {
      return await deps.work.begin(lease, ids, deps.now());
    } catch (err) {
      deps.log.warn({ err, mailId: sending.mailId }, "begin-not-written");
      return false;
    }
  };

/** What was not ours any more is deferred under our lease: where somebody else has it, that changes nothing. */
function resultOf(
  { id, state, reply, dsnPassed = false, isNext = false }: Outcome,
  sending: ClaimedSending,
  { retry, now }: DeliverDeps,
): Result {
  const attempts = sending.recipients.find((recipient) => recipient.id === id)?.attempts ?? 0;
  return {
    id,
    state: state === "unfenced" ? "deferred" : state,
    reply,
    dsnPassed,
    nextAt: isNext ? now() : retryAt(attempts + 1, retry, now()),
  };
}

/** The relay has answered and cannot be asked again: what it said is kept until it is written. */
export async function untilWritten(
  write: () => Promise<void>,
  { log, isStopping }: Pick<DeliverDeps, "log" | "isStopping">,
): Promise<void> {
  for (let pause = RECORD_PAUSE_MS; ; pause = Math.min(RECORD_LONGEST_MS, pause * 2)) {
    try {
      return await write();
    } catch (err) {
      log.warn({ err }, "result-not-written");
      if (isStopping() && pause > RECORD_PAUSE_MS * 4) throw err;
    }
    await delay(pause);
  }
}
