import { setTimeout as delay } from "node:timers/promises";
import type { RelayState } from "./relay-state.ts";
import { type RetryPauses, retryAt } from "./retry-at.ts";
import type { OutgoingMail } from "./smtp/outgoing-mail.ts";
import { localReply } from "./smtp/reply.ts";
import { RelayUnavailable } from "./smtp/route.ts";
import { type Outcome, sendMail } from "./smtp/send-mail.ts";
import type { SmtpSession } from "./smtp/session.ts";
import type { SessionPool } from "./smtp/session-pool.ts";
import type { ClaimedSending, Result, Work } from "./tables/work.ts";

export interface DeliverDeps {
  readonly work: Pick<Work, "begin" | "record">;
  readonly pool: SessionPool;
  readonly relay: RelayState;
  readonly retry: RetryPauses;
  readonly now: () => Date;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
  /** The process is to end: what cannot be written now is left to the lease. */
  readonly isStopping: () => boolean;
}

const RECORD_PAUSE_MS = 100;
const RECORD_LONGEST_MS = 5_000;

/** Gives one claimed sending to the relay and records what it said of each recipient. */
export async function deliver(lease: string, sending: ClaimedSending, deps: DeliverDeps): Promise<readonly Result[]> {
  const results = await attempt(lease, sending, deps);
  await record(lease, results, deps);
  return results;
}

async function attempt(lease: string, sending: ClaimedSending, deps: DeliverDeps): Promise<readonly Result[]> {
  const { pool, relay } = deps;
  let session: SmtpSession | undefined;
  try {
    session = await pool.take();
    const wasUsed = session.transactions > 0;
    let outcomes = await converse(session, { lease, sending }, deps);
    if (wasUsed && !session.isUsable && outcomes.every(isLostBefore)) {
      // The relay had closed a connection that was idle: that says nothing of the mail.
      pool.give(session);
      session = await pool.take({ fresh: true });
      outcomes = await converse(session, { lease, sending }, deps);
    }
    relay.works();
    return outcomes.map((outcome) => resultOf(outcome, sending, deps));
  } catch (error) {
    if (!(error instanceof RelayUnavailable)) throw error;
    relay.failed(error, deps.now().getTime());
    deps.log.warn({ code: error.code, mailId: sending.mailId }, "relay-unavailable");
    const reply = localReply(451, "4.4.1", `the relay cannot be used (${error.code})`);
    const nextAt = new Date(Math.max(deps.now().getTime() + 1, relay.pausedUntil));
    return sending.recipients.map(({ id }) => ({ id, state: "deferred", reply, nextAt }));
  } finally {
    if (session !== undefined) pool.give(session);
  }
}

interface Claimed {
  readonly lease: string;
  readonly sending: ClaimedSending;
}

function converse(session: SmtpSession, { lease, sending }: Claimed, deps: DeliverDeps): Promise<readonly Outcome[]> {
  const mail: OutgoingMail = {
    envelopeId: `tamis-${sending.id}`,
    from: sending.from,
    recipients: sending.recipients,
    octets: sending.octets,
    dsn: sending.dsn,
    deliverBy: sending.deliverBy,
  };
  return sendMail({ session, mail, now: deps.now().getTime() }, async (ids) => {
    try {
      return await deps.work.begin(lease, ids, deps.now());
    } catch (err) {
      deps.log.warn({ err, mailId: sending.mailId }, "begin-not-written");
      return false;
    }
  });
}

const isLostBefore = ({ state, reply }: Outcome): boolean => state === "deferred" && reply.status === "4.4.2";

/** What was not ours any more is deferred under our lease: where somebody else has it, that changes nothing. */
function resultOf({ id, state, reply }: Outcome, sending: ClaimedSending, { retry, now }: DeliverDeps): Result {
  const attempts = sending.recipients.find((recipient) => recipient.id === id)?.attempts ?? 0;
  return {
    id,
    state: state === "unfenced" ? "deferred" : state,
    reply,
    nextAt: retryAt(attempts + 1, retry, now()),
  };
}

/** The relay has answered and cannot be asked again: what it said is kept until it is written. */
async function record(lease: string, results: readonly Result[], deps: DeliverDeps): Promise<void> {
  for (let pause = RECORD_PAUSE_MS; ; pause = Math.min(RECORD_LONGEST_MS, pause * 2)) {
    try {
      return await deps.work.record(lease, results, deps.now());
    } catch (err) {
      deps.log.warn({ err, lease }, "result-not-written");
      if (deps.isStopping() && pause > RECORD_PAUSE_MS * 4) throw err;
    }
    await delay(pause);
  }
}
