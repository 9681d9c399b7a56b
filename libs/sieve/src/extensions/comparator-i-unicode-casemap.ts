import type { Extension } from "../extension.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
const ascii = /^[\u0000-\u007f]*$/;

/** Characters whose simple title case is not their upper case: the digraphs of Latin, and Georgian letters. */
const ownTitle = /[\u01c4-\u01cc\u01f1-\u01f3\u10d0-\u10fa\u10fd-\u10ff]/u;

const titles: Readonly<Record<string, string>> = {
  Ǆ: "ǅ",
  ǆ: "ǅ",
  Ǉ: "ǈ",
  ǉ: "ǈ",
  Ǌ: "ǋ",
  ǌ: "ǋ",
  Ǳ: "ǲ",
  ǳ: "ǲ",
};

/** Greek letters with iota: their full upper case has two characters, their simple title case one. */
function greekTitle(code: number): number | null {
  if (code >= 0x1f80 && code <= 0x1faf) return code | 8;
  return code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3 ? code + 9 : null;
}

/** The simple title case of one character (RFC 5051 §2): never more than one character. */
function title(character: string): string {
  if (ownTitle.test(character)) return titles[character] ?? character;
  const upper = character.toUpperCase();
  if (upper.length === character.length) return upper;
  const code = character.codePointAt(0) ?? 0;
  const greek = greekTitle(code);
  if (greek !== null) return String.fromCodePoint(greek);
  return [...upper].length === 1 ? upper : character;
}

/** RFC 5051 §2: title case, then compatibility decomposition. */
function fold(text: string): string {
  if (ascii.test(text)) return text.toUpperCase();
  return text.replace(/[^A-Z0-9 ]/gu, title).normalize("NFKD");
}

function compare(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left, "utf8"), Buffer.from(right, "utf8"));
}

/** Letters of all scripts without regard to case (RFC 5051). */
export const comparatorUnicodeCasemap: Extension = {
  name: "comparator-i;unicode-casemap",
  rfc: "RFC 5051 §2",
  state: "yes",
  comparators: [{ name: "i;unicode-casemap", fold, substring: true, compare }],
};
