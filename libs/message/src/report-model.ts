/** What reports about mail say (RFC 6522): delivery (RFC 3464), disposition (RFC 8098), complaints (RFC 5965). */

import type { Entity, MailDate } from "./model.ts";

export type Report = Dsn | Mdn | Arf;

/** An address with its type, as in "rfc822; a@b.example" (RFC 3464 §2.1.2, RFC 6533 §3). */
export interface TypedAddress {
  /** Lower case: "rfc822", "utf-8", "x400" …; "rfc822" where the report names none. */
  readonly type: string;
  /** RFC 3464 §2.3.1: without xtext; the escapes of type "utf-8" are undone. */
  readonly address: string;
}

/** RFC 3464 §2.3.3; "unknown" where the report says something else or nothing. */
export type DeliveryAction = "failed" | "delayed" | "delivered" | "relayed" | "expanded" | "unknown";

/** What a delivery report says about one recipient (RFC 3464 §2.3). */
export interface RecipientReport {
  readonly originalRecipient: TypedAddress | null;
  readonly finalRecipient: TypedAddress | null;
  readonly action: DeliveryAction;
  /** Enhanced status code (RFC 3463) such as "5.1.1"; null when missing or not one. */
  readonly status: string | null;
  readonly remoteMta: string | null;
  /** Diagnostic-Code without its type, such as "550 5.1.1 User unknown". */
  readonly diagnostic: string | null;
  readonly lastAttempt: MailDate | null;
  readonly willRetryUntil: MailDate | null;
  readonly finalLogId: string | null;
}

/** The headers of the mail that a report is about, as far as they came back. */
export interface ReturnedMail {
  /** Message-ID with its angle brackets. */
  readonly messageId: string | null;
  /** The returned mail or its header block, readable like any entity. */
  readonly entity: Entity;
}

/** A delivery status notification (RFC 3464). */
export interface Dsn {
  readonly kind: "dsn";
  readonly reportingMta: string | null;
  /** The ENVID of the submission (RFC 3461 §4.4); RFC 3464 §2.2.1: without xtext. */
  readonly originalEnvelopeId: string | null;
  readonly receivedFromMta: string | null;
  readonly arrivalDate: MailDate | null;
  readonly recipients: readonly RecipientReport[];
  readonly returned: ReturnedMail | null;
}

/** RFC 8098 §3.2.6.2; "unknown" where the report says something else. */
export type DispositionType = "displayed" | "deleted" | "dispatched" | "processed" | "denied" | "failed" | "unknown";

/** Of a recipient of whom nothing is said. */
export const NOTHING_SAID: RecipientReport = {
  originalRecipient: null,
  finalRecipient: null,
  action: "unknown",
  status: null,
  remoteMta: null,
  diagnostic: null,
  lastAttempt: null,
  willRetryUntil: null,
  finalLogId: null,
};

/** A delivery report that says no more than this. */
export const bareDsn = (recipients: readonly RecipientReport[], returned: ReturnedMail | null): Dsn => ({
  kind: "dsn",
  reportingMta: null,
  originalEnvelopeId: null,
  receivedFromMta: null,
  arrivalDate: null,
  recipients,
  returned,
});

/** A message disposition notification (RFC 8098). */
export interface Mdn {
  readonly kind: "mdn";
  readonly reportingUa: string | null;
  readonly originalRecipient: TypedAddress | null;
  readonly finalRecipient: TypedAddress | null;
  /** With its angle brackets. */
  readonly originalMessageId: string | null;
  readonly disposition: DispositionType;
  readonly actionMode: "manual" | "automatic" | "unknown";
  readonly sendingMode: "manual" | "automatic" | "unknown";
  /** Lower case, such as "error". */
  readonly modifiers: readonly string[];
  readonly errors: readonly string[];
  readonly returned: ReturnedMail | null;
}

/** A complaint about a mail, in the Abuse Reporting Format (RFC 5965). */
export interface Arf {
  readonly kind: "arf";
  /** RFC 5965 §3.1, lower case: "abuse", "fraud", "not-spam" …; "other" where the report names none. */
  readonly feedbackType: string;
  readonly originalEnvelopeId: string | null;
  /** The envelope sender of the mail, without angle brackets. */
  readonly originalMailFrom: string | null;
  readonly originalRecipients: readonly string[];
  readonly returned: ReturnedMail | null;
}
