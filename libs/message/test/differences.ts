/**
 * Where Tamis and mailparser 3.14.2 read a mail differently, and who is right. A difference in the corpus that no rule of
 * this table explains fails the test.
 */

import type { Attachment, ShownText, View } from "./views.ts";

export type Aspect = "subject" | "from" | "to" | "cc" | "text" | "parts";

/** One aspect of one mail in which the two views differ. */
export type Difference =
  | { readonly aspect: "subject"; readonly ours: string; readonly theirs: string; readonly raw: string }
  | {
      readonly aspect: "from" | "to" | "cc";
      readonly ours: readonly string[];
      readonly theirs: readonly string[];
      readonly raw: string;
    }
  | { readonly aspect: "text"; readonly ours: ShownText; readonly theirs: ShownText; readonly raw: string }
  | { readonly aspect: "parts"; readonly ours: View; readonly theirs: View; readonly raw: string };

export interface Reason {
  readonly name: string;
  readonly right: "Tamis" | "mailparser" | "either";
  readonly why: string;
  readonly explains: (difference: Difference) => boolean;
}

/** Every reason, in the order in which they are tried. */
export const REASONS: readonly Reason[] = [
  {
    name: "unlabelled 8-bit octets",
    right: "Tamis",
    why: "No charset, us-ascii or utf-8 is declared but the octets are ISO 8859-1 or windows-1252. mailparser reads UTF-8 and loses each letter as U+FFFD; every mail program shows the letters. The same in headers, raw or in an encoded word.",
    explains: (one) => {
      if (one.aspect === "parts") return false;
      const theirs = textOf(one.theirs);
      return /\uFFFD|ï¿½/.test(theirs) && asciiOf(textOf(one.ours)) === asciiOf(theirs);
    },
  },
  {
    name: "format=flowed",
    right: "Tamis",
    why: "RFC 3676 §4.5: quote marks of joined lines vanish and lines of different depth are never joined; mailparser joins '> ' with the next line and keeps its '>'. It also drops the last line end.",
    explains: (one) =>
      one.aspect === "text" &&
      one.ours.entity?.parameters.get("format")?.toLowerCase() === "flowed" &&
      unmarked(one.ours.text) === unmarked(one.theirs.text),
  },
  {
    name: "Content-Type without subtype or semicolon",
    right: "Tamis",
    why: "RFC 2045 §5.2: what is no media type ('text') counts as text/plain; 'text/plain charset=us-ascii' only lacks its semicolon. mailparser makes an attachment of the mail's only text.",
    explains: (one) => {
      if (one.aspect !== "parts") return false;
      const odd = one.theirs.attachments.filter(({ type }) => !/^[^\s/]+\/[^\s/]+$/.test(type));
      return odd.length > 0 && one.ours.texts.length - one.theirs.texts.length === odd.length;
    },
  },
  {
    name: "media type guessed from the file name",
    right: "either",
    why: "The mail says application/octet-stream. mailparser answers with the type that the file name suggests; Tamis gives what is written, since rules test the header (RFC 5173 §5.2) and a name proves nothing.",
    explains: (one) =>
      one.aspect === "parts" &&
      pairs(one.ours.attachments, one.theirs.attachments).every(
        ([ours, theirs]) => sameButType(ours, theirs) && (ours.type === theirs.type || /octet-stream/.test(ours.type)),
      ),
  },
  {
    name: "empty part",
    right: "Tamis",
    why: "RFC 2046 §5.1.1: the line end before a delimiter belongs to the delimiter. Of a part that is one empty line nothing is left; mailparser keeps the line end.",
    explains: (one) => {
      if (one.aspect === "text") return one.ours.text === "" && one.theirs.text === "\n";
      if (one.aspect !== "parts") return false;
      return pairs(one.ours.attachments, one.theirs.attachments).every(
        ([ours, theirs]) => same(ours, theirs) || (ours.content.length === 0 && isLineEnd(theirs.content)),
      );
    },
  },
  {
    name: "local user",
    right: "either",
    why: "'To: root' and 'To: <You>' name a mailbox of the own host (RFC 822 §6.2.2 and common use). mailparser gives an address only where there is an '@'.",
    explains: (one) =>
      isAddresses(one) &&
      equal(
        one.ours.filter((address) => address.includes("@")),
        one.theirs,
      ),
  },
  {
    name: "quoted address as a name",
    right: "Tamis",
    why: "'\"Assurance@Emprunteur\", <eglantine@news.example>': a quoted-string is no addr-spec (RFC 5322 §3.4.1) and the address follows. mailparser reports the sender's decoration as a further author.",
    explains: (one) =>
      isAddresses(one) &&
      one.theirs.some((address) => !one.ours.includes(address)) &&
      one.theirs.every((address) => one.ours.includes(address) || one.raw.includes(`"${address.replace(/"/g, "")}`)),
  },
  {
    name: "encoded word inside an addr-spec",
    right: "Tamis",
    why: "RFC 2047 §5 (3): it must not appear there, so what is written is the address. mailparser decodes it, and drops the address when the result is none.",
    explains: (one) => isAddresses(one) && one.ours.some((address) => address.includes("=?")),
  },
  {
    name: "blank inside an addr-spec",
    right: "either",
    why: "'<noreply@customer support.example>' is broken. Tamis gives it as written; mailparser cuts it at the blank, which makes an address that nobody wrote.",
    explains: (one) => isAddresses(one) && one.ours.some((address) => address.includes(" ")),
  },
  {
    name: "unclosed bracket or quote",
    right: "Tamis",
    why: "'\"T hibody  <hibody@example>' and '<a(b@example>': an opening quote or parenthesis that never closes is text, so that the address survives.",
    explains: (one) => {
      if (!isAddresses(one)) return false;
      return one.theirs.some((address) => /["<>]/.test(address)) || one.ours.some((address) => address.includes("("));
    },
  },
  {
    name: "charset names with a dot",
    right: "Tamis",
    why: "'=?ANSI_X3.4-1968?Q?…?=' is the IANA name of US-ASCII (RFC 2978 §2.3 allows the dot); mailparser leaves the word undecoded.",
    explains: (one) => one.aspect === "subject" && /=\?[\w-]*\.[\w.-]*\?[bq]\?/i.test(one.theirs),
  },
  {
    name: "text after the end of base64",
    right: "Tamis",
    why: "A list server appended its footer to an encoded body. Both skip what is outside the alphabet (RFC 2045 §6.8), but mailparser goes on beyond the padding and turns the footer into noise.",
    explains: (one) =>
      one.aspect === "text" &&
      one.ours.entity?.transferEncoding === "base64" &&
      asciiOf(one.theirs.text).startsWith(asciiOf(one.ours.text).slice(0, -8)),
  },
  {
    name: "octets that the charset does not have",
    right: "either",
    why: "The octets are no text of the declared multi-byte charset; each library resynchronises its own way.",
    explains: (one) => one.aspect === "text" && isInvalid(one.ours),
  },
];

/** Every difference between two views of one mail. */
export function differencesOf(ours: View, theirs: View, raw: string): Difference[] {
  const found: Difference[] = [];
  if (ours.subject !== theirs.subject)
    found.push({ aspect: "subject", ours: ours.subject, theirs: theirs.subject, raw });
  for (const aspect of ["from", "to", "cc"] as const) {
    if (!equal(ours[aspect], theirs[aspect])) found.push({ aspect, ours: ours[aspect], theirs: theirs[aspect], raw });
  }
  const sameParts =
    equal(
      ours.texts.map(({ type }) => type),
      theirs.texts.map(({ type }) => type),
    ) &&
    ours.attachments.length === theirs.attachments.length &&
    pairs(ours.attachments, theirs.attachments).every(([one, other]) => same(one, other));
  if (!sameParts) found.push({ aspect: "parts", ours, theirs, raw });
  if (ours.texts.length !== theirs.texts.length) return found;
  for (const [one, other] of pairs(ours.texts, theirs.texts)) {
    if (one.text !== other.text) found.push({ aspect: "text", ours: one, theirs: other, raw });
  }
  return found;
}

type AddressDifference = Extract<Difference, { readonly aspect: "from" | "to" | "cc" }>;

const isAddresses = (one: Difference): one is AddressDifference =>
  one.aspect === "from" || one.aspect === "to" || one.aspect === "cc";

const equal = (one: readonly string[], other: readonly string[]): boolean => one.join("\n") === other.join("\n");

const textOf = (seen: string | readonly string[] | ShownText): string =>
  typeof seen === "string" ? seen : "text" in seen ? seen.text : seen.join("\n");

/** Without what a wrong charset or U+FFFD changes, and without blanks and quote marks. */
const asciiOf = (text: string): string => text.replace(/[^!-=?-~]+/g, "");
const unmarked = (text: string): string => text.replace(/[\s>]+/g, "");

const isLineEnd = (content: Buffer): boolean => /^\r?\n$/.test(content.toString("latin1"));

const sameButType = (one: Attachment, other: Attachment): boolean =>
  one.filename === other.filename && one.content.equals(other.content);
const same = (one: Attachment, other: Attachment): boolean => one.type === other.type && sameButType(one, other);

const pairs = <T>(one: readonly T[], other: readonly T[]): [T, T][] =>
  one.flatMap((first, index): [T, T][] => {
    const second = other[index];
    return second === undefined ? [] : [[first, second]];
  });

/** Whether strict decoding refuses the octets. */
function isInvalid(shown: ShownText): boolean {
  const charset = shown.entity?.parameters.get("charset") ?? "utf-8";
  try {
    new TextDecoder(charset, { fatal: true }).decode(shown.entity?.bytes());
    return false;
  } catch {
    return true;
  }
}
