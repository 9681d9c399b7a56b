import { type Bus, RetryLater } from "@tamis/bus";
import { type MailboxAnswer, type MailboxAsk, mailboxAnswer, partitionOf, subjects } from "@tamis/contracts";

/** A folder of an account in which copies lie. */
export interface Journal {
  readonly accountId: string;
  readonly folder: string;
}

/** What `mailbox` says of the copies of a mail. `silent`: it did not answer in time, or nobody is there. */
export type Searched =
  | { readonly kind: "found" | "not-found" | "silent" }
  /** A sentence for a person. */
  | { readonly kind: "refused"; readonly reason: string };

export interface Sought {
  /** With angle brackets. */
  readonly messageId: string;
  /** Copies are not older. */
  readonly since: Date;
  readonly timeoutMs: number;
}

/** Has `mailbox` look for a copy by its Message-ID (RFC 9051 §6.4.4, HEADER). */
export async function searchMailbox(
  bus: Pick<Bus, "request">,
  { accountId, folder }: Journal,
  { messageId, since, timeoutMs }: Sought,
): Promise<Searched> {
  const ask: MailboxAsk = { op: "find", accountId, folder, messageId, since: since.getTime() };
  try {
    const payload = Buffer.from(JSON.stringify(ask));
    const reply = await bus.request(subjects.mailboxAsk(partitionOf(accountId)), payload, { timeoutMs });
    return searchedIn(mailboxAnswer.parse(JSON.parse(Buffer.from(reply.payload).toString())));
  } catch (error) {
    if (error instanceof RetryLater) return { kind: "silent" };
    throw error;
  }
}

function searchedIn(answer: MailboxAnswer): Searched {
  if (answer.kind === "found") return { kind: answer.mails.length > 0 ? "found" : "not-found" };
  return { kind: "refused", reason: answer.kind === "refused" ? answer.reason : answer.kind };
}
