/** Entries of the transition table beyond which an automaton costs more memory (2 or 4 octets each) than it is worth. */
const largestTable = 4_000_000;

/** Where an automaton writes what it finds. */
export interface Found {
  readonly into: Uint32Array;
  readonly stamp: number;
  readonly hits: number[];
}

/** Finds all keys in a text in one pass (Aho and Corasick 1975), with a full table over the characters in use. */
export class KeyAutomaton {
  readonly #classes: CharacterClasses;
  /** Next state by state and character class. */
  readonly #next: Uint16Array | Int32Array;
  /** The key that ends in a state, or -1. */
  readonly #key: Int32Array;
  /** The nearest shorter suffix state in which a key ends, or 0. */
  readonly #shorter: Int32Array;

  private constructor(keys: readonly string[], classes: CharacterClasses, states: number) {
    this.#classes = classes;
    const cells = states * classes.count;
    this.#next = states <= 0xffff ? new Uint16Array(cells) : new Int32Array(cells);
    this.#key = new Int32Array(states).fill(-1);
    this.#shorter = new Int32Array(states);
    const used = this.#plant(keys);
    this.#link(used);
  }

  /** Null when the table would be too large. An empty key is found in every text. */
  static build(keys: readonly string[]): KeyAutomaton | null {
    const classes = new CharacterClasses(keys);
    let states = 1;
    for (const key of keys) states += key.length;
    return states * classes.count > largestTable ? null : new KeyAutomaton(keys, classes, states);
  }

  /** The trie; returns the number of states in use. */
  #plant(keys: readonly string[]): number {
    const width = this.#classes.count;
    let states = 1;
    keys.forEach((key, id) => {
      let state = 0;
      for (let i = 0; i < key.length; i++) {
        const cell = state * width + this.#classes.of(key.charCodeAt(i));
        let next = this.#next[cell] ?? 0;
        if (next === 0) {
          next = states++;
          this.#next[cell] = next;
        }
        state = next;
      }
      this.#key[state] = id;
    });
    return states;
  }

  /** Breadth first: missing transitions are those of the longest proper suffix. */
  #link(states: number): void {
    const width = this.#classes.count;
    const suffix = new Int32Array(states);
    const queue = new Int32Array(states);
    let filled = 1;
    for (let head = 0; head < filled; head++) {
      const state = queue[head] ?? 0;
      const fallback = suffix[state] ?? 0;
      for (let c = 0; c < width; c++) {
        const cell = state * width + c;
        const next = this.#next[cell] ?? 0;
        const viaSuffix = state === 0 ? 0 : (this.#next[fallback * width + c] ?? 0);
        if (next === 0) this.#next[cell] = viaSuffix;
        else {
          suffix[next] = viaSuffix;
          this.#shorter[next] = (this.#key[viaSuffix] ?? -1) >= 0 ? viaSuffix : (this.#shorter[viaSuffix] ?? 0);
          queue[filled++] = next;
        }
      }
    }
  }

  /** Writes `stamp` at the number of every key found in the text, and adds the numbers to `hits`, each once. */
  mark(text: string, { into, stamp, hits }: Found): void {
    const next = this.#next;
    const key = this.#key;
    const shorter = this.#shorter;
    const classes = this.#classes;
    const width = classes.count;
    const note = (id: number): void => {
      if (into[id] === stamp) return;
      into[id] = stamp;
      hits.push(id);
    };
    if ((key[0] ?? -1) >= 0) note(key[0] ?? 0);
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      state = next[state * width + classes.of(text.charCodeAt(i))] ?? 0;
      if (state === 0) continue;
      let ending = (key[state] ?? -1) >= 0 ? state : (shorter[state] ?? 0);
      while (ending !== 0) {
        note(key[ending] ?? 0);
        ending = shorter[ending] ?? 0;
      }
    }
  }
}

/** Numbers the characters that occur in keys; all others are class 0. */
class CharacterClasses {
  readonly count: number;
  readonly #low = new Uint16Array(256);
  readonly #high = new Map<number, number>();

  constructor(keys: readonly string[]) {
    let count = 1;
    for (const key of keys) {
      for (let i = 0; i < key.length; i++) {
        const code = key.charCodeAt(i);
        if (this.of(code) !== 0) continue;
        if (code < 256) this.#low[code] = count++;
        else this.#high.set(code, count++);
      }
    }
    this.count = count;
  }

  of(code: number): number {
    return code < 256 ? (this.#low[code] ?? 0) : (this.#high.get(code) ?? 0);
  }
}
