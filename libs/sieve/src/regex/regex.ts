import { type Automaton, buildAutomaton, requiredText } from "./automaton.ts";
import { findGroups } from "./captures.ts";
import { LazyAutomaton, type Spend } from "./lazy-automaton.ts";
import { parseRegex } from "./parser.ts";

const free: Spend = () => {};

/**
 * A POSIX extended regular expression over folded text (draft-ietf-sieve-regex). Never backtracks: the time is
 * linear in the text, whatever the expression.
 */
export class Regex {
  /** Text that stands, folded, in everything that matches; "" when there is none. */
  readonly required: string;
  /** Escapes of letters that mean nothing here. */
  readonly oddEscapes: readonly string[];
  readonly #automaton: Automaton;
  readonly #tester: LazyAutomaton;

  /** @throws RegexFault when the pattern is wrong, or needs more than `limit` states. */
  constructor(pattern: string, fold: (text: string) => string, limit: number) {
    const parsed = parseRegex(pattern, fold);
    this.oddEscapes = parsed.oddEscapes;
    this.required = requiredText(parsed.root);
    this.#automaton = buildAutomaton(parsed, limit);
    this.#tester = new LazyAutomaton(this.#automaton);
  }

  /** Whether the text holds a match. `spend` is told of the work while it is done, and may throw to end it. */
  test(text: string, spend: Spend = free): boolean {
    return this.#tester.test(text, spend);
  }

  /**
   * What matched, then what each group matched, "" for one that took no part; null when nothing did.
   * `source` has the text unfolded.
   */
  capture(text: string, source: string, spend: Spend = free): readonly string[] | null {
    if (!this.#tester.test(text, spend)) return null;
    const slots = findGroups(this.#automaton, text, spend);
    if (slots === null) return null;
    const from = text.length === source.length ? source : text;
    const captured: string[] = [];
    for (let slot = 0; slot < slots.length; slot += 2) {
      const start = slots[slot] ?? -1;
      const end = slots[slot + 1] ?? -1;
      captured.push(start < 0 || end < 0 ? "" : from.slice(start, end));
    }
    return captured;
  }
}
