import { setTimeout as delay } from "node:timers/promises";
import { type AttemptDeps, attemptMail } from "./attempt-mail.ts";
import { type RetryPauses, retryAt } from "./retry-at.ts";
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
  await record(lease, results, deps);
  return results;
}

async function attempt(lease: string, sending: ClaimedSending, deps: DeliverDeps): Promise<readonly Result[]> {
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
  envelopeId: `tamis-${sending.id}`,
  from: sending.from,
  recipients: sending.recipients,
  octets: sending.octets,
  dsn: sending.dsn,
  deliverBy: sending.deliverBy,
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
