import { boundaryFor, dateText, headerField, type Message, plainEntity, withCrlf } from "@tamis/message";
import type { Notify, Rejection, Vacation } from "./answers.ts";

/** A mail to send. */
export interface OutgoingMail {
  /** The envelope sender; null is <>. */
  readonly from: string | null;
  readonly to: readonly string[];
  /** The whole mail, lines ended by CRLF. */
  readonly raw: string;
}

/** What only the sender knows. */
export interface Posting {
  /** With its angle brackets; the same for the same action on the same mail, so that a repetition can be seen. */
  readonly messageId: string;
  /** Epoch milliseconds. */
  readonly date: number;
  /** Who reports a rejection: the address that the mail was for, and the host that says so. */
  readonly recipient: string;
  readonly host: string;
}

/** The mail that an action sends, of the mail as it came; null where it sends none. */
export function outgoingMail(
  action: Vacation | Rejection | Notify,
  message: Message,
  posting: Posting,
): OutgoingMail | null {
  switch (action.kind) {
    case "vacation":
      return vacationMail(action, posting);
    case "reject":
      return rejectionMail(action, message, posting);
    case "notify":
      return notifyMail(action, posting);
  }
}

function head(fields: readonly (readonly [string, string])[], posting: Posting): string {
  const all = [...fields, ["Date", dateText(posting.date)], ["Message-ID", posting.messageId], ["MIME-Version", "1.0"]];
  return all.map(([name = "", value = ""]) => (value === "" ? "" : headerField(name, value))).join("");
}

// RFC 5230 §5; RFC 3834 §3
function vacationMail({ reply }: Vacation, posting: Posting): OutgoingMail | null {
  if (reply === null) return null;
  const fields = head(
    [
      ["From", reply.from],
      ["To", reply.toField],
      ["Subject", reply.subject],
      ["In-Reply-To", reply.inReplyTo],
      ["References", reply.references],
      ["Auto-Submitted", "auto-replied (vacation)"],
      ["Precedence", "bulk"],
    ],
    posting,
  );
  return {
    from: null,
    to: [reply.to],
    raw: fields + ended(reply.mime ? mimeEntity(reply.text) : plainEntity(reply.text)),
  };
}

/** RFC 5230 §4.4: header and body as the script has them, without a second MIME-Version. */
function mimeEntity(text: string): string {
  return withCrlf(text).replace(/^mime-version:[^\r\n]*\r\n/im, "");
}

/** The last line ends too. */
function ended(text: string): string {
  return text.endsWith("\r\n") ? text : `${text}\r\n`;
}

function notifyMail({ mail }: Notify, posting: Posting): OutgoingMail | null {
  if (mail === null) return null;
  return {
    from: mail.envelopeFrom,
    to: mail.recipients,
    raw: head(mail.fields, posting) + ended(plainEntity(mail.text)),
  };
}

// RFC 5429 §2.2: an MDN tells that the mail was deleted; §2.1: a DSN tells that it was not delivered.
function rejectionMail(action: Rejection, message: Message, posting: Posting): OutgoingMail | null {
  if (action.to === null) return null;
  const isMdn = action.form === "reject";
  const raw = Buffer.from(message.raw.buffer, message.raw.byteOffset, message.raw.byteLength);
  const header = raw.subarray(0, message.bodyStart).toString("latin1");
  const text = `${action.reason}\r\n`;
  const boundary = boundaryFor(Buffer.concat([raw, Buffer.from(text)]));
  const report = isMdn ? dispositionReport(message, posting) : deliveryReport(action, posting);
  const parts = [
    plainEntity(text),
    `Content-Type: message/${isMdn ? "disposition-notification" : "delivery-status"}\r\n\r\n${report}`,
    `Content-Type: text/rfc822-headers\r\n\r\n${asciiLines(header)}`,
  ];
  const fields = head(
    [
      ["From", isMdn ? posting.recipient : `Mail Delivery Subsystem <MAILER-DAEMON@${posting.host}>`],
      ["To", action.to],
      ["Subject", isMdn ? "Automatically rejected mail" : "Undelivered mail returned to sender"],
      ["Auto-Submitted", "auto-replied (rejected)"],
    ],
    posting,
  );
  const type = isMdn ? "disposition-notification" : "delivery-status";
  const start = `Content-Type: multipart/report; report-type=${type};\r\n boundary="${boundary}"\r\n\r\n`;
  const body = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("");
  return { from: null, to: [action.to], raw: `${fields}${start}${body}--${boundary}--\r\n` };
}

// RFC 8098 §3.1
function dispositionReport(message: Message, { recipient, host }: Posting): string {
  const messageId = message.headers("message-id")[0]?.raw() ?? "";
  return [
    `Reporting-UA: ${host}; Tamis`,
    `Final-Recipient: rfc822; ${recipient}`,
    ...(messageId === "" ? [] : [`Original-Message-ID: ${messageId}`]),
    "Disposition: automatic-action/MDN-sent-automatically; deleted",
    "",
  ].join("\r\n");
}

// RFC 3464 §2
function deliveryReport({ reason }: Rejection, { recipient, host }: Posting): string {
  const line = reason
    .replace(/\s+/g, " ")
    .replace(/[^ -~]/g, "?")
    .slice(0, 400);
  return [
    `Reporting-MTA: dns; ${host}`,
    "",
    `Final-Recipient: rfc822; ${recipient}`,
    "Action: failed",
    "Status: 5.7.1",
    `Diagnostic-Code: smtp; 550 5.7.1 ${line}`,
    "",
  ].join("\r\n");
}

/** A header as it came, fit for 7bit: other octets become question marks, lines end with CRLF. */
function asciiLines(header: string): string {
  return withCrlf(header.replace(/[^\t\r\n -~]/g, "?"));
}
