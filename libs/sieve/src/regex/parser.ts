import { readBracket } from "./bracket.ts";
import { anyCharacter, type CharacterSet, namedClass, unionOf, wordCharacters } from "./character-set.ts";
import { type Place, RegexFault, type RegexNode } from "./syntax.ts";

/** A regular expression as a tree. */
export interface ParsedRegex {
  readonly root: RegexNode;
  /** Number of groups. */
  readonly groups: number;
  /** Escapes of letters that mean nothing here: `\d` is the letter d. */
  readonly oddEscapes: readonly string[];
}

/** POSIX §9.4.6: RE_DUP_MAX. */
const mostRepeats = 255;

/** Groups inside groups: the compiler recurses. */
const deepest = 100;

const blanks = namedClass("space") ?? anyCharacter;

/** Escapes that GNU's matcher knows beyond POSIX, as scripts written for it use them. */
const escapedSets: Readonly<Record<string, CharacterSet>> = {
  w: wordCharacters,
  W: unionOf([wordCharacters], true),
  s: blanks,
  S: unionOf([blanks], true),
};

const escapedPlaces: Readonly<Record<string, Place>> = {
  b: "word-edge",
  B: "no-word-edge",
  "<": "word-start",
  ">": "word-end",
  "`": "start",
  "'": "end",
};

/**
 * Parses a POSIX extended regular expression (draft-ietf-sieve-regex; POSIX Base Definitions §9.4).
 * `fold` is the comparator's, so that the expression speaks of folded text.
 * @throws RegexFault saying what is wrong and where.
 */
export function parseRegex(pattern: string, fold: (text: string) => string): ParsedRegex {
  return new RegexParser(pattern, fold).parse();
}

class RegexParser {
  readonly #characters: readonly string[];
  readonly #fold: (text: string) => string;
  readonly #oddEscapes: string[] = [];
  #at = 0;
  #groups = 0;
  #depth = 0;

  constructor(pattern: string, fold: (text: string) => string) {
    this.#characters = [...pattern];
    this.#fold = fold;
  }

  parse(): ParsedRegex {
    const root = this.#alternatives();
    return { root, groups: this.#groups, oddEscapes: this.#oddEscapes };
  }

  // extended-RE = branch *("|" branch)
  #alternatives(): RegexNode {
    const branches = [this.#branch()];
    while (this.#characters[this.#at] === "|") {
      this.#at++;
      branches.push(this.#branch());
    }
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: "either", nodes: branches };
  }

  // branch = *(expression *duplication); an empty one matches nothing at all
  #branch(): RegexNode {
    const nodes: RegexNode[] = [];
    for (let next = this.#characters[this.#at]; next !== undefined && next !== "|"; next = this.#characters[this.#at]) {
      if (next === ")" && this.#depth > 0) break;
      nodes.push(this.#repeated(this.#expression(next)));
    }
    const [only] = nodes;
    if (only === undefined) return { kind: "empty" };
    return nodes.length === 1 ? only : { kind: "sequence", nodes };
  }

  // expression = character / "." / bracket-expression / "^" / "$" / "(" extended-RE ")" / "\" character
  #expression(character: string): RegexNode {
    const start = this.#at++;
    switch (character) {
      case "(":
        return this.#group(start);
      case "[": {
        const { set, end } = readBracket(this.#characters, this.#at, this.#fold);
        this.#at = end;
        return { kind: "set", set };
      }
      case ".":
        return { kind: "set", set: anyCharacter };
      case "^":
        return { kind: "assert", place: "start" };
      case "$":
        return { kind: "assert", place: "end" };
      case "\\":
        return this.#escape(start);
      case "*":
      case "+":
      case "?":
      case "{":
        throw new RegexFault("regex-bad-repeat", start);
      default:
        return this.#literal(character);
    }
  }

  #group(start: number): RegexNode {
    if (++this.#depth > deepest) throw new RegexFault("regex-too-deep", start);
    const index = ++this.#groups;
    const node = this.#alternatives();
    if (this.#characters[this.#at] !== ")") throw new RegexFault("regex-open-group", start);
    this.#at++;
    this.#depth--;
    return { kind: "group", index, last: this.#groups, node };
  }

  #escape(start: number): RegexNode {
    const character = this.#characters[this.#at++];
    if (character === undefined) throw new RegexFault("regex-trailing-backslash", start);
    if (/[1-9]/.test(character)) throw new RegexFault("regex-back-reference", start);
    if (Object.hasOwn(escapedSets, character)) return { kind: "set", set: escapedSets[character] ?? anyCharacter };
    if (Object.hasOwn(escapedPlaces, character)) {
      return { kind: "assert", place: escapedPlaces[character] ?? "start" };
    }
    if (/[A-Za-z0]/.test(character)) this.#oddEscapes.push(character);
    return this.#literal(character);
  }

  /** A character as the comparator sees it: it may become several. */
  #literal(character: string): RegexNode {
    const folded = this.#fold(character);
    if (folded.length === 1) return { kind: "character", code: folded.charCodeAt(0) };
    const nodes = [...folded].map((one): RegexNode => ({ kind: "character", code: one.codePointAt(0) ?? 0 }));
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : { kind: "sequence", nodes };
  }

  // duplication = "*" / "+" / "?" / "{" number ["," [number]] "}"
  #repeated(node: RegexNode): RegexNode {
    let repeated = node;
    let nested = 0;
    for (;;) {
      const start = this.#at;
      const times = this.#duplication();
      if (times === null) return repeated;
      if (++nested > deepest) throw new RegexFault("regex-too-deep", start);
      repeated = { kind: "repeat", node: repeated, ...times };
    }
  }

  #duplication(): { readonly least: number; readonly most: number | null } | null {
    const simple = this.#characters[this.#at];
    if (simple === "*" || simple === "+" || simple === "?") {
      this.#at++;
      return { least: simple === "+" ? 1 : 0, most: simple === "?" ? 1 : null };
    }
    return simple === "{" ? this.#interval() : null;
  }

  #interval(): { readonly least: number; readonly most: number | null } {
    const start = this.#at;
    const text = this.#characters.slice(start, start + 12).join("");
    const found = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(text);
    if (found === null) throw new RegexFault("regex-bad-interval", start);
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] === undefined ? null : Number(found[3]);
    if (least > mostRepeats || (most !== null && (most > mostRepeats || most < least))) {
      throw new RegexFault("regex-bad-interval", start);
    }
    this.#at += found[0].length;
    return { least, most };
  }
}
