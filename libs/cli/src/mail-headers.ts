import type { Bus } from "@tamis/bus";
import { STORED_MAILS_PER_ASK } from "@tamis/contracts";
import { readMessage } from "@tamis/message";
import { askMailbox } from "./ask-mailbox.ts";
import type { Surroundings } from "./surroundings.ts";

/** What names a mail to a person. */
export interface MailHeaders {
  /** INTERNALDATE, epoch ms. */
  readonly internalDate: number;
  /** Display name of the sender, else the address. */
  readonly from: string;
  readonly subject: string;
}

/** Asks `mailbox` for the header fields of stored mails. Those that are gone, or in folders that cannot be read now, are left out. */
export async function readHeaders(
  bus: Bus,
  accountId: string,
  mails: readonly { readonly mailId: string; readonly folder: string }[],
  io: Surroundings,
): Promise<ReadonlyMap<string, MailHeaders>> {
  const found = new Map<string, MailHeaders>();
  for (const [folder, inFolder] of Map.groupBy(mails, (mail) => mail.folder)) {
    for (let i = 0; i < inFolder.length; i += STORED_MAILS_PER_ASK) {
      const mailIds = inFolder.slice(i, i + STORED_MAILS_PER_ASK).map(({ mailId }) => mailId);
      const answer = await askMailbox(bus, { op: "headers", accountId, folder, mailIds }, io);
      for (const mail of answer.kind === "headers" ? answer.mails : [])
        found.set(mail.mailId, { internalDate: mail.internalDate, ...readFields(Buffer.from(mail.header, "base64")) });
    }
  }
  return found;
}

/** From and Subject as a person reads them, on one line each. */
export function readFields(header: Uint8Array): Pick<MailHeaders, "from" | "subject"> {
  const message = readMessage(header);
  const [sender] = message.headers("from")[0]?.addresses() ?? [];
  return {
    from: onOneLine(sender === undefined ? "" : sender.name || sender.address),
    subject: onOneLine(message.headers("subject")[0]?.text() ?? ""),
  };
}

/** Without what would act on a terminal: control characters, and those that turn the direction of writing. */
function onOneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, " ").trim();
}
