/** What comes back on a mail, in the shapes in which programs write it, in words of ours. */

/** A mail that something comes back on. */
export interface Answered {
  /** Where it comes back to. */
  readonly to: string;
  readonly recipient: string;
  /** With angle brackets. */
  readonly messageId: string;
}

/** A mail, lines ended by CRLF. */
export interface Answer {
  readonly messageId: string;
  readonly raw: string;
}

let count = 0;

function answer(header: readonly string[], body: readonly string[]): Answer {
  const messageId = `<answer-${++count}@college.example>`;
  const lines = [`Date: ${new Date().toUTCString()}`, `Message-ID: ${messageId}`, ...header, "", ...body, ""];
  return { messageId, raw: lines.join("\r\n") };
}

const report = (type: string): readonly string[] => [
  "MIME-Version: 1.0",
  `Content-Type: multipart/report; report-type=${type};`,
  ' boundary="=_report"',
];

const returned = ({ messageId, recipient }: Answered): readonly string[] => [
  "Content-Type: text/rfc822-headers",
  "",
  `Message-ID: ${messageId}`,
  `To: ${recipient}`,
  "Subject: Rentree",
];

/** As Postfix writes it (RFC 3464). */
export function delivery(
  about: Answered,
  { action, status }: { readonly action: "failed" | "delayed" | "delivered"; readonly status: string },
): Answer {
  const header = [
    "From: MAILER-DAEMON@mx.college.example (Mail Delivery System)",
    `To: ${about.to}`,
    "Subject: Delivery report",
    "Auto-Submitted: auto-replied",
    ...report("delivery-status"),
  ];
  return answer(header, [
    "--=_report",
    "Content-Description: Notification",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    "This is the mail system at host mx.college.example.",
    "",
    "--=_report",
    "Content-Description: Delivery report",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.college.example",
    "X-Postfix-Queue-ID: 4ABCDE",
    "X-Postfix-Sender: rfc822; <>",
    "",
    `Final-Recipient: rfc822; ${about.recipient}`,
    `Original-Recipient: rfc822;${about.recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    "Diagnostic-Code: X-Postfix; what the server said",
    "",
    "--=_report",
    ...returned(about),
    "",
    "--=_report--",
  ]);
}

/** As Thunderbird writes it (RFC 8098); `original`: the Message-ID that it claims to be about, in the place of the mail's own. */
export function displayed(
  about: Answered,
  { original = about.messageId }: { readonly original?: string } = {},
): Answer {
  const header = [
    `From: Anne <${about.recipient}>`,
    `To: ${about.to}`,
    "Subject: Return Receipt (displayed) - Rentree",
    `References: ${about.messageId}`,
    ...report("disposition-notification"),
  ];
  return answer(header, [
    "--=_report",
    "Content-Type: text/plain; charset=UTF-8",
    "",
    "This is a return receipt.",
    "",
    "--=_report",
    'Content-Type: message/disposition-notification; name="MDNPart2.txt"',
    "Content-Disposition: inline",
    "",
    "Reporting-UA: college.example; Thunderbird",
    `Final-Recipient: rfc822;${about.recipient}`,
    `Original-Message-ID: ${original}`,
    "Disposition: manual-action/MDN-sent-manually; displayed",
    "",
    "--=_report",
    ...returned(about),
    "",
    "--=_report--",
  ]);
}

/** A program that answers for its owner (RFC 3834). */
export const autoReply = (about: Answered): Answer =>
  answer(
    [
      `From: Anne <${about.recipient}>`,
      `To: ${about.to}`,
      "Subject: Absente",
      "Auto-Submitted: auto-replied",
      `In-Reply-To: ${about.messageId}`,
    ],
    ["Absente."],
  );
