import { type CharacterSet, characterOf, foldedSet, namedClass, rangeOf, unionOf } from "./character-set.ts";
import { RegexFault } from "./syntax.ts";

/** Collating elements that have a name and are of use in mail (POSIX §6.1). */
const elements: Readonly<Record<string, string>> = {
  space: " ",
  hyphen: "-",
  "hyphen-minus": "-",
  period: ".",
  comma: ",",
  colon: ":",
  slash: "/",
  backslash: "\\",
  "left-square-bracket": "[",
  "right-square-bracket": "]",
  circumflex: "^",
};

/** A bracket expression, and the index after it. */
export interface Bracket {
  readonly set: CharacterSet;
  readonly end: number;
}

/** One item of a bracket expression: a class, or a character that may begin or end a range. */
interface Item {
  readonly set: CharacterSet | null;
  readonly code: number;
  readonly end: number;
}

/**
 * bracket-expression = "[" ["^"] ["]"] *(range / class / character) "]" (POSIX §9.3.5); a backslash is a
 * character like others. `start` is the index after the "[".
 */
export function readBracket(characters: readonly string[], start: number, fold: (text: string) => string): Bracket {
  const negated = characters[start] === "^";
  const first = negated ? start + 1 : start;
  const sets: CharacterSet[] = [];
  let at = first;
  while (characters[at] !== "]" || at === first) {
    if (at >= characters.length) throw new RegexFault("regex-open-bracket", start - 1);
    const item = readItem(characters, at);
    at = item.end;
    if (item.set !== null) {
      sets.push(item.set);
      continue;
    }
    const isRange = characters[at] === "-" && at + 1 < characters.length && characters[at + 1] !== "]";
    if (!isRange) {
      sets.push(rangeOf(item.code, item.code));
      continue;
    }
    const last = readItem(characters, at + 1);
    if (last.set !== null || last.code < item.code) throw new RegexFault("regex-bad-range", at - 1);
    sets.push(rangeOf(item.code, last.code));
    at = last.end;
  }
  const members = foldedSet(unionOf(sets, false), fold);
  return { set: negated ? unionOf([members], true) : members, end: at + 1 };
}

/** character, "[:" class ":]", "[." element ".]" or "[=" character "=]" */
function readItem(characters: readonly string[], at: number): Item {
  const kind = characters[at] === "[" ? (characters[at + 1] ?? "") : "";
  if (kind !== ":" && kind !== "." && kind !== "=") {
    return { set: null, code: codeOf(characters[at]), end: at + 1 };
  }
  let close = at + 2;
  while (close < characters.length && !(characters[close] === kind && characters[close + 1] === "]")) close++;
  if (close >= characters.length) throw new RegexFault("regex-open-bracket", at);
  const name = characters.slice(at + 2, close).join("");
  const end = close + 2;
  if (kind === ":") {
    const set = namedClass(name);
    if (set === null) throw new RegexFault("regex-bad-class", at);
    return { set, code: 0, end };
  }
  const element = Object.hasOwn(elements, name) ? (elements[name] ?? name) : name;
  const code = codeOf(element);
  if (element === "" || characterOf(code) !== element) throw new RegexFault("regex-bad-class", at);
  return { set: null, code, end };
}

function codeOf(character: string | undefined): number {
  return character?.codePointAt(0) ?? 0;
}
