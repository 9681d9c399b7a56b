import type { Origin } from "./program.ts";

/** Answers and notices that a script makes: everything that whoever sends them has to know. */

/** Where a copy of what is sent is stored (RFC 8580 §3). */
export interface Fcc {
  readonly mailbox: string;
  readonly create: boolean;
  readonly flags?: readonly string[];
  /** RFC 8579: an attribute for the mailbox, should it have to be created. */
  readonly specialUse?: string;
}

/**
 * Why nothing is answered: `sender-unknown` and `sender-null` no trusted return path, or the null one; `own` the sender
 * is the owner; `robot` an address of machines; `list` a mailing list; `automatic` made by a machine (RFC 3834 §2);
 * `not-addressed` none of the owner's addresses among the recipients (RFC 5230 §4.5).
 */
export type Silence = "sender-unknown" | "sender-null" | "own" | "robot" | "list" | "automatic" | "not-addressed";

/** The reply of a vacation, but for its Message-ID and Date. */
export interface Reply {
  /** The envelope sender of the mail, to whom the reply goes; its own envelope sender is null (RFC 3834 §3.3). */
  readonly to: string;
  /** The To field: the same address, with the name that the mail gives. */
  readonly toField: string;
  /** The From field. */
  readonly from: string;
  readonly subject: string;
  /** The Message-ID of the mail; "" when it has none. */
  readonly inReplyTo: string;
  readonly references: string;
  /** `mime`: a MIME entity with its own header, else plain text (RFC 5230 §4.4). */
  readonly mime: boolean;
  readonly text: string;
}

/** RFC 5230: answer the sender, once in a while. */
export interface Vacation {
  readonly kind: "vacation";
  /** Time between two replies to one sender for one handle, within the limits. */
  readonly seconds: number;
  /** RFC 5230 §4.2: replies of different handles do not hold up each other. Made of the reply where none is given. */
  readonly handle: string;
  /** null where nothing must be answered; `silence` says why. */
  readonly reply: Reply | null;
  readonly silence?: Silence;
  readonly fcc?: Fcc;
  readonly origin: Origin;
}

/** RFC 5429: refuse the mail. After delivery that is an MDN for `reject`, a DSN for `ereject`, both from <>. */
export interface Rejection {
  readonly kind: "reject";
  readonly form: "reject" | "ereject";
  readonly reason: string;
  /** The envelope sender; null where nobody must be told: then the mail goes to Junk or stays. */
  readonly to: string | null;
  readonly silence?: Silence;
  readonly origin: Origin;
}

/** RFC 5435: tell somebody. */
export interface Notify {
  readonly kind: "notify";
  /** The method's URI. */
  readonly method: string;
  readonly importance: 1 | 2 | 3;
  readonly options: readonly string[];
  /** What `:message` gave, else what the method makes of the mail. */
  readonly message: string;
  /** Who the notice says that it is from; "" is the owner. */
  readonly from: string;
  /** The mail to send, for the mailto method (RFC 5436); null for a method that is not known, or where `silence` says why. */
  readonly mail: NotifyMail | null;
  readonly silence?: "automatic";
  /** The old notify's `:id`, which `denotify` takes back. */
  readonly id?: string;
  readonly fcc?: Fcc;
  readonly origin: Origin;
}

/** A notification by mail, but for its Message-ID and Date (RFC 5436 §2.7). */
export interface NotifyMail {
  /** Null where the mail's own envelope sender is. */
  readonly envelopeFrom: string | null;
  /** Every address that it goes to, each once. */
  readonly recipients: readonly string[];
  /** Header fields in order, text not yet encoded. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly text: string;
}
