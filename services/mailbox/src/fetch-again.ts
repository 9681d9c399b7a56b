import { fetchMails, type Portion, WINDOW } from "./fetch-mails.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { formatUidSet } from "./imap/sequence-set.ts";
import { now, type ReadMail, readMail } from "./publish-mail.ts";

/** Fetches these UIDs of INBOX for another publication; absent ones are gone. */
export async function fetchAgain(session: ImapSession, uids: readonly number[], portion: Portion): Promise<ReadMail[]> {
  const mails: ReadMail[] = [];
  const seenAt = now();
  const window = WINDOW[portion.reads];
  for (let i = 0; i < uids.length; i += window) {
    await fetchMails(session, formatUidSet(uids.slice(i, i + window)), portion, (mail) =>
      mails.push(readMail(mail, seenAt)),
    );
  }
  return mails.sort((a, b) => a.uid - b.uid);
}
