// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Sieve are written like this
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { mailOf, plainMail } from "../decide.ts";
import { smallMail, soundScript, tokenSoup } from "../random.ts";

/** A script and a mail to try it on; the characters of the mail are its octets. */
export interface FuzzCase {
  readonly script: string;
  readonly mail: string;
}

function textsIn(folder: string, ending: string): readonly string[] {
  const url = new URL(`../${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(new URL(name, url), "utf8"));
}

/** Scripts written by us: what they hold is a better start than anything random. */
const written: readonly string[] = [...textsIn("rfcs", ".sieve"), ...textsIn("bad", ".sieve")];

const enclosed = [
  "Content-Type: message/rfc822",
  "",
  "Subject: inner",
  "Content-Type: text/html",
  "",
  "<p>in &amp; out",
];

const mails: readonly string[] = [
  plainMail,
  mailOf("Subject: =?utf-8?b?w6k=?= =?iso-8859-1?q?=E9?=", "Content-Transfer-Encoding: base64", "", "w6k=", "w6k"),
  mailOf(
    "From: a@b.example",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "caf=C3=A9 =",
    "and =zz =e2=82=ac  ",
    "",
  ),
  mailOf("Content-Type: text/html; charset=windows-1252", "", "<html><style>x</style><p a='b>c'>1 &lt; 2<br>&#128;"),
  mailOf(
    "To: Team: a@b.example, (c) <d@e.example>;, root",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    "Content-Disposition: attachment; filename*0*=utf-8''r%C3%A9; filename*1=.pdf",
    "",
    "one",
    "--b",
    ...enclosed,
    "--b",
    'Content-Type: multipart/alternative; boundary="b-in"',
    "",
    "--b-in",
    "",
    "two",
    "--b-in--",
    "--b--",
  ),
];

/** One change to a text: its places are numbers that are taken modulo the length. */
interface Change {
  readonly kind: "delete" | "repeat" | "insert" | "swap" | "cut";
  readonly at: number;
  readonly length: number;
  readonly piece: string;
}

const change = (piece: fc.Arbitrary<string>): fc.Arbitrary<Change> =>
  fc.record({
    kind: fc.constantFrom("delete", "repeat", "insert", "insert", "swap", "cut"),
    at: fc.nat(),
    length: fc.integer({ min: 1, max: 40 }),
    piece,
  });

/** Longest text that repetitions may lead to. */
const LONGEST = 20_000;

function changed(text: string, { kind, at, length, piece }: Change): string {
  const start = text.length === 0 ? 0 : at % text.length;
  const end = Math.min(text.length, start + length);
  switch (kind) {
    case "delete":
      return text.slice(0, start) + text.slice(end);
    case "repeat":
      return (text.slice(0, start) + text.slice(start, end).repeat(1 + (length % 9)) + text.slice(end)).slice(
        0,
        LONGEST,
      );
    case "insert":
      return text.slice(0, start) + piece + text.slice(start);
    case "swap":
      return text.slice(end) + text.slice(start, end) + text.slice(0, start);
    case "cut":
      return text.slice(0, end);
  }
}

function mutated(origin: fc.Arbitrary<string>, piece: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(origin, fc.array(change(piece), { minLength: 1, maxLength: 6 }))
    .map(([text, changes]) => changes.reduce(changed, text));
}

/** Pieces that end, open or hide each other, and numbers at their limits. */
const scriptPiece = fc.constantFrom(
  ...'{|}|(|)|[|]|;|,|"|\\|#|/*|*/|text:\r\n|.\r\n|..\n|\r\n| |\t|:|:is|:matches|:regex|:contains|:count "gt"|:value "le"|not |anyof (|allof (|if true {|foreverypart {|stop;|keep;|discard;|fileinto "x";|\u0000|\u00e9|\u{1f600}|4294967296|18446744073709551616|2G|K|"${a}"|"${1}"|"${hex:41}"|"${unicode:d800}"|"(((a*)*)*)*"|"[[:alpha:]"|"a{1,255}{1,255}"|"*?*?*?*"|require |"variables"|:comparator "i;octet"'.split(
    "|",
  ),
);

const mailPiece = fc.constantFrom(
  ...'\r\n|\n|\r|\r\n\r\n|:|;|,|<|>|@|"|\\|(|)|=|=?|?=|=?utf-8?q?|=?utf-8?b?w6k=?=|=?x?z?|=\r\n|=C3|=C3=A9|\u0000|\u00ff|\u00c3\u00a9|--b|--b--|\r\n--b\r\n|\r\n--b--\r\n|Subject: |From: |To: |Date: |Content-Type: multipart/mixed; boundary=b\r\n|Content-Type: message/rfc822\r\n|Content-Type: text/html\r\n|Content-Transfer-Encoding: base64\r\n|Content-Transfer-Encoding: quoted-printable\r\n|charset=utf-7|charset="iso-2022-kr"|<script>|<!--|&#0;|&amp|<b a=\'|boundary*0=b'.split(
    "|",
  ),
);

const script = fc.oneof(
  { arbitrary: soundScript, weight: 4 },
  { arbitrary: mutated(soundScript, scriptPiece), weight: 3 },
  { arbitrary: mutated(fc.constantFrom(...written), scriptPiece), weight: 3 },
  { arbitrary: tokenSoup, weight: 2 },
  { arbitrary: fc.array(scriptPiece, { maxLength: 60 }).map((pieces) => pieces.join("")), weight: 1 },
  { arbitrary: fc.string({ unit: "binary", maxLength: 200 }), weight: 1 },
);

const mail = fc.oneof(
  { arbitrary: smallMail.map((text) => Buffer.from(text).toString("latin1")), weight: 2 },
  { arbitrary: mutated(fc.constantFrom(...mails), mailPiece), weight: 3 },
  { arbitrary: fc.array(mailPiece, { maxLength: 60 }).map((pieces) => pieces.join("")), weight: 1 },
);

/** Scripts and mails: sound ones, the same with changes, and rubbish. */
export const fuzzCase: fc.Arbitrary<FuzzCase> = fc.record({ script, mail });
