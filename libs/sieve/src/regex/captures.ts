import type { Automaton } from "./automaton.ts";
import { wordCharacters } from "./character-set.ts";
import type { Spend } from "./lazy-automaton.ts";
import { holds, type Neighbour } from "./surroundings.ts";

/** Visits of states that make one step of work: each compares and copies slots. */
const visitsPerStep = 4;

/** Where groups begin and end, two slots each, -1 where a group took no part; slots 0 and 1 are the whole match. */
export type Slots = readonly number[];

/** The best way into each state, for one place in the text. */
type Threads = Map<number, Slots>;

/**
 * Finds the leftmost match, of those the longest, and its groups: of two ways to the same state the one whose
 * earlier groups begin earlier, then end later (POSIX §9.1). All ways go on side by side, one per state, so that
 * the work is bounded by the length of the text times that of the expression.
 */
export function findGroups(automaton: Automaton, text: string, spend: Spend): Slots | null {
  const { start, groups } = automaton;
  const fresh: Slots = new Array<number>(2 * groups + 2).fill(-1);
  const walk = new Walk(automaton, spend);
  let threads: Threads = new Map();
  let best: Slots | null = null;
  let before: Neighbour = "edge";
  for (let at = 0; at <= text.length; ) {
    const code = text.codePointAt(at);
    const after = neighbourOf(code);
    // Once there is a match, a later start cannot be leftmost.
    if (best === null) walk.offer(threads, start, fresh.with(0, at));
    const reached = walk.closure(threads, { at, before, after });
    const ended = reached.match;
    if (ended !== null && (best === null || better(ended, best))) best = ended;
    if (code === undefined) break;
    threads = walk.step(reached.threads, code, best);
    if (threads.size === 0 && best !== null) break;
    before = after;
    at += code > 0xffff ? 2 : 1;
  }
  return best;
}

function neighbourOf(code: number | undefined): Neighbour {
  if (code === undefined) return "edge";
  return wordCharacters.has(code) ? "word" : "other";
}

/** Whether `left` is to be preferred: starts small, ends large, in the order of the groups; a group that took part before one that did not. */
function better(left: Slots, right: Slots): boolean {
  for (let slot = 0; slot < left.length; slot++) {
    const a = left[slot] ?? -1;
    const b = right[slot] ?? -1;
    if (a === b) continue;
    if (slot % 2 === 1 || a < 0 || b < 0) return a > b;
    return a < b;
  }
  return false;
}

interface Here {
  readonly at: number;
  readonly before: Neighbour;
  readonly after: Neighbour;
}

class Walk {
  readonly #automaton: Automaton;
  readonly #spend: Spend;
  #visits = 0;

  constructor(automaton: Automaton, spend: Spend) {
    this.#automaton = automaton;
    this.#spend = spend;
  }

  /** Puts a way into a state, unless a better one is there; says whether it did. */
  offer(threads: Threads, state: number, slots: Slots): boolean {
    if (++this.#visits >= visitsPerStep) {
      this.#visits = 0;
      this.#spend(1);
    }
    const known = threads.get(state);
    if (known !== undefined && !better(slots, known)) return false;
    threads.set(state, slots);
    return true;
  }

  /** Follows what takes no character. A state is walked again when a better way to it is found. */
  closure(threads: Threads, here: Here): { readonly threads: Threads; readonly match: Slots | null } {
    const { instructions } = this.#automaton;
    const reached: Threads = new Map(threads);
    const waiting = [...threads.keys()];
    let match: Slots | null = null;
    const go = (state: number, slots: Slots): void => {
      if (this.offer(reached, state, slots)) waiting.push(state);
    };
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      const slots = reached.get(state) ?? [];
      const instruction = instructions[state];
      switch (instruction?.kind) {
        case "match":
          match = slots.with(1, here.at);
          break;
        case "fork":
          go(instruction.next, slots);
          go(instruction.other, slots);
          break;
        case "save":
          go(instruction.next, saved(slots, instruction, here.at));
          break;
        case "assert":
          if (holds(instruction.place, here.before, here.after)) go(instruction.next, slots);
          break;
        default:
      }
    }
    return { threads: reached, match };
  }

  /** Takes one character; ways that begin after the best match are given up. */
  step(threads: Threads, code: number, best: Slots | null): Threads {
    const { instructions } = this.#automaton;
    const next: Threads = new Map();
    for (const [state, slots] of threads) {
      if (best !== null && (slots[0] ?? 0) > (best[0] ?? 0)) continue;
      const instruction = instructions[state];
      const takes =
        (instruction?.kind === "character" && instruction.code === code) ||
        (instruction?.kind === "set" && instruction.set.has(code));
      if (takes) this.offer(next, instruction.next, slots);
    }
    return next;
  }
}

/** The slots with this place in one; where a group begins, it and those inside it are forgotten first. */
function saved(slots: Slots, { slot, last }: { readonly slot: number; readonly last: number }, at: number): Slots {
  const changed = [...slots];
  if (slot % 2 === 0) changed.fill(-1, slot, 2 * last + 2);
  changed[slot] = at;
  return changed;
}
