import { type Bus, RetryLater } from "@tamis/bus";
import { type MailboxAsk, mailboxAnswer, partitionOf, subjects } from "@tamis/contracts";

/** More names than people have rules: whoever has, is not warned. */
const MOST = 500;

/** Which of these folders an account has; `null`: nobody could tell in time. */
export async function existingFolders(
  bus: Pick<Bus, "request">,
  { accountId, names }: { readonly accountId: string; readonly names: readonly string[] },
  timeoutMs: number,
): Promise<readonly string[] | null> {
  if (names.length > MOST) return null;
  const question: MailboxAsk = { op: "mailbox-exists", accountId, mailboxes: names };
  try {
    const reply = await bus.request(
      subjects.mailboxAsk(partitionOf(accountId)),
      new TextEncoder().encode(JSON.stringify(question)),
      { timeoutMs },
    );
    return existing(reply.payload, names);
  } catch (error) {
    if (error instanceof RetryLater) return null;
    throw error;
  }
}

function existing(payload: Uint8Array, names: readonly string[]): readonly string[] | null {
  try {
    const answer = mailboxAnswer.parse(JSON.parse(new TextDecoder().decode(payload)));
    if (answer.kind !== "mailbox-exists") return null;
    const { mailboxes } = answer;
    return names.filter((name) => Object.hasOwn(mailboxes, name) && mailboxes[name] === true);
  } catch {
    return null;
  }
}
