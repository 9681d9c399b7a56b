import { toPath } from "./address.ts";
import { dataBlock, hasEightBit } from "./data-block.ts";
import { mailCommand, recipientCommand } from "./esmtp.ts";
import type { OutgoingMail } from "./outgoing-mail.ts";
import { isPositive, localReply, type SmtpReply } from "./reply.ts";
import { ConnectionLost } from "./route.ts";
import type { SmtpSession } from "./session.ts";

/** What became of one recipient. `unfenced`: it was not ours any more, and nothing was sent for it. */
export interface Outcome {
  readonly id: number;
  readonly state: "accepted" | "deferred" | "rejected" | "unknown" | "unfenced";
  /** The server's, or our own where it was not asked. */
  readonly reply: SmtpReply;
  /** The server took over the wish for reports (RFC 3461 §5.2). */
  readonly dsnPassed?: boolean;
}

/**
 * Called after the recipients were accepted and before DATA: resolves true when it is committed that they are begun. Until then
 * whatever fails has sent nothing.
 */
export type Fence = (ids: readonly number[]) => Promise<boolean>;

interface Attempt {
  readonly session: SmtpSession;
  readonly mail: OutgoingMail;
  readonly now: number;
}

/** Sends one mail on a session; an outcome for each of its recipients. Never throws on what the server or the connection does. */
export async function sendMail(attempt: Attempt, fence: Fence): Promise<readonly Outcome[]> {
  const { session, mail } = attempt;
  const impossible = whyImpossible(attempt);
  const all = mail.recipients.map(({ id }) => id);
  if (impossible !== null) return outcomes(all, impossible);
  session.transactions++;
  let answered: readonly Outcome[];
  try {
    const begin = await session.command(mailCommand(session, mail, attempt.now));
    if (!isPositive(begin)) return await abandoned(session, outcomes(all, begin));
    answered = await askRecipients(attempt);
  } catch (error) {
    return outcomes(all, lostReply(error, "before the mail was sent"));
  }
  const refused = answered.filter(({ state }) => state !== "accepted");
  const ids = answered.filter(({ state }) => state === "accepted").map(({ id }) => id);
  if (ids.length === 0) return abandoned(session, refused);
  if (!(await fence(ids)))
    return abandoned(session, [
      ...refused,
      ...ids.map((id) => ({ id, state: "unfenced" as const, reply: localReply(451, "4.3.0", "not ours any more") })),
    ]);
  return [...refused, ...(await sendData(session, mail, ids))];
}

async function askRecipients({ session, mail }: Attempt): Promise<readonly Outcome[]> {
  const commands = mail.recipients.map(({ address }) => recipientCommand(session, address, mail.dsn));
  const replies = await session.commands(commands);
  return mail.recipients.map(({ id }, index) => ({
    id,
    ...outcomeOf(replies[index] ?? localReply(451, "4.5.0", "no answer")),
  }));
}

/** From here on a lost answer may be that of a server that has the mail: after the dot, it is unknown what became of it. */
async function sendData(session: SmtpSession, mail: OutgoingMail, ids: readonly number[]): Promise<readonly Outcome[]> {
  try {
    const go = await session.command("DATA");
    if (go.code !== 354) return await abandoned(session, outcomes(ids, isPositive(go) ? unasked(go) : go));
  } catch (error) {
    // RFC 5321 §4.1.1.4: without the final dot nothing is accepted.
    return outcomes(ids, lostReply(error, "before the mail was sent"));
  }
  try {
    const said = outcomes(ids, await session.data(dataBlock(mail.octets)));
    const dsnPassed = mail.dsn !== null && session.offers("DSN");
    return dsnPassed ? said.map((outcome) => ({ ...outcome, dsnPassed })) : said;
  } catch (error) {
    const reply = lostReply(error, "after the mail was sent");
    return ids.map((id) => ({ id, state: "unknown" as const, reply }));
  }
}

const unasked = ({ code }: SmtpReply): SmtpReply => localReply(451, "4.5.0", `${code} in answer to DATA`);

async function abandoned(session: SmtpSession, result: readonly Outcome[]): Promise<readonly Outcome[]> {
  await session.reset();
  return result;
}

/** Reads as text from the session's own errors; anything else is our bug, and is not swallowed. */
function lostReply(error: unknown, when: string): SmtpReply {
  if (!(error instanceof ConnectionLost)) throw error;
  return localReply(451, "4.4.2", `${error.message} ${when}`);
}

const outcomes = (ids: readonly number[], reply: SmtpReply): readonly Outcome[] =>
  ids.map((id) => ({ id, ...outcomeOf(reply) }));

/** RFC 4954 §6 and its like: the relay does not let us send at all, which is its administrator's to mend, and no fault of the mail. */
const OF_THE_ROUTE: ReadonlySet<number> = new Set([502, 503, 530, 534, 535, 538]);

/** Whether a reply speaks of whoever sends, and not of the mail. */
export const isOfTheRoute = ({ code }: SmtpReply): boolean => OF_THE_ROUTE.has(code);

function outcomeOf(reply: SmtpReply): Omit<Outcome, "id"> {
  if (isPositive(reply)) return { state: "accepted", reply };
  return { state: reply.code >= 500 && !isOfTheRoute(reply) ? "rejected" : "deferred", reply };
}

/** What this relay cannot take. Nothing is converted: a changed body breaks its signatures (RFC 6376 §5.3), so it is said instead. */
function whyImpossible({ session, mail }: Attempt): SmtpReply | null {
  const { octets, recipients, from } = mail;
  // RFC 6152 §3, RFC 3463 §3.7 (X.6.3).
  if (!session.offers("8BITMIME") && hasEightBit(octets))
    return localReply(554, "5.6.3", "the mail has 8-bit octets and the relay does not offer 8BITMIME");
  const paths = [...recipients.map(({ address }) => address), ...(from === null ? [] : [from])].map(toPath);
  if (paths.includes(null)) return localReply(553, "5.1.3", "an address is none");
  // RFC 6531 §3.5, RFC 6531 §4.2 (X.6.7).
  const isUtf8 = mail.isUtf8 === true || paths.some((path) => path?.needsUtf8 === true);
  if (!session.offers("SMTPUTF8") && isUtf8)
    return localReply(553, "5.6.7", "an address or field is not ASCII and the relay does not offer SMTPUTF8");
  // RFC 1870 §6.1.
  const limit = Number(session.parameterOf("SIZE") ?? 0);
  if (limit > 0 && octets.length > limit)
    return localReply(552, "5.3.4", `the mail has ${octets.length} octets and the relay takes ${limit}`);
  return null;
}
