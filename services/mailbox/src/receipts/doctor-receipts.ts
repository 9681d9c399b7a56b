import { type Account, sectionNames } from "@tamis/kit";
import type { Note } from "../doctor.ts";
import { remarks } from "../doctor-texts.ts";
import type { ImapSession } from "../imap/imap-session.ts";

/** The services without which nobody answers. */
const NEEDED = ["receipts", "outbox"];

/** What stands in the way of answering receipts for the account; nothing where its owner's program does. `file`: tamis.yaml. */
export function noteReceipts(
  session: Pick<ImapSession, "hasModSeqs">,
  { account, file }: { readonly account: Account; readonly file: string },
  note: Note,
): void {
  if (account.receipts === undefined) return;
  const written = sectionNames(file);
  const missing = NEEDED.filter((name) => !written.includes(name));
  if (missing.length > 0) note("receipts", remarks["receipts-unanswered"], { sections: missing.join(", ") });
  else note("receipts", session.hasModSeqs ? remarks["receipts-answered"] : remarks["receipts-no-condstore"]);
}
