import { toPath } from "./address.ts";
import { hasEightBit } from "./data-block.ts";
import { mailCommand, recipientCommand } from "./esmtp.ts";
import type { OutgoingMail } from "./outgoing-mail.ts";
import { isPositive, localReply, type SmtpReply } from "./reply.ts";
import { ConnectionLost } from "./route.ts";
import type { Answer, SmtpSession } from "./session.ts";

/** What became of one recipient. `unfenced`: it was not ours any more, and nothing was sent for it. */
export interface Outcome {
  readonly id: number;
  readonly state: "accepted" | "deferred" | "rejected" | "unknown" | "unfenced";
  /** The server's, or our own where it was not asked. */
  readonly reply: SmtpReply;
  /** The server took over the wish for reports (RFC 3461 §5.2). */
  readonly dsnPassed?: boolean;
  /** Deferred for no more than that others go before it: the server takes no more recipients at once (RFC 5321 §4.5.3.1.10). */
  readonly isNext?: boolean;
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
  if (impossible !== null) return outcomes(allOf(mail), impossible);
  // An address that this relay cannot take is in nobody else's way.
  const barred = mail.recipients.flatMap(({ id, address }) => {
    const reply = whyBarred(address, session);
    return reply === null ? [] : [{ id, ...outcomeOf(reply) }];
  });
  const recipients = mail.recipients.filter(({ id }) => barred.every((one) => one.id !== id));
  if (recipients.length === 0) return barred;
  return [...barred, ...(await transact({ ...attempt, mail: { ...mail, recipients } }, fence))];
}

async function transact(attempt: Attempt, fence: Fence): Promise<readonly Outcome[]> {
  const { session, mail } = attempt;
  session.transactions++;
  const answered = await openTransaction(attempt);
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

const allOf = ({ recipients }: OutgoingMail): readonly number[] => recipients.map(({ id }) => id);

/** What is said of each recipient; `accepted` where the mail may be sent to it now. */
async function openTransaction({ session, mail, now }: Attempt): Promise<readonly Outcome[]> {
  const begin = mailCommand(session, mail, now);
  const commands = mail.recipients.map(({ address }) => recipientCommand(session, address, mail.dsn));
  // A server without PIPELINING is not asked for recipients of a mail that it does not want.
  const first = await session.commands(session.offers("PIPELINING") ? [begin, ...commands] : [begin]);
  const begun = replyIn(first[0]);
  if (!isPositive(begun)) return outcomes(allOf(mail), begun);
  const said = (first.length > 1 ? first.slice(1) : await session.commands(commands)).map(replyIn);
  // It went, or is going: nothing can be sent to those whom it took before.
  const farewell = session.isUsable ? undefined : (said.find(isFarewell) ?? said.at(-1));
  const isTakingSome = farewell === undefined && said.some(isPositive);
  return mail.recipients.map(({ id }, index) => {
    const reply = said[index] ?? NO_ANSWER;
    if (isTakingSome && isTooMany(reply)) return { id, state: "deferred", reply, isNext: true };
    const outcome = outcomeOf(reply);
    return farewell !== undefined && outcome.state === "accepted"
      ? { id, ...outcomeOf(isPositive(farewell) ? NO_ANSWER : farewell) }
      : { id, ...outcome };
  });
}

/** RFC 5321 §4.5.3.1.10: 452, and 552 as it once was; RFC 3463 §3.6 (X.5.3). Without a status the same codes mean a full mailbox or disk, too. */
function isTooMany({ code, status, text }: SmtpReply): boolean {
  if (code !== 452 && code !== 552) return false;
  return status === null ? /too many/i.test(text) : status.endsWith(".5.3");
}

/** From here on a lost answer may be that of a server that has the mail: after the dot, it is unknown what became of it. */
async function sendData(session: SmtpSession, mail: OutgoingMail, ids: readonly number[]): Promise<readonly Outcome[]> {
  const [answerToData] = await session.commands(["DATA"]);
  const go = replyIn(answerToData);
  if (go.code !== 354) return abandoned(session, outcomes(ids, isPositive(go) ? outOfStep("DATA") : go));
  const { answer, isWhole } = await session.data(mail.octets);
  // RFC 5321 §4.1.1.4: without the final dot nothing is accepted.
  if (!isWhole) return outcomes(ids, isPositive(replyIn(answer)) ? outOfStep("half a mail") : replyIn(answer));
  if (answer instanceof ConnectionLost) return unknown(ids, lostReply(answer, "after the mail was sent"));
  // The answer to the dot may be yet to come.
  if (answer.code < 400 && !isPositive(answer)) {
    session.close();
    return unknown(ids, outOfStep("the mail"));
  }
  const said = outcomes(ids, answer);
  const dsnPassed = mail.dsn !== null && session.offers("DSN");
  return dsnPassed ? said.map((outcome) => ({ ...outcome, dsnPassed })) : said;
}

const unknown = (ids: readonly number[], reply: SmtpReply): readonly Outcome[] =>
  ids.map((id) => ({ id, state: "unknown", reply }));

const NO_ANSWER = localReply(451, "4.4.2", "no answer");
const outOfStep = (what: string): SmtpReply => localReply(451, "4.5.0", `an answer to ${what} that makes no sense`);
const isFarewell = ({ code }: SmtpReply): boolean => code === 421;

async function abandoned(session: SmtpSession, result: readonly Outcome[]): Promise<readonly Outcome[]> {
  await session.reset();
  return result;
}

/** An answer as a reply; a connection that was lost before the mail was sent says that it may be tried again. */
const replyIn = (answer: Answer | undefined): SmtpReply => {
  if (answer === undefined) return NO_ANSWER;
  return answer instanceof ConnectionLost ? lostReply(answer, "before the mail was sent") : answer;
};

const lostReply = (lost: ConnectionLost, when: string): SmtpReply =>
  localReply(451, "4.4.2", `${lost.message} ${when}`);

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
  const { octets, from } = mail;
  // RFC 6152 §3, RFC 3463 §3.7 (X.6.3).
  if (!session.offers("8BITMIME") && hasEightBit(octets))
    return localReply(554, "5.6.3", "the mail has 8-bit octets and the relay does not offer 8BITMIME");
  const sender = from === null ? null : whyBarred(from, session);
  if (sender !== null) return sender;
  if (mail.isUtf8 === true && !session.offers("SMTPUTF8")) return notAscii("a field");
  // RFC 1870 §6.1.
  const limit = Number(session.parameterOf("SIZE") ?? 0);
  if (limit > 0 && octets.length > limit)
    return localReply(552, "5.3.4", `the mail has ${octets.length} octets and the relay takes ${limit}`);
  return null;
}

/** Why an address cannot stand in MAIL or RCPT to this relay. */
function whyBarred(address: string, session: SmtpSession): SmtpReply | null {
  const path = toPath(address);
  if (path === null) return localReply(553, "5.1.3", "an address is none");
  return path.needsUtf8 && !session.offers("SMTPUTF8") ? notAscii("an address") : null;
}

/** RFC 6531 §3.5, §4.2 (X.6.7). */
const notAscii = (what: string): SmtpReply =>
  localReply(553, "5.6.7", `${what} is not ASCII and the relay does not offer SMTPUTF8`);
