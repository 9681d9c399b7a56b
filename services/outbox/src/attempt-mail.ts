import type { RelayState } from "./relay-state.ts";
import type { OutgoingMail } from "./smtp/outgoing-mail.ts";
import { RelayUnavailable } from "./smtp/route.ts";
import { type Fence, type Outcome, sendMail } from "./smtp/send-mail.ts";
import type { SmtpSession } from "./smtp/session.ts";
import type { SessionPool } from "./smtp/session-pool.ts";

export interface AttemptDeps {
  readonly pool: SessionPool;
  readonly relay: RelayState;
  readonly now: () => Date;
}

/** Gives a mail to the relay: what it said of each recipient, or why it cannot be used at all, for which nothing was sent. */
export async function attemptMail(
  mail: OutgoingMail,
  fence: Fence,
  { pool, relay, now }: AttemptDeps,
): Promise<readonly Outcome[] | RelayUnavailable> {
  let session: SmtpSession | undefined;
  const converse = (on: SmtpSession) => sendMail({ session: on, mail, now: now().getTime() }, fence);
  try {
    session = await pool.take();
    const wasUsed = session.transactions > 0;
    let outcomes = await converse(session);
    if (wasUsed && !session.isUsable && outcomes.every(isLostBefore)) {
      // The relay had closed a connection that was idle: that says nothing of the mail.
      pool.give(session);
      session = await pool.take({ fresh: true });
      outcomes = await converse(session);
    }
    relay.works();
    return outcomes;
  } catch (error) {
    if (!(error instanceof RelayUnavailable)) throw error;
    relay.failed(error, now().getTime());
    return error;
  } finally {
    if (session !== undefined) pool.give(session);
  }
}

const isLostBefore = ({ state, reply }: Outcome): boolean => state === "deferred" && reply.status === "4.4.2";
