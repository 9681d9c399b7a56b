import type { MailboxAnswer, MailboxAsk } from "@tamis/contracts";
import { mailboxesById } from "./imap/mailbox-ids.ts";
import { annotation } from "./imap/metadata.ts";
import type { InboxView } from "./inbox-view.ts";

/** UTF-16 units of all values of one answer: it must fit into one message of the bus. */
const MAX_VALUES = 256 * 1024;

type Ask<Op extends MailboxAsk["op"]> = Extract<MailboxAsk, { readonly op: Op }>;

/** RFC 8474 §4: for every id asked for its folder, or null. */
export async function answerMailboxIds({ session }: InboxView, { ids }: Ask<"mailbox-ids">): Promise<MailboxAnswer> {
  const found = await mailboxesById(session, ids);
  return { kind: "mailbox-ids", mailboxes: Object.fromEntries(ids.map((id) => [id, found.get(id) ?? null])) };
}

/** RFC 5464: a value for every entry asked for, or null. */
export async function answerMetadata({ session }: InboxView, { entries }: Ask<"metadata">): Promise<MailboxAnswer> {
  const values: (string | null)[] = [];
  let room = MAX_VALUES;
  for (const { mailbox, entry } of entries) {
    const value = await annotation(session, mailbox, entry);
    room -= value?.length ?? 0;
    values.push(room < 0 ? null : value);
  }
  return { kind: "metadata", values };
}
