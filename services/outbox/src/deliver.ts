import { setTimeout as delay } from "node:timers/promises";
import { type AttemptDeps, attemptMail } from "./attempt-mail.ts";
import { type RetryPauses, retryAt } from "./retry-at.ts";
import { hasEightBitHeader } from "./smtp/data-block.ts";
import type { OutgoingMail } from "./smtp/outgoing-mail.ts";
import { localReply } from "./smtp/reply.ts";
import { RelayUnavailable } from "./smtp/route.ts";
import type { Fence, Outcome } from "./smtp/send-mail.ts";
import type { ClaimedSending, Result, Work } from "./tables/work.ts";

export interface DeliverDeps extends AttemptDeps {
  readonly work: Pick<Work, "begin" | "record">;
  readonly retry: RetryPauses;
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

/** Gives one claimed sending to the relay; what it said is yet to be recorded. */
export async function attempt(lease: string, sending: ClaimedSending, deps: DeliverDeps): Promise<readonly Result[]> {
  const { relay } = deps;
  const outcomes = await attemptMail(mailOf(sending), fenceOf({ lease, sending }, deps), deps);
  if (!(outcomes instanceof RelayUnavailable)) return outcomes.map((outcome) => resultOf(outcome, sending, deps));
  deps.log.warn({ code: outcomes.code, mailId: sending.mailId }, "relay-unavailable");
  const reply = localReply(451, "4.4.1", `the relay cannot be used (${outcomes.code})`);
  const nextAt = new Date(Math.max(deps.now().getTime() + 1, relay.pausedUntil));
  return sending.recipients.map(({ id }) => ({ id, state: "deferred", reply, nextAt }));
}

interface Claimed {
  readonly lease: string;
  readonly sending: ClaimedSending;
}

const mailOf = (sending: ClaimedSending): OutgoingMail => ({
  // RFC 3461 §4.4: a submitted mail has the one that its author gave it, or none.
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
  { id, state, reply, dsnPassed = false }: Outcome,
  sending: ClaimedSending,
  { retry, now }: DeliverDeps,
): Result {
  const attempts = sending.recipients.find((recipient) => recipient.id === id)?.attempts ?? 0;
  return {
    id,
    state: state === "unfenced" ? "deferred" : state,
    reply,
    dsnPassed,
    nextAt: retryAt(attempts + 1, retry, now()),
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
