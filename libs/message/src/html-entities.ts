/** Character references of HTML (HTML Living Standard §13.5), as far as mail uses them. */

import { WINDOWS_1252_C1 } from "./code-pages.ts";

/** Names of U+00A0 to U+00FF in their order (HTML 4.01 §24.2). */
const LATIN_1 =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/** The others of HTML 4.01 §24.3 and §24.4, and a few that mail programs write. */
const OTHERS =
  "quot:34 amp:38 apos:39 lt:60 gt:62 OElig:338 oelig:339 Scaron:352 scaron:353 Yuml:376 fnof:402 circ:710 tilde:732 Alpha:913 Beta:914 Gamma:915 Delta:916 Epsilon:917 Zeta:918 Eta:919 Theta:920 Iota:921 Kappa:922 Lambda:923 Mu:924 Nu:925 Xi:926 Omicron:927 Pi:928 Rho:929 Sigma:931 Tau:932 Upsilon:933 Phi:934 Chi:935 Psi:936 Omega:937 alpha:945 beta:946 gamma:947 delta:948 epsilon:949 zeta:950 eta:951 theta:952 iota:953 kappa:954 lambda:955 mu:956 nu:957 xi:958 omicron:959 pi:960 rho:961 sigmaf:962 sigma:963 tau:964 upsilon:965 phi:966 chi:967 psi:968 omega:969 thetasym:977 upsih:978 piv:982 ensp:8194 emsp:8195 thinsp:8201 zwnj:8204 zwj:8205 lrm:8206 rlm:8207 ndash:8211 mdash:8212 lsquo:8216 rsquo:8217 sbquo:8218 ldquo:8220 rdquo:8221 bdquo:8222 dagger:8224 Dagger:8225 bull:8226 hellip:8230 permil:8240 prime:8242 Prime:8243 lsaquo:8249 rsaquo:8250 oline:8254 frasl:8260 euro:8364 image:8465 weierp:8472 real:8476 trade:8482 alefsym:8501 larr:8592 uarr:8593 rarr:8594 darr:8595 harr:8596 crarr:8629 lArr:8656 uArr:8657 rArr:8658 dArr:8659 hArr:8660 forall:8704 part:8706 exist:8707 empty:8709 nabla:8711 isin:8712 notin:8713 ni:8715 prod:8719 sum:8721 minus:8722 lowast:8727 radic:8730 prop:8733 infin:8734 ang:8736 and:8743 or:8744 cap:8745 cup:8746 int:8747 there4:8756 sim:8764 cong:8773 asymp:8776 ne:8800 equiv:8801 le:8804 ge:8805 sub:8834 sup:8835 nsub:8836 sube:8838 supe:8839 oplus:8853 otimes:8855 perp:8869 sdot:8901 lceil:8968 rceil:8969 lfloor:8970 rfloor:8971 lang:10216 rang:10217 loz:9674 spades:9824 clubs:9827 hearts:9829 diams:9830 AMP:38 LT:60 GT:62 QUOT:34 COPY:169 REG:174 Tab:9 NewLine:10 excl:33 num:35 dollar:36 percnt:37 lpar:40 rpar:41 ast:42 plus:43 comma:44 period:46 sol:47 colon:58 semi:59 equals:61 quest:63 commat:64 lsqb:91 bsol:92 rsqb:93 lowbar:95 grave:96 lcub:123 verbar:124 vert:124 rcub:125 check:10003 phone:9742 star:9734 starf:9733";

let named: ReadonlyMap<string, string> | null = null;

/** The character of a name; the table is made when HTML first needs it. */
function characterNamed(name: string): string | undefined {
  named ??= new Map([
    ...LATIN_1.split(" ").map((latin, index): [string, string] => [latin, String.fromCodePoint(160 + index)]),
    ...OTHERS.split(" ").map((pair): [string, string] => {
      const [other = "", code = ""] = pair.split(":");
      return [other, String.fromCodePoint(Number(code))];
    }),
  ]);
  return named.get(name);
}

/** Replaces character references; unknown ones stay. Latin-1 names work without their semicolon, as in browsers. */
export function decodeEntities(text: string): string {
  let at = text.indexOf("&");
  if (at === -1) return text;
  let out = "";
  let from = 0;
  for (; at !== -1; at = text.indexOf("&", Math.max(at + 1, from))) {
    const end = endOfReference(text, at + 1);
    const meant = end === -1 ? undefined : reference(text, at + 1, end);
    if (meant === undefined) continue;
    out += text.slice(from, at) + meant;
    from = text.charCodeAt(end) === SEMICOLON ? end + 1 : end;
  }
  return out + text.slice(from);
}

const SEMICOLON = 0x3b;
const NUMBER_SIGN = 0x23;
const LETTER_X = 0x78;
/** Longest name, and most digits. */
const MOST = { letters: 31, digits: 9, hexDigits: 8 } as const;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
const isHexDigit = (code: number): boolean => isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);

/** Where the reference ends whose first character after "&" is at `start`, without its semicolon; -1: there is none. */
function endOfReference(text: string, start: number): number {
  if (text.charCodeAt(start) !== NUMBER_SIGN) {
    if (!isLetter(text.charCodeAt(start))) return -1;
    const end = endOfRun(text, start + 1, {
      most: MOST.letters - 1,
      belongs: (code) => isLetter(code) || isDigit(code),
    });
    return end === start + 1 ? -1 : end;
  }
  const isHex = (text.charCodeAt(start + 1) | 0x20) === LETTER_X;
  const first = isHex ? start + 2 : start + 1;
  const end = isHex
    ? endOfRun(text, first, { most: MOST.hexDigits, belongs: isHexDigit })
    : endOfRun(text, first, { most: MOST.digits, belongs: isDigit });
  return end === first ? -1 : end;
}

interface Run {
  readonly most: number;
  readonly belongs: (code: number) => boolean;
}

function endOfRun(text: string, from: number, { most, belongs }: Run): number {
  let at = from;
  while (at < from + most && belongs(text.charCodeAt(at))) at++;
  return at;
}

/** What it means; undefined where it is no reference that is known. */
function reference(text: string, start: number, end: number): string | undefined {
  if (text.charCodeAt(start) !== NUMBER_SIGN) {
    const exact = characterNamed(text.slice(start, end));
    return exact !== undefined && (exact < "\u0100" || text.charCodeAt(end) === SEMICOLON) ? exact : undefined;
  }
  const isHex = (text.charCodeAt(start + 1) | 0x20) === LETTER_X;
  return numericReference(isHex ? Number.parseInt(text.slice(start + 2, end), 16) : Number(text.slice(start + 1, end)));
}

/** HTML Living Standard §13.2.5.84: C1 numbers mean windows-1252, impossible ones U+FFFD. */
function numericReference(code: number): string {
  if (code >= 0x80 && code < 0xa0) return WINDOWS_1252_C1[code - 0x80] ?? "";
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return "\uFFFD";
  return String.fromCodePoint(code);
}
