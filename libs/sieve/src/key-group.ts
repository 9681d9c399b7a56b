import type { Comparator } from "./comparator.ts";
import { KeyAutomaton } from "./key-automaton.ts";
import type { RunState } from "./run-state.ts";
import type { Slot } from "./slot.ts";
import { foldedBy } from "./values.ts";

/**
 * From how many keys on they are looked up together. Few are enough, since what was seen also tells which rules
 * to run; in a body, where one search for a key is fast and the pass long, it takes more.
 */
const worthwhile = { is: 2, contains: 4, containsInBody: 12 };

/**
 * All keys of a script that are compared in one way with the same strings: a hash for `:is`, one
 * Aho–Corasick pass for `:contains`. Which keys were seen is worked out once per mail, when first asked.
 */
export class KeyGroup {
  readonly #slot: Slot;
  readonly #kind: "is" | "contains";
  readonly #comparator: Comparator;
  readonly #ids = new Map<string, number>();
  #automaton: KeyAutomaton | null = null;
  /** For each key the number of the run that last saw it. */
  #seen = new Uint32Array(0);
  #hits: number[] = [];
  #lastRun = 0;
  /** Whether tests should ask here instead of comparing on their own. */
  pays = false;

  constructor(slot: Slot, kind: "is" | "contains", comparator: Comparator) {
    this.#slot = slot;
    this.#kind = kind;
    this.#comparator = comparator;
  }

  /** The number of a key, folded already. */
  add(folded: string): number {
    const known = this.#ids.get(folded);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(folded, id);
    return id;
  }

  /** Builds the index; no key may be added afterwards. */
  seal(): void {
    const way = this.#kind === "contains" && !this.early ? "containsInBody" : this.#kind;
    if (this.#ids.size < worthwhile[way]) return;
    if (this.#kind === "contains") {
      this.#automaton = KeyAutomaton.build([...this.#ids.keys()]);
      if (this.#automaton === null) return;
    }
    this.#seen = new Uint32Array(this.#ids.size);
    this.pays = true;
  }

  /** For each key, `state.run` if one of the slot's strings matches it in this run. */
  seen(state: RunState): Uint32Array {
    if (this.#lastRun !== state.run) {
      this.#lastRun = state.run;
      this.#hits = [];
      this.#look(state);
    }
    return this.#seen;
  }

  /** The numbers of the keys seen in this run. */
  hits(state: RunState): readonly number[] {
    this.seen(state);
    return this.#hits;
  }

  /** Whether the strings may be read before a test asks for them. */
  get early(): boolean {
    return this.#slot.early;
  }

  #look(state: RunState): void {
    for (const text of foldedBy(this.#slot.read(state), this.#comparator)) {
      state.spend(1 + (text.length >> 8));
      if (this.#automaton !== null) {
        this.#automaton.mark(text, { into: this.#seen, stamp: state.run, hits: this.#hits });
        continue;
      }
      const id = this.#ids.get(text);
      if (id === undefined || this.#seen[id] === state.run) continue;
      this.#seen[id] = state.run;
      this.#hits.push(id);
    }
  }
}
