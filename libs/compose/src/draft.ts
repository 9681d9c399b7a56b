/** Who sends, or is answered. */
export interface Mailbox {
  readonly address: string;
  /** Plain text, of any characters. */
  readonly name?: string;
}

/** A file that goes with every mail. */
export interface Attachment {
  readonly filename: string;
  /** Media type, `application/pdf`. */
  readonly type: string;
  readonly octets: Uint8Array;
}

/**
 * What a circular says, before it is anybody's. `{{field}}` and `{{field|"default"}}` may stand in `subject`, `text`, `html`,
 * `markdown` and the values of `headers`; `\{{` is two braces.
 */
export interface CircularDraft {
  readonly from: Mailbox;
  readonly replyTo?: Mailbox;
  readonly subject: string;
  /** Plain text. Where it is absent, it is derived from the HTML. */
  readonly text?: string;
  /** A document or a piece of one, sent as it is. */
  readonly html?: string;
  /** CommonMark with tables, in the place of `html`. */
  readonly markdown?: string;
  /** HTML inside the Markdown: shown as text (`escape`, the default) or taken as HTML. */
  readonly markdownHtml?: "escape" | "allow";
  readonly attachments: readonly Attachment[];
  /** RFC 2919: `staff.example.org`, or `Staff <staff.example.org>`. */
  readonly listId?: string;
  /** RFC 2369, RFC 8058. `{token}` in the URL and in the address is where each recipient's token goes. */
  readonly unsubscribe?: { readonly url: string; readonly mailto?: string };
  /** What stands below the text, in both of its forms, and may have fields as they do: text goes below text, HTML below HTML and Markdown. */
  readonly postscript?: { readonly text: string; readonly html: string };
  /** Further header fields, plain text by name. Those that this library writes are not allowed. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One recipient, and what is known about them. */
export interface RecipientFields {
  readonly address: string;
  readonly name?: string;
  /** Values by the name of their field (NFC). Blanks around a value do not count. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What makes one mail different from all others. */
export interface MailIdentity {
  /** With or without its angle brackets. The same for each attempt. */
  readonly messageId: string;
  /** When it is sent. */
  readonly date: Date;
  /** An address: asks for a disposition report (RFC 8098 §2.1). */
  readonly dispositionNotificationTo?: string;
  /** Has to be there when the draft has `unsubscribe`. Letters, digits and `-._~` only. */
  readonly unsubscribeToken?: string;
}

/** What stands in the place of the MIME entity that a mail is: the lines of its MIME header, and its body, all ended by CRLF. */
export interface SealedBody {
  readonly header: string;
  /** No blanks at the ends of lines. */
  readonly body: Buffer;
}

/** Closes the MIME entity of a mail, its header and its body, to all but its reader. */
export type Seal = (entity: Buffer) => SealedBody;
