import { type Bus, RetryLater } from "@tamis/bus";
import { type MailboxAnswer, type MailboxAsk, mailboxAnswer, partitionOf, subjects } from "@tamis/contracts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { parseJson } from "./json.ts";
import type { Surroundings } from "./surroundings.ts";

const ASK_TIMEOUT_MS = 60_000;

/** Asks the instance that holds the account. A refusal is an answer; nobody there is a {@link CommandFailure} with exit code 3. */
export async function askMailbox(bus: Bus, question: MailboxAsk, io: Surroundings): Promise<MailboxAnswer> {
  const subject = subjects.mailboxAsk(partitionOf(question.accountId));
  try {
    const reply = await bus.request(subject, new TextEncoder().encode(JSON.stringify(question)), {
      timeoutMs: ASK_TIMEOUT_MS,
    });
    return mailboxAnswer.parse(parseJson(reply.payload));
  } catch (cause) {
    if (!(cause instanceof RetryLater)) throw cause;
    const isFailed = cause.code === "failed";
    throw new CommandFailure(
      io.say(isFailed ? "mailbox.failed" : "mailbox.nobody", { account: question.accountId }),
      isFailed ? exitCode.failed : exitCode.unreachable,
      { cause },
    );
  }
}
