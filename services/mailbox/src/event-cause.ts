import type { ImapEvent } from "@tamis/contracts";

/** What is known of a mail that is new in a watched folder and not of our making. */
export interface NewThere {
  /** INTERNALDATE, epoch ms. */
  readonly internalDate: number;
  /** Its fingerprint is that of a mail of INBOX. */
  readonly isKnown: boolean;
  /** The folder was looked at before at this moment, epoch ms. */
  readonly after: number;
}

/** How much clocks may differ, and how long a client may take from its date to its command. */
const LEEWAY_MS = 120_000;

/**
 * Whether it was appended or copied (RFC 6785 §4.3), which IMAP does not tell from outside. COPY and MOVE keep INTERNALDATE
 * (RFC 9051 §6.4.7): a mail that is known, or was there before the folder was last looked at, came so. What is as new as that was
 * appended, or delivered into the folder by the server.
 */
export function causeOf({ internalDate, isKnown, after }: NewThere): Extract<ImapEvent["cause"], "APPEND" | "COPY"> {
  return isKnown || internalDate < after - LEEWAY_MS ? "COPY" : "APPEND";
}
