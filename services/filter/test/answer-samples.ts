import { bounceTo, mail, multipart, type ReportSample, returnedHeaders, words } from "./report-shapes.ts";

/** What programs of recipients answer: dispositions (RFC 8098), complaints (RFC 5965), automatic replies (RFC 3834). */
export const answerSamples: readonly ReportSample[] = [
  {
    name: "Thunderbird: displayed",
    kind: "mdn",
    text: (about) =>
      mail(
        [
          `From: Anne <${about.recipient}>`,
          `To: ${bounceTo(about)}`,
          "Subject: Return Receipt (displayed) - Rentrée",
          `References: ${about.messageId}`,
        ],
        multipart(
          "disposition-notification",
          words("A receipt."),
          [
            'Content-Type: message/disposition-notification; name="MDNPart2.txt"',
            "Content-Disposition: inline",
            "",
            "Reporting-UA: college.example; Thunderbird",
            `Final-Recipient: rfc822;${about.recipient}`,
            `Original-Message-ID: ${about.messageId}`,
            "Disposition: manual-action/MDN-sent-manually; displayed",
          ],
          [
            'Content-Type: text/rfc822-headers; name="MDNPart3.txt"',
            "Content-Transfer-Encoding: 7bit",
            ...returnedHeaders(about).slice(1),
          ],
        ),
      ),
  },
  {
    name: "Outlook: displayed, without what came back",
    kind: "mdn",
    text: (about) =>
      mail(
        [
          `From: Anne <${about.recipient}>`,
          `To: <${bounceTo(about)}>`,
          "Subject: Lu : Rentrée",
          "Thread-Index: AQHa",
          `In-Reply-To: ${about.messageId}`,
        ],
        multipart("disposition-notification", words("Votre message"), [
          "Content-Type: message/disposition-notification",
          "",
          "Reporting-UA: EX01.ecole.example; Microsoft Exchange",
          `Original-Recipient: rfc822;${about.recipient}`,
          `Final-Recipient: rfc822;${about.recipient}`,
          `Original-Message-ID: ${about.messageId}`,
          "Disposition: automatic-action/MDN-sent-automatically; displayed",
          "X-MSExch-Correlation-Key: abc",
        ]),
      ),
  },
  {
    name: "Outlook: deleted without being read",
    kind: "mdn",
    text: (about) =>
      mail(
        [`From: Anne <${about.recipient}>`, `To: <${bounceTo(about)}>`, "Subject: Non lu : Rentrée"],
        multipart("disposition-notification", words("Votre message"), [
          "Content-Type: message/disposition-notification",
          "Content-Transfer-Encoding: base64",
          "",
          Buffer.from(
            `Final-Recipient: rfc822;${about.recipient}\r\nOriginal-Message-ID: ${about.messageId}\r\n` +
              "Disposition: automatic-action/MDN-sent-automatically; deleted\r\n",
          ).toString("base64"),
        ]),
      ),
  },
  {
    name: "Convergence: displayed",
    kind: "mdn",
    text: (about) =>
      mail(
        [`From: ${about.recipient}`, `To: ${bounceTo(about)}`, "Subject: Accusé de lecture"],
        multipart(
          "disposition-notification",
          words("Lu."),
          [
            "Content-type: message/disposition-notification",
            "",
            "Reporting-UA: mta.rectorat.example; Convergence",
            `Original-recipient: rfc822;${about.recipient}`,
            `Final-recipient: rfc822;${about.recipient}`,
            `Original-Message-ID: ${about.messageId}`,
            "Disposition: manual-action/MDN-sent-manually;",
            " displayed",
          ],
          returnedHeaders(about, "message/rfc822-headers"),
        ),
      ),
  },
  {
    name: "a complaint of a provider",
    kind: "arf",
    text: (about) =>
      mail(
        ["From: <feedback@provider.example>", "To: <abuse@academie.example>", "Subject: FW: Rentrée"],
        multipart(
          "feedback-report",
          words("A complaint."),
          [
            "Content-Type: message/feedback-report",
            "",
            "Feedback-Type: abuse",
            "User-Agent: Feedback/1.0",
            "Version: 1",
            `Original-Mail-From: <${bounceTo(about)}>`,
            `Original-Rcpt-To: <${about.recipient}>`,
          ],
          ["Content-Type: message/rfc822", "", ...returnedHeaders(about).slice(2), "", "Bonjour"],
        ),
      ),
  },
  {
    name: "a vacation reply",
    kind: "auto-reply",
    text: (about) =>
      mail(
        [
          "Return-Path: <>",
          `From: Anne <${about.recipient}>`,
          `To: ${bounceTo(about)}`,
          "Auto-Submitted: auto-replied",
          `In-Reply-To: ${about.messageId}`,
          "",
        ],
        ["Absente.", ""],
      ),
  },
  {
    name: "out of office of Zimbra",
    kind: "auto-reply",
    text: (about) =>
      mail(
        [
          "Return-Path: <>",
          `From: Anne <${about.recipient}>`,
          `To: ${bounceTo(about)}`,
          "Subject: Re: Rentrée",
          "Auto-Submitted: auto-replied (zimbra; vacation)",
          "Precedence: bulk",
          "",
        ],
        ["Absente.", ""],
      ),
  },
  {
    name: "out of office of Gmail, to whoever wrote the circular",
    kind: "auto-reply",
    text: (about) =>
      mail(
        [
          "Return-Path: <>",
          `From: Anne <${about.recipient}>`,
          "To: Rectorat <rectorat@academie.example>",
          "Auto-Submitted: auto-replied",
          "Precedence: bulk",
          "X-Autoreply: yes",
          `References: ${about.messageId}`,
          `In-Reply-To: ${about.messageId}`,
          "",
        ],
        ["Absente.", ""],
      ),
  },
  ...(
    [
      ["Exchange 2007", "Out of Office AutoReply: Rentrée"],
      ["Exchange 2007, in French", "Absence du bureau : Rentrée"],
      ["an Outlook rule", "=?iso-8859-1?Q?R=E9ponse_automatique_:_Rentr=E9e?="],
      ["Convergence, in words of its owner's", "Message d'absence"],
      ["Notes", "AUTO: Anne Martin est absente du bureau (retour 01/12/2026)"],
    ] as const
  ).map(
    ([program, subject]): ReportSample => ({
      name: `out of office of ${program}: its subject alone says so`,
      kind: "auto-reply",
      text: (about) =>
        mail(
          [`From: Anne <${about.recipient}>`, `To: ${bounceTo(about)}`, `Subject: ${subject}`, ""],
          ["Absente.", ""],
        ),
    }),
  ),
  {
    name: "out of office of Exchange",
    kind: "auto-reply",
    text: (about) =>
      mail(
        [
          `From: Anne <${about.recipient}>`,
          `To: ${bounceTo(about)}`,
          "Auto-Submitted: auto-generated",
          "X-Auto-Response-Suppress: All",
          `In-Reply-To: ${about.messageId}`,
          "",
        ],
        ["Absente.", ""],
      ),
  },
];
