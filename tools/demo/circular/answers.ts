import { randomUUID } from "node:crypto";
import { readMessage } from "@tamis/message";
import type { SunkMail } from "@tamis/testkit";
import { compose, mailDate, multipart, type Part, subject, text } from "../mails/compose.ts";
import { STAFF } from "../mails/sample.ts";

const MTA = `mx.${STAFF}`;

const fields = (type: string, lines: readonly string[]): Part => ({
  header: [["Content-Type", type]],
  body: Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1"),
});

type Answered = Pick<SunkMail, "raw" | "from">;

const idOf = ({ raw }: Answered): string => readMessage(raw).headers("message-id")[0]?.raw().trim() ?? "";

type Report = {
  readonly kind: "delivery-status" | "disposition-notification";
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly at: Date;
};

function reportOn(mail: Answered, { kind, from, at, ...report }: Report): Buffer {
  return compose(
    [
      ["From", from],
      ["To", mail.from],
      ["Subject", subject(report.subject)],
      ["Date", mailDate(at)],
      ["Message-ID", `<${randomUUID()}@${MTA}>`],
      ["Auto-Submitted", kind === "delivery-status" ? "auto-generated" : "auto-replied"],
    ],
    multipart(
      "report",
      [
        text(report.text),
        fields(`message/${kind}`, report.lines),
        fields("text/rfc822-headers", [`Message-ID: ${idOf(mail)}`]),
      ],
      `; report-type=${kind}`,
    ),
  );
}

/** The report of a server that took a mail for an address that it does not have (RFC 3464). */
export const bounceOf = (mail: Answered, to: string, at: Date): Buffer =>
  reportOn(mail, {
    kind: "delivery-status",
    from: `MAILER-DAEMON@${MTA}`,
    subject: "Courrier non remis",
    text: `Il n'y a pas de boîte ${to}.\n`,
    lines: [
      `Reporting-MTA: dns; ${MTA}`,
      "",
      `Final-Recipient: rfc822; ${to}`,
      "Action: failed",
      "Status: 5.1.1",
      "Diagnostic-Code: smtp; 550 5.1.1 no such mailbox",
    ],
    at,
  });

/** What a reader's mail program sends who agrees to tell that a mail was displayed; null where that is not asked for (RFC 8098 §2.1, §3). */
export function readingOf(mail: Answered, to: string, at: Date): Buffer | null {
  if (readMessage(mail.raw).headers("disposition-notification-to").length === 0) return null;
  return reportOn(mail, {
    kind: "disposition-notification",
    from: to,
    subject: "Lu",
    text: `${to} a affiché ce courrier.\n`,
    lines: [
      "Reporting-UA: courrier.example; demonstration",
      `Final-Recipient: rfc822; ${to}`,
      `Original-Message-ID: ${idOf(mail)}`,
      "Disposition: manual-action/MDN-sent-manually; displayed",
    ],
    at,
  });
}
