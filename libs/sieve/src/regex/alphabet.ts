import type { Automaton } from "./automaton.ts";
import { type CharacterSet, wordCharacters } from "./character-set.ts";

/** Characters beyond ASCII whose class is remembered; then it is forgotten and found again. */
const remembered = 4096;

/** Characters that an automaton cannot tell apart share a class: small numbers to index transitions with. */
export class Alphabet {
  /** For each class a character of it. */
  readonly samples: number[] = [];
  readonly #literals = new Set<number>();
  readonly #sets: readonly CharacterSet[];
  readonly #ids = new Map<string, number>();
  readonly #ascii = new Int32Array(128).fill(-1);
  readonly #wide = new Map<number, number>();

  constructor({ instructions }: Automaton) {
    const sets = new Set<CharacterSet>([wordCharacters]);
    for (const instruction of instructions) {
      if (instruction.kind === "character") this.#literals.add(instruction.code);
      else if (instruction.kind === "set") sets.add(instruction.set);
    }
    this.#sets = [...sets];
  }

  classOf(code: number): number {
    if (code < 128) {
      const known = this.#ascii[code] ?? -1;
      if (known >= 0) return known;
      const id = this.#find(code);
      this.#ascii[code] = id;
      return id;
    }
    const known = this.#wide.get(code);
    if (known !== undefined) return known;
    if (this.#wide.size >= remembered) this.#wide.clear();
    const id = this.#find(code);
    this.#wide.set(code, id);
    return id;
  }

  #find(code: number): number {
    let key = this.#literals.has(code) ? `${code}` : "";
    if (key === "") for (const set of this.#sets) key += set.has(code) ? "+" : "-";
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.samples.length;
    this.samples.push(code);
    this.#ids.set(key, id);
    return id;
  }
}
