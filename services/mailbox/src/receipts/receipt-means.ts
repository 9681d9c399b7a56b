import { MDN_SENT, RECEIPT_ASKED, RECEIPT_CLAIMED, type ReceiptMeans } from "@tamis/contracts";
import type { ImapSession } from "../imap/imap-session.ts";
import { storableFlags } from "../imap/permanent-flags.ts";

/** Keywords without which nothing is sent: by the first other programs know of it, by the others we do. */
const KEYWORDS = [MDN_SENT, RECEIPT_ASKED, RECEIPT_CLAIMED];

/**
 * Whether the disposition of a mail of the selected folder can be settled there: once, whoever else tries, by a conditional STORE (RFC 7162
 * §3.1.3) of a keyword that the folder keeps (RFC 3503 §3.1).
 */
export function receiptMeansOf(session: Pick<ImapSession, "hasModSeqs" | "selected">): ReceiptMeans {
  if (!session.hasModSeqs) return "no-condstore";
  return storableFlags(KEYWORDS, session.selected).length < KEYWORDS.length ? "no-keywords" : "yes";
}
