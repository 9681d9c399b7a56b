import type { AttemptDeps } from "../attempt-mail.ts";
import { toPath } from "../smtp/address.ts";
import { recipientCommand } from "../smtp/esmtp.ts";
import { isPositive, localReply, type SmtpReply } from "../smtp/reply.ts";
import { ConnectionLost, RelayUnavailable } from "../smtp/route.ts";
import { isOfTheRoute } from "../smtp/send-mail.ts";
import type { SmtpSession } from "../smtp/session.ts";
import type { Recipient, Sender } from "./envelope.ts";

export interface Question {
  readonly sender: Sender;
  readonly recipient: Recipient;
  readonly authzid: string | null;
}

/** What is said while the relay cannot be used: whoever asks may ask again. */
export const relayAway = (code: string): SmtpReply =>
  localReply(451, "4.4.1", `the relay cannot be used now (${code})`);
/** What the relay says of whoever sends, our own account there, is no fault of the mail. */
export const routeRefused: SmtpReply = localReply(451, "4.3.5", "the relay does not let us send now");

/**
 * What the relay says of one recipient of a mail from this sender: the transaction is left before DATA, so nothing is sent.
 * No session is kept while a client thinks or transmits.
 */
export async function askRelay(question: Question, { pool, relay, now }: AttemptDeps): Promise<SmtpReply> {
  if (now().getTime() < relay.pausedUntil) return relayAway("down");
  const { authzid } = question;
  let session: SmtpSession | undefined;
  try {
    session = await pool.take({ authzid });
    const wasUsed = session.transactions > 0;
    let reply = await asked(session, question);
    if (reply === null && wasUsed) {
      pool.give(session);
      session = await pool.take({ fresh: true, authzid });
      reply = await asked(session, question);
    }
    relay.works();
    return reply ?? localReply(451, "4.4.2", "the connection to the relay broke");
  } catch (error) {
    if (!(error instanceof RelayUnavailable)) throw error;
    relay.failed(error, now().getTime());
    return relayAway(error.code);
  } finally {
    if (session !== undefined) pool.give(session);
  }
}

/** null: the connection was lost. */
async function asked(session: SmtpSession, { sender, recipient }: Question): Promise<SmtpReply | null> {
  const from = sender.from === null ? null : toPath(sender.from);
  const isUtf8 = sender.isUtf8 && (from?.needsUtf8 === true || toPath(recipient.address)?.needsUtf8 === true);
  if (isUtf8 && !session.offers("SMTPUTF8"))
    return localReply(553, "5.6.7", "an address is not ASCII and the relay does not offer SMTPUTF8");
  const mail = [
    `MAIL FROM:<${from?.text ?? ""}>`,
    ...(sender.size !== null && session.offers("SIZE") ? [`SIZE=${sender.size}`] : []),
    ...(isUtf8 ? ["SMTPUTF8"] : []),
  ].join(" ");
  session.transactions++;
  try {
    const [begun, answered] = await session.commands([
      mail,
      recipientCommand(session, recipient.address, null),
      "RSET",
    ]);
    const reply = begun !== undefined && isPositive(begun) ? answered : begun;
    return reply !== undefined && isOfTheRoute(reply) ? routeRefused : (reply ?? null);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return null;
  }
}
