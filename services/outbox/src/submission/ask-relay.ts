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
const routeRefused: SmtpReply = localReply(451, "4.3.5", "the relay does not let us send now");

/**
 * The relay's reply as the author is given it. That it closes its connection to us (421, RFC 5321 §3.8) does not close his to us; what
 * makes no sense here (3yz) makes none for him.
 */
export function replyToAuthor(reply: SmtpReply): SmtpReply {
  if (isOfTheRoute(reply)) return routeRefused;
  const { code } = reply;
  return code === 421 || (code >= 300 && code < 400) ? { ...reply, code: 451 } : reply;
}

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
    if (wasUsed && !session.isUsable && (reply === null || reply.code === 421)) {
      pool.give(session);
      session = await pool.take({ fresh: true, authzid });
      reply = await asked(session, question);
    }
    relay.works();
    return reply === null ? localReply(451, "4.4.2", "the connection to the relay broke") : replyToAuthor(reply);
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
  const recipientLine = recipientCommand(session, recipient.address, null);
  const [begun, answered, left] = await session.commands([mail, recipientLine, "RSET"]);
  // What was not left goes with the connection.
  if (left === undefined || left instanceof ConnectionLost || !isPositive(left)) session.close();
  const said = begun === undefined || begun instanceof ConnectionLost || !isPositive(begun) ? begun : answered;
  return said === undefined || said instanceof ConnectionLost ? null : said;
}
