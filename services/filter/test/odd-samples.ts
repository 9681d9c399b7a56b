import {
  bounceTo,
  mail,
  multipart,
  type Reported,
  type ReportSample,
  returnedHeaders,
  words,
} from "./report-shapes.ts";

/** Sent to the address that was made for reports. */
const header = (about: Reported, ...more: readonly string[]): readonly string[] => [
  "Return-Path: <>",
  `To: ${bounceTo(about)}`,
  ...more,
];

const status = (...fields: readonly string[]): readonly string[] => [
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; mx.lycee.example",
  "",
  ...fields,
];

/** MS-OXTNEF: version, and the class of a read receipt. */
const READ_RECEIPT = Buffer.concat([
  Buffer.from("789f3e220100010690080004000000000001000100010880070020000000", "hex"),
  Buffer.from("IPM.Microsoft Mail.Read Receipt\0", "latin1"),
  Buffer.from("0000", "hex"),
]);

/** Reports in shapes that are not those of the RFCs, or that servers on their way made of them. */
export const oddSamples: readonly ReportSample[] = [
  {
    name: "Gmail: delayed, in words alone",
    kind: "dsn",
    action: "delayed",
    text: (about) =>
      mail(
        header(
          about,
          "From: Mail Delivery Subsystem <mailer-daemon@gmail.example>",
          "Subject: Delivery Status Notification (Delay)",
          "Auto-Submitted: auto-replied",
          `X-Failed-Recipients: ${about.recipient}`,
          "",
        ),
        ["There was a temporary problem.", ""],
      ),
  },
  {
    name: "qmail: failed, in words alone",
    kind: "dsn",
    action: "failed",
    text: (about) =>
      mail(header(about, "From: MAILER-DAEMON@lycee.example", "Subject: failure notice", ""), [
        "Hi. This is the qmail-send program at lycee.example.",
        "It could not be delivered.",
        "",
        `<${about.recipient}>:`,
        "No such mailbox. (#5.1.1)",
        "",
        "--- Below this line is a copy of the message.",
        "",
        `Message-ID: ${about.messageId}`,
        "",
        "Bonjour",
        "",
      ]),
  },
  {
    name: "a gateway: a report with a footer around it",
    kind: "dsn",
    action: "failed",
    text: (about) =>
      mail(header(about, "Subject: Non remis"), [
        "Content-Type: multipart/mixed; boundary=outer",
        "",
        "--outer",
        ...multipart(
          "delivery-status",
          words("Non remis."),
          status(`Final-Recipient: rfc822; ${about.recipient}`, "Action: failed", "Status: 5.1.1"),
          returnedHeaders(about),
        ),
        "--outer",
        ...words("Ce message a été vérifié."),
        "--outer--",
        "",
      ]),
  },
  {
    name: "Outlook: read, as winmail.dat",
    kind: "mdn",
    names: "nobody",
    text: (about) =>
      mail(header(about, `From: Anne <${about.recipient}>`, "Subject: Lu : Rentrée"), [
        'Content-Type: application/ms-tnef; name="winmail.dat"',
        "Content-Transfer-Encoding: base64",
        "",
        READ_RECEIPT.toString("base64"),
        "",
      ]),
  },
  {
    name: "a server that writes addresses in capitals",
    kind: "dsn",
    action: "failed",
    text: (about) =>
      mail(
        ["Return-Path: <>", `To: <${bounceTo(about).toUpperCase()}>`],
        multipart(
          "delivery-status",
          words("NON REMIS"),
          status(`Final-Recipient: RFC822; ${about.recipient}`, "ACTION: FAILED", "STATUS: 5.1.1"),
        ),
      ),
  },
  {
    name: "a relay that signs senders (SRS, BATV): the token inside of another address",
    kind: "dsn",
    action: "failed",
    text: (about) =>
      mail(
        ["Return-Path: <>", `To: <prvs=1234abcdef=SRS0=ab1c=XY=academie.example=${bounceTo(about)}>`],
        multipart(
          "delivery-status",
          words("Undelivered"),
          status(`Final-Recipient: rfc822; ${about.recipient}`, "Action: failed", "Status: 5.7.1"),
        ),
      ),
  },
  {
    name: "Zimbra: failed, the part for programs in quoted-printable, without a boundary parameter",
    kind: "dsn",
    action: "failed",
    text: (about) =>
      mail(header(about, "Subject: Undelivered Mail Returned to Sender"), [
        "Content-Type: multipart/report; report-type=delivery-status",
        "",
        "--=_zimbra",
        ...words("Undelivered"),
        "--=_zimbra",
        "Content-Type: message/delivery-status",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Reporting-MTA: dns; zimbra.lycee.example",
        "",
        `Final-Recipient: rfc822; ${about.recipient.replace("@", "=40")}`,
        "Action: fail=",
        "ed",
        "Status: 5.1.1",
        "--=_zimbra--",
        "",
      ]),
  },
  {
    name: "an international address (RFC 6533), expanded on its way",
    kind: "dsn",
    action: "expanded",
    text: (about) =>
      mail(
        header(about),
        multipart("delivery-status", words("Expanded"), [
          "Content-Type: message/global-delivery-status",
          "Content-Transfer-Encoding: 8bit",
          "",
          "Reporting-MTA: dns; mx.lycee.example",
          "",
          `Final-Recipient: utf-8; ${about.recipient.replace("a", "\\x{61}")}`,
          "Action: expanded",
          "Status: 2.0.0",
        ]),
      ),
  },
  {
    name: "Open-Xchange: read, the words in HTML alone",
    kind: "mdn",
    text: (about) =>
      mail(
        header(about, "Subject: Accusé de lecture"),
        multipart(
          "disposition-notification",
          ["Content-Type: text/html", "", "<p>Lu</p>"],
          [
            "Content-Type: message/disposition-notification; name=MDN.txt",
            "Content-Disposition: attachment; filename=MDN.txt",
            "Content-Transfer-Encoding: 7bit",
            "",
            "Reporting-UA: OX Mail; Open-Xchange",
            `Final-Recipient: rfc822;${about.recipient}`,
            `Original-Message-ID: ${about.messageId}`,
            "Disposition: manual-action/MDN-sent-manually; displayed",
          ],
        ),
      ),
  },
];
