import type { SettledMail } from "./account-record.ts";
import { FINGERPRINT_SECTION, fingerprintOf } from "./fingerprint.ts";
import type { FetchedMail } from "./imap/fetched-mail.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { formatSearchDate } from "./imap/internal-date.ts";
import { formatUidSet } from "./imap/sequence-set.ts";
import { markerOf, type RewriteMarker } from "./rewrite-marker.ts";

const DAY_MS = 86_400_000;
/** Mails per UID FETCH. */
const WINDOW = 500;

/** A mail of the selected folder, as it is known again elsewhere. */
export interface KnownMail extends SettledMail {
  /** Where it was stored anew with its script's changes. */
  readonly marker: RewriteMarker | null;
}

/** Of a mail whose first bytes, or {@link FINGERPRINT_SECTION}, were fetched. */
export function knownMail(mail: FetchedMail): KnownMail {
  const { uid, internalDate, bytes } = mail;
  return { uid, internalDate, fingerprint: fingerprintOf(mail), marker: markerOf(bytes) };
}

/** The mails of the selected folder that `criteria` finds, UIDs below `from` left out; ascending. */
export async function knownMails(session: ImapSession, criteria: string, from = 1): Promise<readonly KnownMail[]> {
  // `n:*` names the last mail even where its UID is below n (RFC 9051 §9).
  const uids = (await session.search(criteria)).filter((uid) => uid >= from);
  const mails: KnownMail[] = [];
  for (let i = 0; i < uids.length; i += WINDOW) {
    await session.fetch(formatUidSet(uids.slice(i, i + WINDOW)), FINGERPRINT_SECTION, (mail) =>
      mails.push(knownMail(mail)),
    );
  }
  return mails.sort((a, b) => a.uid - b.uid);
}

/** Search keys for mail that came on that day (epoch ms) or later. SEARCH knows days only; one more, since servers differ in their zone. */
export function since(time: number): string {
  return time > DAY_MS ? `SINCE ${formatSearchDate(time - DAY_MS)}` : "ALL";
}

/** The same for mail of that day alone. */
export function onDayOf(time: number): string {
  return time > DAY_MS ? `${since(time)} BEFORE ${formatSearchDate(time + 2 * DAY_MS)}` : "ALL";
}
