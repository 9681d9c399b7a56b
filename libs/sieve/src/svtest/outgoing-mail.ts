import type { Message } from "@tamis/message";
import type { Report } from "../actions.ts";
import type { Notify, Rejection, Reply } from "../answers.ts";
import { boundaryFor, dateText, headerField, plainEntity, withCrlf } from "../mime-writer.ts";

type Fields = readonly (readonly [name: string, value: string])[];

/** What a mail that a test file sends is made from. */
interface Draft {
  readonly fields: Fields;
  /** Header and body of the content, in pieces. */
  readonly entity: readonly (string | Uint8Array)[];
}

/** Header fields that every mail has (RFC 5322 §3.6), then those given, then the content. */
function mailOf({ fields, entity }: Draft, now: number): Uint8Array {
  const own: Fields = [
    ["Message-ID", `<test.${now}@example.org>`],
    ["Date", dateText(now)],
  ];
  const header = [...own, ...fields, ["MIME-Version", "1.0"] as const]
    .filter(([, value]) => value !== "")
    .map(([name, value]) => headerField(name, value))
    .join("");
  return Buffer.concat([header, ...entity].map((piece) => Buffer.from(piece)));
}

/** The reply of a vacation (RFC 5230 §5). */
export function replyMail(reply: Reply, now: number): Uint8Array {
  const fields: Fields = [
    ["From", reply.from],
    ["To", reply.toField],
    ["Subject", reply.subject],
    ["In-Reply-To", reply.inReplyTo],
    ["References", reply.references],
    // RFC 3834 §3.1.7
    ["Auto-Submitted", "auto-replied (vacation)"],
    ["Precedence", "bulk"],
  ];
  return mailOf({ fields, entity: [reply.mime ? withCrlf(reply.text) : plainEntity(reply.text)] }, now);
}

/** A notification by mail (RFC 5436 §2.7). */
export function noticeMail(notify: Notify, now: number): Uint8Array | null {
  return notify.mail === null
    ? null
    : mailOf({ fields: notify.mail.fields, entity: [plainEntity(notify.mail.text)] }, now);
}

/** The refusal: an MDN that says that the mail was deleted (RFC 5429 §2.2.1, RFC 8098). */
export function refusalMail(
  rejection: Rejection,
  {
    to,
    recipient,
    refused,
    now,
  }: { readonly to: string; readonly recipient: string; readonly refused: Uint8Array; readonly now: number },
): Uint8Array {
  const text = plainEntity(`Your message was refused by ${recipient}:\r\n\r\n${rejection.reason}\r\n`);
  const status = [
    "Content-Type: message/disposition-notification\r\n\r\n",
    headerField("Reporting-UA", "Tamis"),
    headerField("Final-Recipient", `rfc822; ${recipient}`),
    headerField("Disposition", "automatic-action/MDN-sent-automatically; deleted"),
  ].join("");
  const entity = reportEntity("disposition-notification", [text, status], enclosed(refused));
  const fields: Fields = [
    ["From", "Mail Delivery Subsystem <postmaster@example.com>"],
    ["To", to],
    ["Subject", "Refused message"],
    ["Auto-Submitted", "auto-replied (rejected)"],
  ];
  return mailOf({ fields, entity }, now);
}

/** A feedback report about the mail (RFC 5965 §2). */
export function reportMail(
  report: Report,
  { sender, about, now }: { readonly sender: string; readonly about: Message; readonly now: number },
): Uint8Array {
  const text = plainEntity(report.message);
  const feedback = [
    "Content-Type: message/feedback-report\r\n\r\n",
    headerField("Feedback-Type", report.feedbackType),
    headerField("User-Agent", "Tamis"),
    headerField("Version", "1"),
  ].join("");
  const original = report.headersOnly
    ? ["Content-Type: text/rfc822-headers\r\n\r\n", about.raw.subarray(0, about.root.bodyStart)]
    : enclosed(about.raw);
  const fields: Fields = [
    ["From", sender],
    ["To", report.address],
    ["Subject", `Report: ${about.headers("subject")[0]?.text() ?? ""}`],
    ["Auto-Submitted", "auto-generated (report)"],
  ];
  const entity = reportEntity("feedback-report", [text, feedback], original);
  return mailOf({ fields, entity }, now);
}

const enclosed = (raw: Uint8Array): readonly (string | Uint8Array)[] => ["Content-Type: message/rfc822\r\n\r\n", raw];

/** A multipart/report: its text, what machines read, the mail that it is about. */
function reportEntity(
  type: string,
  parts: readonly string[],
  about: readonly (string | Uint8Array)[],
): readonly (string | Uint8Array)[] {
  const boundary = boundaryFor(Buffer.concat([...parts, ...about].map((piece) => Buffer.from(piece))));
  const open = `--${boundary}\r\n`;
  return [
    `Content-Type: multipart/report; report-type=${type}; boundary="${boundary}"\r\n\r\n`,
    ...parts.flatMap((part) => [open, part, "\r\n"]),
    open,
    ...about,
    `\r\n--${boundary}--\r\n`,
  ];
}
