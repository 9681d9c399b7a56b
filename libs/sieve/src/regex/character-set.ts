/** A set of characters, asked by code point. */
export interface CharacterSet {
  has(code: number): boolean;
}

/** Named classes (POSIX Base Definitions §9.3.5), with the letters of all scripts. */
const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[\p{L}\p{Nd}]/u,
  alpha: /\p{L}/u,
  blank: /[\t\p{Zs}]/u,
  cntrl: /\p{Cc}/u,
  digit: /[0-9]/u,
  graph: /[^\p{Cc}\p{Z}\p{Cs}\p{Cn}]/u,
  lower: /\p{Ll}/u,
  print: /[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Cn}]/u,
  punct: /[\p{P}\p{S}]/u,
  space: /\s/u,
  upper: /\p{Lu}/u,
  xdigit: /[0-9A-Fa-f]/u,
};

/** A named class; null when there is none of that name. */
export function namedClass(name: string): CharacterSet | null {
  const test = Object.hasOwn(classes, name) ? classes[name] : undefined;
  return test === undefined ? null : { has: (code) => test.test(characterOf(code)) };
}

const word = /[\p{L}\p{M}\p{Nd}_]/u;

/** What `\w` matches, and what word boundaries lie between. */
export const wordCharacters: CharacterSet = {
  has: (code) => (code < 128 ? (asciiWord[code] ?? 0) === 1 : word.test(characterOf(code))),
};

/** Its part in ASCII; told apart from the whole, which takes milliseconds to get ready. */
const asciiWord = Uint8Array.from({ length: 128 }, (_, code) => Number(/\w/.test(String.fromCharCode(code))));

/** Every character. */
export const anyCharacter: CharacterSet = { has: () => true };

/** All of one range of code points, both ends included. */
export function rangeOf(from: number, to: number): CharacterSet {
  return { has: (code) => code >= from && code <= to };
}

/** Members of any of the sets, or with `negated` of none. */
export function unionOf(sets: readonly CharacterSet[], negated: boolean): CharacterSet {
  return { has: (code) => sets.some((set) => set.has(code)) !== negated };
}

/** The set over folded text: a folded character is in it when any character that folds to it is. */
export function foldedSet(set: CharacterSet, fold: (text: string) => string): CharacterSet {
  return {
    has(code) {
      if (set.has(code)) return true;
      const character = characterOf(code);
      return [character.toLowerCase(), character.toUpperCase()].some(
        (other) => other !== character && fold(other) === character && set.has(other.codePointAt(0) ?? 0),
      );
    },
  };
}

/** The character of a code point; half of a surrogate pair stands for itself. */
export function characterOf(code: number): string {
  return String.fromCodePoint(code);
}
