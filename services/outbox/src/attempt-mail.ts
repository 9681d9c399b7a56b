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
  const { authzid = null } = mail;
  let session: SmtpSession | undefined;
  let isFenced = false;
  const noted: Fence = (ids) => {
    isFenced = true;
    return fence(ids);
  };
  const converse = (on: SmtpSession) => sendMail({ session: on, mail, now: now().getTime() }, noted);
  try {
    session = await pool.take({ authzid });
    const wasUsed = session.transactions > 0;
    let outcomes = await converse(session);
    if (wasUsed && !session.isUsable && !isFenced && outcomes.every(({ state }) => state === "deferred")) {
      // The relay had closed a connection that was idle, or wants no more mails on this one: that says nothing of the mail.
      pool.give(session);
      session = await pool.take({ fresh: true, authzid });
      outcomes = await converse(session);
    }
    if (outcomes.every(isForAll))
      relay.failed(new RelayUnavailable("it takes nothing now", { code: "busy" }), now().getTime());
    else relay.works();
    return outcomes;
  } catch (error) {
    if (!(error instanceof RelayUnavailable)) throw error;
    relay.failed(error, now().getTime());
    return error;
  } finally {
    if (session !== undefined) pool.give(session);
  }
}

/** RFC 3463 §3.4 (X.3.1, X.3.2): the relay has no room, or takes nothing, whatever the mail: the next ones would hear the same. */
const isForAll = ({ state, reply }: Outcome): boolean =>
  state === "deferred" && /^4\.3\.[12]$/.test(reply.status ?? "");
