import type { ImapSession } from "./imap-session.ts";
import { asNumber, asText, readFetchItems } from "./response-values.ts";

/** A mail whose flags may have changed, as it is now. */
export interface ChangedMail {
  readonly uid: number;
  readonly flags: readonly string[];
  /** Its mod-sequence, a decimal number. */
  readonly modSeq: string;
}

/** RFC 7162 §3.1.4: the mails of the selected folder with UIDs from 1 to `through` whose mod-sequence is above `modSeq`; ascending. */
export async function changedSince(
  session: ImapSession,
  modSeq: string,
  through: number,
): Promise<readonly ChangedMail[]> {
  const mails = new Map<number, ChangedMail>();
  await session.command(`UID FETCH 1:${through} (UID FLAGS) (CHANGEDSINCE ${modSeq})`, (untagged) => {
    if (untagged.kind !== "FETCH") return false;
    const items = readFetchItems(untagged.raw, untagged.position);
    const [uid, flags, told] = [asNumber(items.get("UID")), items.get("FLAGS"), items.get("MODSEQ")];
    if (uid === 0 || uid > through || !Array.isArray(flags) || !Array.isArray(told)) return false;
    mails.set(uid, { uid, flags: flags.map((value) => asText(value)), modSeq: asText(told[0]) });
    return true;
  });
  return [...mails.values()].sort((a, b) => a.uid - b.uid);
}
