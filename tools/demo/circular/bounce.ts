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

/** The report of a server that took a mail for an address that it does not have (RFC 3464). */
export function bounceOf({ raw, from }: Pick<SunkMail, "raw" | "from">, to: string, at: Date): Buffer {
  const messageId = readMessage(raw).headers("message-id")[0]?.raw().trim() ?? "";
  return compose(
    [
      ["From", `MAILER-DAEMON@${MTA}`],
      ["To", from],
      ["Subject", subject("Courrier non remis")],
      ["Date", mailDate(at)],
      ["Message-ID", `<${randomUUID()}@${MTA}>`],
      ["Auto-Submitted", "auto-generated"],
    ],
    multipart(
      "report",
      [
        text(`Il n'y a pas de boîte ${to}.\n`),
        fields("message/delivery-status", [
          `Reporting-MTA: dns; ${MTA}`,
          "",
          `Final-Recipient: rfc822; ${to}`,
          "Action: failed",
          "Status: 5.1.1",
          "Diagnostic-Code: smtp; 550 5.1.1 no such mailbox",
        ]),
        fields("text/rfc822-headers", [`Message-ID: ${messageId}`]),
      ],
      "; report-type=delivery-status",
    ),
  );
}
