import { boundaryFor, dateText, headerField, type Message, plainEntity } from "@tamis/message";
import type { Report } from "./actions.ts";
import type { Posting } from "./outgoing-mail.ts";

/** Who the report says that it is from. */
export interface ReportPosting extends Pick<Posting, "messageId" | "date"> {
  readonly from: string;
}

/** A feedback report about the mail as it came (RFC 5965 §2); it needs the mail whole, or its header where that is all that goes. */
export function feedbackReport(report: Report, about: Message, posting: ReportPosting): Uint8Array {
  const text = plainEntity(report.message);
  const feedback = [
    "Content-Type: message/feedback-report\r\n\r\n",
    headerField("Feedback-Type", report.feedbackType),
    headerField("User-Agent", "Tamis"),
    headerField("Version", "1"),
  ].join("");
  const original = report.headersOnly ? about.raw.subarray(0, about.bodyStart) : about.raw;
  const type = report.headersOnly ? "text/rfc822-headers" : "message/rfc822";
  const boundary = boundaryFor(Buffer.concat([Buffer.from(text), original]));
  const header = [
    headerField("Message-ID", posting.messageId),
    headerField("Date", dateText(posting.date)),
    headerField("From", posting.from),
    headerField("To", report.address),
    headerField("Subject", `Report: ${about.headers("subject")[0]?.text() ?? ""}`),
    headerField("Auto-Submitted", "auto-generated (report)"),
    headerField("MIME-Version", "1.0"),
    `Content-Type: multipart/report; report-type=feedback-report; boundary="${boundary}"\r\n\r\n`,
  ].join("");
  const open = `--${boundary}\r\n`;
  const before = `${header}${open}${text}\r\n${open}${feedback}\r\n${open}Content-Type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(before), original, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}
