/** From the charset names found in mail to those that decoding knows. */

/** Names that say nothing: the octets are judged by themselves. */
const SAYING_NOTHING: ReadonlySet<string> = new Set([
  "",
  "usascii",
  "ascii",
  "asciius",
  "ansix341968",
  "ansix341986",
  "iso646us",
  "us",
  "cp367",
  "ibm367",
  "default",
  "defaultcharset",
  "none",
  "unknown",
  "xunknown",
  "unknown8bit",
  "xunknown8bit",
  "xuserdefined",
  "binary",
  "8bit",
  "7bit",
  "ansi",
]);

/** Squeezed names (lower case, letters and digits only) that no rule below reaches. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["utf8mb4", "utf-8"],
  ["utf8mac", "utf-8"],
  ["unicode", "utf-8"],
  ["unicode11utf8", "utf-8"],
  ["xutf8", "utf-8"],
  ["utf7", "utf-7"],
  ["xutf7", "utf-7"],
  ["unicode11utf7", "utf-7"],
  ["csunicode11utf7", "utf-7"],
  ["unicode20utf7", "utf-7"],
  ["utf7imap", "utf-7"],
  ["utf16", "utf-16"],
  ["ucs2", "utf-16"],
  ["iso10646ucs2", "utf-16"],
  ["utf32", "utf-32"],
  ["utf32le", "utf-32le"],
  ["utf32be", "utf-32be"],
  ["latin1", "iso-8859-1"],
  ["iso88598i", "iso-8859-8-i"],
  ["iso88598e", "iso-8859-8"],
  ["iso88596i", "iso-8859-6"],
  ["iso88596e", "iso-8859-6"],
  ["iso88591windows", "windows-1252"],
  ["latin9", "iso-8859-15"],
  ["latin0", "iso-8859-15"],
  ["koi8", "koi8-r"],
  ["koi8r", "koi8-r"],
  ["koi8rus", "koi8-r"],
  ["koi8u", "koi8-u"],
  ["macroman", "macintosh"],
  ["xmacroman", "macintosh"],
  ["mac", "macintosh"],
  ["tis620", "windows-874"],
  ["gb18030", "gb18030"],
  ["gb2312", "gbk"],
  ["gb231280", "gbk"],
  ["eucgb2312cn", "gbk"],
  ["euccn", "gbk"],
  ["xgbk", "gbk"],
  ["cp936", "gbk"],
  ["ms936", "gbk"],
  ["cp932", "shift_jis"],
  ["ms932", "shift_jis"],
  ["windows31j", "shift_jis"],
  ["sjis", "shift_jis"],
  ["xsjis", "shift_jis"],
  ["cp949", "euc-kr"],
  ["ms949", "euc-kr"],
  ["uhc", "euc-kr"],
  ["johab", "euc-kr"],
  ["ksc5601", "euc-kr"],
  ["ksc56011987", "euc-kr"],
  ["cp950", "big5"],
  ["big5hkscs", "big5"],
  ["big5eten", "big5"],
  ["iso2022jp1", "iso-2022-jp"],
  ["iso2022jp2", "iso-2022-jp"],
  ["iso2022jp3", "iso-2022-jp"],
  ["iso2022jpms", "iso-2022-jp"],
  ["iso2022jpesc", "iso-2022-jp"],
  ["cp50220", "iso-2022-jp"],
  ["cp50221", "iso-2022-jp"],
  ["cp50222", "iso-2022-jp"],
  ["jis", "iso-2022-jp"],
  ["cp51932", "euc-jp"],
  ["ujis", "euc-jp"],
  ["iso2022kr", "iso-2022-kr"],
  ["csiso2022kr", "iso-2022-kr"],
  ["hz", "hz-gb-2312"],
  ["hzgb2312", "hz-gb-2312"],
  ["cp858", "cp858"],
  ["ibm858", "cp858"],
]);

const WINDOWS = /^(?:x?cp|x?windows|win|ms|xansi|ansi)(125[0-8]|874)$/;
const ISO_8859 = /^(?:x?iso|xiso)?8859(1[0-6]|[1-9])(?:19\d\d)?$/;
const CODE_PAGE = /^(?:x?cp|ibm|oem|pc|dos|csibm|cspc|windows)(437|850|852|855|866)$/;

/**
 * The name to decode by: an IANA or WHATWG one, `""` when the octets must be judged by themselves.
 * Quotes, parameters and other garbage around the name are dropped. RFC 2045 §5.1, RFC 2231 §5.
 */
export function charsetName(written: string): string {
  const trimmed = written
    .slice(0, 100)
    .toLowerCase()
    .replace(/^[\s"'<=\\]+/, "");
  const bare = /^[^\s"'<>;,=\\*]*/.exec(trimmed)?.[0] ?? "";
  const squeezed = bare.replace(/^charset=/, "").replace(/[^a-z0-9]/g, "");
  if (SAYING_NOTHING.has(squeezed)) return "";
  const alias = ALIASES.get(squeezed);
  if (alias !== undefined) return alias;
  const windows = WINDOWS.exec(squeezed);
  if (windows !== null) return `windows-${windows[1]}`;
  const iso = ISO_8859.exec(squeezed);
  if (iso !== null) return `iso-8859-${iso[1]}`;
  const page = CODE_PAGE.exec(squeezed);
  if (page !== null) return page[1] === "866" ? "ibm866" : `cp${page[1]}`;
  return /^utf8/.test(squeezed) ? "utf-8" : bare;
}
