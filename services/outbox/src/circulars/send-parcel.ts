import { type AttemptDeps, attemptMail } from "../attempt-mail.ts";
import { type RetryPauses, retryAt } from "../retry-at.ts";
import { localReply } from "../smtp/reply.ts";
import { RelayUnavailable } from "../smtp/route.ts";
import type { Outcome } from "../smtp/send-mail.ts";
import type { CircularResult, ClaimedRecipient } from "../tables/circular-work.ts";
import type { ComposedCircular, SealedMail, Withheld } from "./composed-circular.ts";
import type { Parcel } from "./lanes.ts";
import type { LedgerWriter } from "./ledger-writer.ts";

export interface ParcelDeps extends AttemptDeps {
  readonly writer: Pick<LedgerWriter, "begin">;
  readonly retry: RetryPauses;
  readonly log: { warn(fields: Readonly<Record<string, unknown>>, event: string): void };
}

/** Composes the mail of a parcel, gives it to the relay, and says what became of each recipient. */
export async function sendParcel(
  { circular, recipients }: Parcel,
  composed: ComposedCircular | null,
  deps: ParcelDeps,
): Promise<readonly CircularResult[]> {
  const { now, relay, log, writer } = deps;
  const mail = composed === null ? null : await composedMail(composed, recipients, deps);
  if (mail === null) {
    log.warn({ circularId: circular.id, recipients: recipients.length }, "circular-not-composed");
    const reply = localReply(554, "5.6.0", "the mail cannot be composed");
    return recipients.map((recipient) => ({ ...named(recipient), state: "rejected", reply, nextAt: now() }));
  }
  if ("withheld" in mail) return recipients.map((recipient) => withheldResult(mail, recipient, deps));
  // Proof: a parcel has recipients, all claimed together.
  const lease = recipients[0]?.lease ?? "";
  const fence = (ids: readonly number[]): Promise<boolean> => writer.begin({ lease, circularId: circular.id, ids });
  const outcomes = await attemptMail(mail, fence, deps);
  if (outcomes instanceof RelayUnavailable) {
    log.warn({ code: outcomes.code, circularId: circular.id }, "relay-unavailable");
    const nextAt = new Date(Math.max(now().getTime() + 1, relay.pausedUntil));
    return recipients.map((recipient) => ({ ...named(recipient), state: "returned", reply: null, nextAt }));
  }
  const byId = new Map(recipients.map((recipient) => [recipient.id, recipient]));
  return outcomes.flatMap((outcome) => {
    const recipient = byId.get(outcome.id);
    return recipient === undefined ? [] : [{ ...resultOf(outcome, recipient, deps), ...sealingOf(mail) }];
  });
}

const sealingOf = ({ sealing }: SealedMail | Withheld): Pick<CircularResult, "sealing"> =>
  sealing === undefined ? {} : { sealing };

/** Nothing was sent, and nothing is in the clear: its owner is to do something, or it is tried again. */
function withheldResult(
  withheld: Withheld,
  recipient: ClaimedRecipient,
  { retry, now, log }: ParcelDeps,
): CircularResult {
  const { circularId, id, attempts } = recipient;
  if (withheld.withheld === "held") {
    const reply = localReply(554, "5.7.5", withheld.problem);
    return { ...named(recipient), state: "held", reply, nextAt: now(), ...sealingOf(withheld) };
  }
  log.warn({ circularId, id, problem: withheld.problem }, "circular-not-sealed");
  return { ...named(recipient), state: "returned", reply: null, nextAt: retryAt(attempts + 1, retry, now()) };
}

/** null where it cannot be: that was looked at when the recipients were added, but a draft may be read by a later version. */
async function composedMail(
  composed: ComposedCircular,
  recipients: readonly ClaimedRecipient[],
  { now, log }: ParcelDeps,
): Promise<SealedMail | Withheld | null> {
  try {
    return await composed.mailFor(recipients, now());
  } catch (err) {
    log.warn({ err }, "circular-not-composed");
    return null;
  }
}

const named = ({ id, circularId, lease }: ClaimedRecipient): Pick<CircularResult, "id" | "circularId" | "lease"> => ({
  id,
  circularId,
  lease,
});

function resultOf(outcome: Outcome, recipient: ClaimedRecipient, { retry, now }: ParcelDeps): CircularResult {
  const { state, reply, isNext = false } = outcome;
  // It was not ours to send: paused, cancelled, or somebody else's by now, and then this changes nothing. Or others are sent before it.
  if (state === "unfenced" || isNext) return { ...named(recipient), state: "returned", reply: null, nextAt: now() };
  return { ...named(recipient), state, reply, nextAt: retryAt(recipient.attempts + 1, retry, now()) };
}
