import {
  bounceTo,
  mail,
  multipart,
  type Reported,
  type ReportSample,
  returnedHeaders,
  words,
} from "./report-shapes.ts";

const postfix = (about: Reported, action: string, status: string): string =>
  mail(
    [
      "Return-Path: <>",
      `Delivered-To: ${bounceTo(about)}`,
      "From: MAILER-DAEMON@mx.college.example (Mail Delivery System)",
      "Subject: Delivery Status",
      `To: ${bounceTo(about)}`,
      "Auto-Submitted: auto-replied",
    ],
    multipart(
      "delivery-status",
      words("This is what became of the mail."),
      [
        "Content-Description: Delivery report",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.college.example",
        `Original-Envelope-Id: ${about.token}`,
        "X-Postfix-Queue-ID: 4XyZ",
        "X-Postfix-Sender: rfc822; x@academie.example",
        "Arrival-Date: Mon, 23 Nov 2026 08:00:01 +0100 (CET)",
        "",
        `Final-Recipient: rfc822; ${about.recipient}`,
        `Original-Recipient: rfc822;${about.recipient}`,
        `Action: ${action}`,
        `Status: ${status}`,
        "Remote-MTA: dns; inner.college.example",
        `Diagnostic-Code: smtp; 550 ${status} as it was said`,
      ],
      ["Content-Description: Undelivered Message Headers", ...returnedHeaders(about)],
    ),
  );

/** Delivery reports (RFC 3464). */
export const deliverySamples: readonly ReportSample[] = [
  { name: "Postfix: failed", kind: "dsn", text: (about) => postfix(about, "failed", "5.1.1") },
  { name: "Postfix: delayed", kind: "dsn", text: (about) => postfix(about, "delayed", "4.4.1") },
  {
    name: "Postfix: delivered",
    kind: "dsn",
    text: (about) => postfix(about, "delivered", "2.0.0"),
  },
  { name: "Postfix: relayed", kind: "dsn", text: (about) => postfix(about, "relayed", "2.0.0") },
  {
    name: "Exim: failed, with the whole mail",
    kind: "dsn",
    text: (about) =>
      mail(
        [
          "Return-path: <>",
          `Envelope-to: ${bounceTo(about)}`,
          `X-Failed-Recipients: ${about.recipient}`,
          "Auto-Submitted: auto-replied",
          "From: Mail Delivery System <Mailer-Daemon@lycee.example>",
          `To: ${bounceTo(about)}`,
          "References: <1@lycee.example>",
        ],
        multipart(
          "delivery-status",
          words("It could not be delivered."),
          [
            "Content-type: message/delivery-status",
            "",
            "Reporting-MTA: dns; lycee.example",
            "",
            "Action: failed",
            `Final-Recipient: rfc822;${about.recipient}`,
            "Status: 5.0.0",
          ],
          ["Content-type: message/rfc822", "", ...returnedHeaders(about).slice(2), "", "Bonjour"],
        ),
      ),
  },
  {
    name: "Exim: failed, in words alone",
    kind: "dsn",
    text: (about) =>
      mail(
        [
          "Return-path: <>",
          `X-Failed-Recipients: ${about.recipient}`,
          "Auto-Submitted: auto-replied",
          "From: Mail Delivery System <Mailer-Daemon@lycee.example>",
          `To: ${bounceTo(about)}`,
          "",
        ],
        ["It could not be delivered.", ""],
      ),
  },
  {
    name: "Exchange: failed, without an ENVID",
    kind: "dsn",
    text: (about) =>
      mail(
        [
          "From: Microsoft Outlook <postmaster@ecole.example>",
          `To: <${bounceTo(about)}>`,
          "X-MS-Exchange-Message-Is-Ndr:",
          "Content-Language: fr-FR",
          `In-Reply-To: ${about.messageId}`,
          "X-Auto-Response-Suppress: DR, OOF, AutoReply",
        ],
        multipart(
          "delivery-status",
          ["Content-Type: multipart/alternative; boundary=alt", "", "--alt", ...words("Non remis"), "--alt--"],
          [
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns;EX01.ecole.example",
            "Received-From-MTA: dns;mx.academie.example",
            "Arrival-Date: Mon, 23 Nov 2026 07:00:02 +0000",
            "",
            `Original-Recipient: rfc822;${about.recipient}`,
            `Final-Recipient: rfc822;${about.recipient}`,
            "Action: failed",
            "Status: 5.2.2",
            "Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver",
            "X-Display-Name: Anne",
          ],
          ["Content-Type: message/rfc822", "", ...returnedHeaders(about).slice(2), "", "Bonjour"],
        ),
      ),
  },
  {
    name: "Oracle Messaging Server: delivered",
    kind: "dsn",
    text: (about) =>
      mail(
        [
          "From: Internet Mail Delivery <postmaster@mta.rectorat.example>",
          `To: ${bounceTo(about)}`,
          "Subject: Delivery Notification: Delivery has been successful",
        ],
        multipart(
          "delivery-status",
          words("Delivered."),
          [
            "Content-type: message/delivery-status",
            "",
            `Original-envelope-id: ${about.token}`,
            "Reporting-MTA: dns;mta.rectorat.example (tcp-daemon)",
            "",
            `Original-recipient: rfc822;${about.recipient}`,
            `Final-recipient: rfc822;${about.recipient}`,
            "Action: delivered",
            "Status: 2.1.5 (Destination address valid)",
          ],
          ["Content-type: message/rfc822", "", ...returnedHeaders(about).slice(2), "", ""],
        ),
      ),
  },
  {
    name: "Gmail: failed",
    kind: "dsn",
    text: (about) =>
      mail(
        [
          "From: Mail Delivery Subsystem <mailer-daemon@gmail.example>",
          `To: ${bounceTo(about)}`,
          "Auto-Submitted: auto-replied",
          `X-Failed-Recipients: ${about.recipient}`,
          `In-Reply-To: ${about.messageId}`,
          `References: ${about.messageId}`,
        ],
        multipart(
          "delivery-status",
          ["Content-Type: multipart/related; boundary=rel", "", "--rel", ...words("Adresse introuvable"), "--rel--"],
          [
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; gmail.example",
            "Arrival-Date: Sun, 22 Nov 2026 23:00:00 -0800 (PST)",
            `X-Original-Message-ID: ${about.messageId}`,
            "",
            `Final-Recipient: rfc822; ${about.recipient}`,
            "Action: failed",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550-5.1.1 no such account",
          ],
          ["Content-Type: message/rfc822", "", ...returnedHeaders(about).slice(2), "", ""],
        ),
      ),
  },
];
