import { html, mailbox, multipart, rawBytes, subject, text } from "./compose.ts";
import { letter, pick, type Sample, STAFF } from "./sample.ts";

const at = (local: string): string => `${local}@${STAFF}`;

const INVITATION = `BEGIN:VCALENDAR
PRODID:-//Example//Calendar//EN
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:meeting-1@twinning.example
DTSTAMP:20261102T080000Z
DTSTART:20261110T130000Z
DTEND:20261110T140000Z
SUMMARY:Preparation of the exchange
ORGANIZER:mailto:anna.kowalska@twinning.example
END:VEVENT
END:VCALENDAR
`;

/** ISO-2022-JP for a greeting: "こんにちは", its bytes written out since nothing here encodes it. */
const GREETING = Buffer.from("1b244224332473244b2441244f1b2842", "hex");

/** Mail in English and Italian, partners abroad, and machines that speak English. */
export const abroad: readonly Sample[] = [
  {
    name: "invitation",
    to: "emily.watson",
    from: "anna.kowalska@twinning.example",
    want: { folder: "Meetings", flags: ["$Meeting"] },
    build: (stamp) =>
      letter({
        from: mailbox("Anna Kowalska", "anna.kowalska@twinning.example"),
        to: at("emily.watson"),
        subject: "Invitation: preparation of the exchange",
        date: stamp.workday,
        body: multipart("alternative", [
          text("You are invited to a meeting.\n", { charset: "us-ascii", encoding: "7bit" }),
          text(INVITATION, { type: "text/calendar", parameters: "; method=REQUEST", encoding: "base64" }),
        ]),
      }),
  },
  {
    name: "twinning-partner",
    to: "emily.watson",
    from: "anna.kowalska@twinning.example",
    want: { folder: "Projects/eTwinning" },
    build: (stamp) =>
      letter({
        from: mailbox("Anna Kowalska", "anna.kowalska@twinning.example"),
        to: at("emily.watson"),
        subject: pick(stamp, ["The pupils' letters", "Logo vote", "Video call on Tuesday"]),
        date: stamp.workday,
        body: text("Dear Emily,\n\nour pupils have written their letters – shall we post them together?\n\nAnna\n"),
      }),
  },
  {
    name: "nagano",
    to: "emily.watson",
    from: "office@nagano-jhs.example",
    want: { folder: "Projects/eTwinning" },
    build: (stamp) =>
      letter({
        from: "=?ISO-2022-JP?B?GyRCRDlMbkNmM1g5OxsoQg==?= <office@nagano-jhs.example>",
        to: at("emily.watson"),
        subject: "=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=",
        date: stamp.workday,
        body: {
          header: [
            ["Content-Type", "text/plain; charset=ISO-2022-JP"],
            ["Content-Transfer-Encoding", "7bit"],
          ],
          body: Buffer.concat([GREETING, Buffer.from("\r\nGreetings from Nagano.\r\n")]),
        },
      }),
  },
  {
    name: "culture-newsletter",
    to: "emily.watson",
    from: "b-99182@bounces.culture-council.example",
    want: { folder: "Newsletters" },
    build: (stamp) =>
      letter({
        from: mailbox("Culture Council", "hello@culture-council.example"),
        to: at("emily.watson"),
        subject: subject("Teaching tips for November \u{1f342}", "utf-8", "B"),
        date: stamp.workday,
        more: [
          ["List-Unsubscribe", "<https://culture-council.example/unsubscribe>"],
          ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"],
        ],
        body: multipart("alternative", [text("Five tips.\n"), html("<h1>Five tips</h1>")]),
      }),
  },
  {
    name: "erasmus-deadline",
    to: "sofia.rossi",
    from: "agency@erasmus-office.example",
    want: { folder: "INBOX", flags: ["\\Flagged", "$Label4"], copies: ["Erasmus/Deadlines"] },
    build: (stamp) =>
      letter({
        from: mailbox("National Agency", "agency@erasmus-office.example"),
        to: at("sofia.rossi"),
        subject: "Erasmus+ KA122: your application",
        date: stamp.workday,
        body: text("Dear applicant,\n\nthe deadline for the final report is 30 November.\n", {
          charset: "us-ascii",
          encoding: "7bit",
        }),
      }),
  },
  {
    name: "mobilita",
    to: "sofia.rossi",
    from: "g.bianchi@scuola-dante.example",
    want: { folder: "Erasmus/Mobility" },
    build: (stamp) =>
      letter({
        from: mailbox("Giulia Bianchi", "g.bianchi@scuola-dante.example"),
        to: at("sofia.rossi"),
        subject: subject("Mobilità degli studenti: elenco definitivo", "iso-8859-1", "Q"),
        date: stamp.workday,
        body: text("Cara Sofia,\n\necco l'elenco: sono diciotto studenti, più due insegnanti.\n", {
          charset: "iso-8859-1",
        }),
      }),
  },
  {
    name: "old-date",
    to: "sofia.rossi",
    from: "segreteria@scuola-dante.example",
    want: { folder: "Odd dates" },
    build: () =>
      letter({
        from: "segreteria@scuola-dante.example",
        to: at("sofia.rossi"),
        subject: "Orari",
        date: new Date("2003-01-01T00:00:10Z"),
        body: text("Orari in allegato.\n", { charset: "us-ascii", encoding: "7bit" }),
      }),
  },
  {
    name: "ticket",
    to: "sofia.rossi",
    from: "helpdesk@support.example",
    want: { folder: "Tickets/48213" },
    build: (stamp) =>
      letter({
        from: mailbox("Helpdesk", "helpdesk@support.example"),
        to: at("sofia.rossi"),
        subject: "[#48213] Your request has been received",
        date: stamp.workday,
        body: text("We will answer within two working days.\n"),
      }),
  },
  {
    name: "server-critical",
    to: "david.nguyen",
    from: "monitor@watch.example",
    want: { folder: "Servers/Critical", flags: ["\\Flagged", "$Label1"] },
    build: (stamp) =>
      letter({
        from: "monitor@watch.example",
        to: at("david.nguyen"),
        subject: `** PROBLEM: pronote-relay/disk is CRITICAL (${90 + (stamp.serial % 10)} %) **`,
        date: stamp.workday,
        more: [["X-Monitor-State", "CRITICAL"]],
        body: text("Disk /srv is nearly full.\n", { charset: "us-ascii", encoding: "7bit" }),
      }),
  },
  {
    name: "server-recovered",
    to: "david.nguyen",
    from: "monitor@watch.example",
    want: { folder: "Servers" },
    build: (stamp) =>
      letter({
        from: "monitor@watch.example",
        to: at("david.nguyen"),
        subject: "** RECOVERY: proxy is UP **",
        date: stamp.workday,
        more: [["X-Monitor-State", "UP"]],
        body: text("Back after 3 minutes.\n", { charset: "us-ascii", encoding: "7bit" }),
      }),
  },
  {
    name: "loop",
    to: "david.nguyen",
    from: "forward@loops.example",
    want: { folder: "Loops" },
    build: (stamp) =>
      letter({
        from: "forward@loops.example",
        to: at("david.nguyen"),
        subject: "Fwd: Fwd: Fwd: Fwd: minutes",
        date: stamp.workday,
        more: Array.from(
          { length: 9 },
          (_, i) =>
            [
              "Received",
              `from hop${i}.loops.example by hop${i + 1}.loops.example; Mon, 2 Nov 2026 08:00:0${i} +0000`,
            ] as const,
        ),
        body: text("See below.\n"),
      }),
  },
  {
    name: "late",
    to: "david.nguyen",
    from: "backup@archive.example",
    want: { folder: "Late" },
    build: (stamp) =>
      letter({
        from: "backup@archive.example",
        to: at("david.nguyen"),
        subject: "Backup report",
        date: stamp.workday,
        more: [
          [
            "Received",
            "from tape.archive.example by archive.example with ESMTP id 7f3; Tue, 14 May 2019 03:00:00 +0000",
          ],
        ],
        body: text("0 errors.\n"),
      }),
  },
  {
    name: "choir",
    to: "david.nguyen",
    from: at("sofia.rossi"),
    want: { folder: "Choir" },
    build: (stamp) =>
      letter({
        from: mailbox("Sofia Rossi", at("sofia.rossi")),
        to: at("david.nguyen"),
        // RFC 6532: UTF-8 in the header as it is.
        subject: rawBytes("♪ Concert de Noël ♪", "utf-8"),
        date: stamp.workday,
        body: text("Shall we sing the Italian one too?\n"),
      }),
  },
];
