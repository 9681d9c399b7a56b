import { Alphabet } from "./alphabet.ts";
import type { Automaton } from "./automaton.ts";
import { wordCharacters } from "./character-set.ts";
import { holds, type Neighbour } from "./surroundings.ts";

/** Told of work while it is done; may throw to end it. */
export type Spend = (steps: number) => void;

/** Visits of states and characters that make one step of work. */
const visitsPerStep = 64;
const charactersPerStep = 256;

/** Numbers and transitions kept, at least and for each state of the expression; beyond it all are forgotten and made again. */
const leastCells = 2000;
const cellsPerInstruction = 20;

/** States of the nondeterministic automaton that a text so far leads to, before what takes no character. */
interface State {
  readonly cores: readonly number[];
  readonly before: Neighbour;
  /** By class of the next character; null: the text matches, whatever follows. */
  readonly next: (State | null | undefined)[];
  /** Whether the text matches when it ends here. */
  atEnd: boolean | undefined;
}

/**
 * Says whether a text holds a match anywhere. The deterministic automaton is made while it is used, one
 * transition at a time, so that each costs at most a walk over the expression: linear in the text, always.
 */
export class LazyAutomaton {
  readonly #automaton: Automaton;
  readonly #alphabet: Alphabet;
  readonly #states = new Map<string, State>();
  readonly #marks: Uint32Array;
  readonly #mostCells: number;
  #cells = 0;
  #mark = 0;
  #visits = 0;
  #initial: State;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#alphabet = new Alphabet(automaton);
    this.#marks = new Uint32Array(automaton.instructions.length);
    this.#mostCells = Math.max(leastCells, cellsPerInstruction * automaton.instructions.length);
    this.#initial = this.#state([], "edge");
  }

  test(text: string, spend: Spend): boolean {
    this.#visits = 0;
    let state = this.#initial;
    let at = 0;
    while (at < text.length) {
      const code = text.codePointAt(at) ?? 0;
      const kind = this.#alphabet.classOf(code);
      let next = state.next[kind];
      if (next === undefined) {
        next = this.#transition(state, kind);
        this.#charge(spend);
      }
      if (next === null) return true;
      state = next;
      at += code > 0xffff ? 2 : 1;
      if ((at & 0xffff) === 0) spend(0x10000 / charactersPerStep);
      if (state.cores.length === 0 && this.#automaton.anchored) return false;
    }
    spend(1 + Math.floor((text.length & 0xffff) / charactersPerStep));
    state.atEnd ??= this.#reach(state, "edge") === null;
    return state.atEnd;
  }

  #charge(spend: Spend): void {
    if (this.#visits < visitsPerStep) return;
    spend(Math.floor(this.#visits / visitsPerStep));
    this.#visits %= visitsPerStep;
  }

  #transition(state: State, kind: number): State | null {
    const sample = this.#alphabet.samples[kind] ?? 0;
    const after: Neighbour = wordCharacters.has(sample) ? "word" : "other";
    const reached = this.#reach(state, after);
    const next = reached === null ? null : this.#state(this.#step(reached, sample), after);
    state.next[kind] = next;
    this.#cells++;
    return next;
  }

  /** The states that take the next character; null when a match ends before it. */
  #reach({ cores, before }: State, after: Neighbour): readonly number[] | null {
    const { instructions, start } = this.#automaton;
    const reached: number[] = [];
    const waiting = [start, ...cores];
    this.#mark++;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (this.#marks[at] === this.#mark) continue;
      this.#marks[at] = this.#mark;
      this.#visits++;
      const instruction = instructions[at];
      switch (instruction?.kind) {
        case "match":
          return null;
        case "fork":
          waiting.push(instruction.next, instruction.other);
          break;
        case "save":
          waiting.push(instruction.next);
          break;
        case "assert":
          if (holds(instruction.place, before, after)) waiting.push(instruction.next);
          break;
        default:
          reached.push(at);
      }
    }
    return reached;
  }

  #step(reached: readonly number[], code: number): readonly number[] {
    const { instructions } = this.#automaton;
    const cores: number[] = [];
    this.#mark++;
    for (const at of reached) {
      const instruction = instructions[at];
      const next =
        instruction?.kind === "character"
          ? instruction.code === code && instruction.next
          : instruction?.kind === "set" && instruction.set.has(code) && instruction.next;
      if (next === false || this.#marks[next] === this.#mark) continue;
      this.#marks[next] = this.#mark;
      cores.push(next);
    }
    return cores.sort((left, right) => left - right);
  }

  #state(cores: readonly number[], before: Neighbour): State {
    const key = `${before} ${cores.join(" ")}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#cells > this.#mostCells) {
      this.#states.clear();
      this.#cells = 0;
      this.#initial = { cores: [], before: "edge", next: [], atEnd: undefined };
    }
    this.#cells += 4 + cores.length;
    const state: State = { cores, before, next: [], atEnd: undefined };
    this.#states.set(key, state);
    return state;
  }
}
