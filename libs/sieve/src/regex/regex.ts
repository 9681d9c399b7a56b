import type { Original } from "../original.ts";
import { type Automaton, buildAutomaton, requiredTexts, sizeOf } from "./automaton.ts";
import { findGroups } from "./captures.ts";
import { LazyAutomaton, type Spend } from "./lazy-automaton.ts";
import { type ParsedRegex, parseRegex } from "./parser.ts";
import { RegexFault } from "./syntax.ts";

const free: Spend = () => {};

/**
 * A POSIX extended regular expression over folded text (draft-ietf-sieve-regex). Never backtracks: the time is
 * linear in the text, whatever the expression. Its automaton is made when a text is first tested.
 */
export class Regex {
  readonly #parsed: ParsedRegex;
  /** How many states it needs at most. */
  readonly states: number;
  #automaton: Automaton | null = null;
  #tester: LazyAutomaton | null = null;

  /** @throws RegexFault when the pattern is wrong, or needs more than `limit` states. */
  constructor(pattern: string, fold: (text: string) => string, limit: number) {
    this.#parsed = parseRegex(pattern, fold);
    this.states = sizeOf(this.#parsed.root) + 1;
    if (this.states > limit) throw new RegexFault("regex-too-big", 0);
  }

  /** Texts, folded, of which one at least stands in everything that matches; none when nothing has to. */
  get required(): readonly string[] {
    return requiredTexts(this.#parsed.root);
  }

  /** Escapes of letters that mean nothing here. */
  get oddEscapes(): readonly string[] {
    return this.#parsed.oddEscapes;
  }

  /** Whether the text holds a match. `spend` is told of the work while it is done, and may throw to end it. */
  test(text: string, spend: Spend = free): boolean {
    this.#tester ??= new LazyAutomaton(this.#built());
    return this.#tester.test(text, spend);
  }

  /** What matched, then what each group matched, "" for one that took no part; null when nothing did. */
  capture(text: string, original: Original, spend: Spend = free): readonly string[] | null {
    if (!this.test(text, spend)) return null;
    const slots = findGroups(this.#built(), text, spend);
    if (slots === null) return null;
    const captured: string[] = [];
    for (let slot = 0; slot < slots.length; slot += 2) {
      const start = slots[slot] ?? -1;
      const end = slots[slot + 1] ?? -1;
      captured.push(start < 0 || end < 0 ? "" : original.slice(start, end));
    }
    return captured;
  }

  #built(): Automaton {
    this.#automaton ??= buildAutomaton(this.#parsed);
    return this.#automaton;
  }
}
