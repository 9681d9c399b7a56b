/** Mail written by us, each odd in one way, named by its defect. */

interface OddMail {
  readonly name: string;
  readonly raw: Buffer;
}

/** Lines joined by CRLF; `\xHH` in the text are octets. */
export const mail = (...lines: readonly string[]): Buffer => Buffer.from(lines.join("\r\n"), "latin1");

const PLAIN = "Content-Type: text/plain; charset=utf-8";

const parts = (...lines: readonly string[]): Buffer =>
  mail("From: a@b.example", "Subject: parts", 'Content-Type: multipart/mixed; boundary="b"', "", ...lines);

/** Both libraries are expected to read these alike. */
export const ODD_MAILS: readonly OddMail[] = [
  { name: "nothing at all but a subject", raw: mail("Subject: only", "", "") },
  { name: "bare LF line ends", raw: Buffer.from("From: a@b.example\nSubject: lf\n\none\ntwo\n") },
  { name: "no empty line after the header", raw: mail("From: a@b.example", "Subject: no body") },
  { name: "an mbox From line first", raw: mail("From a@b.example Mon Jan  1 10:00:00 2024", "Subject: mbox", "", "x") },
  { name: "a folded subject", raw: mail("Subject: one", " two", "\tthree", "", "x") },
  {
    name: "a subject split inside a character",
    raw: mail("Subject: =?utf-8?B?w6nDqcM=?=", " =?utf-8?B?qQ==?=", "", "x"),
  },
  { name: "blanks before the colon", raw: mail("Subject : spaced", "", "x") },
  { name: "encoded words of two charsets", raw: mail("Subject: =?utf-8?Q?=C3=A9?= =?iso-8859-1?Q?=E9?=", "", "x") },
  { name: "an encoded word with a language", raw: mail("Subject: =?utf-8*fr?Q?=C3=A9t=C3=A9?=", "", "x") },
  { name: "two From fields", raw: mail("From: a@b.example", "From: c@d.example", "", "x") },
  { name: "a group of addresses", raw: mail("To: Team: a@b.example, Zoe <z@b.example>;, c@d.example", "", "x") },
  { name: "an empty group", raw: mail("To: undisclosed-recipients:;", "", "x") },
  { name: "a comma in a quoted name", raw: mail('From: "Doe, John" <john@b.example>', "", "x") },
  { name: "the old form of a name", raw: mail("From: john@b.example (John Doe)", "", "x") },
  {
    name: "a preamble and an epilogue",
    raw: parts("before", "--b", PLAIN, "", "in", "--b--", "after", ""),
  },
  { name: "no closing delimiter", raw: parts("--b", PLAIN, "", "one", "--b", PLAIN, "", "two") },
  { name: "a part without header", raw: parts("--b", "", "bare", "--b--", "") },
  {
    name: "a boundary that begins like another",
    raw: parts(
      "--b",
      'Content-Type: multipart/alternative; boundary="b-inner"',
      "",
      "--b-inner",
      PLAIN,
      "",
      "deep",
      "--b-inner--",
      "--b",
      PLAIN,
      "",
      "flat",
      "--b--",
      "",
    ),
  },
  {
    name: "quoted-printable with soft breaks and wrong escapes",
    raw: mail(PLAIN, "Content-Transfer-Encoding: quoted-printable", "", "caf=C3=A9 =", "and =zz =e2=82=ac", ""),
  },
  {
    name: "base64 without padding",
    raw: mail(PLAIN, "Content-Transfer-Encoding: BASE64", "", "Ym9uam91cg", ""),
  },
  {
    name: "an attachment with a name in sections",
    raw: parts(
      "--b",
      "Content-Type: application/pdf",
      "Content-Disposition: attachment; filename*0*=utf-8''r%C3%A9sum; filename*1*=%C3%A9; filename*2=.pdf",
      "Content-Transfer-Encoding: base64",
      "",
      "AAECAw==",
      "--b--",
      "",
    ),
  },
  {
    name: "an attachment named by an encoded word",
    raw: parts("--b", 'Content-Type: image/png; name="=?utf-8?Q?=C3=A9t=C3=A9.png?="', "", "x", "--b--", ""),
  },
  {
    name: "an attached mail",
    raw: parts("--b", "Content-Type: message/rfc822", "", "Subject: inner", "", "deep", "--b--", ""),
  },
  {
    name: "an inline mail",
    raw: parts(
      "--b",
      "Content-Type: message/rfc822",
      "Content-Disposition: inline",
      "",
      "Subject: inner",
      "",
      "deep",
      "--b--",
      "",
    ),
  },
  {
    name: "a delivery report",
    raw: mail(
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      "",
      "--b",
      PLAIN,
      "",
      "failed",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.example",
      "",
      "Action: failed",
      "--b--",
      "",
    ),
  },
  {
    name: "windows-1251 text",
    raw: mail("Content-Type: text/plain; charset=windows-1251", "", "\xcf\xf0\xe8\xe2\xe5\xf2"),
  },
  { name: "koi8-r text", raw: mail("Content-Type: text/plain; charset=KOI8-R", "", "\xf0\xd2\xc9\xd7\xc5\xd4") },
  { name: "ISO-2022-JP text", raw: mail("Content-Type: text/plain; charset=iso-2022-jp", "", "\x1b$B$3$s\x1b(B") },
  { name: "Shift_JIS text", raw: mail("Content-Type: text/plain; charset=shift_jis", "", "\x82\xb1\x82\xf1") },
  { name: "Big5 text", raw: mail("Content-Type: text/plain; charset=big5", "", "\xa7A\xa6n") },
  { name: "EUC-KR text", raw: mail("Content-Type: text/plain; charset=ks_c_5601-1987", "", "\xbe\xc8\xb3\xe7") },
  { name: "a quoted charset in capitals", raw: mail('Content-Type: TEXT/PLAIN; CHARSET="ISO-8859-15"', "", "10 \xa4") },
  { name: "the euro in windows-1252", raw: mail("Content-Type: text/plain; charset=windows-1252", "", "10 \x80") },
];
