import type { CharacterSet } from "./character-set.ts";
import type { ParsedRegex } from "./parser.ts";
import type { Place, RegexNode } from "./syntax.ts";

/** One state of a nondeterministic automaton; `next` is the index of another. */
export type Instruction =
  | { readonly kind: "character"; readonly code: number; readonly next: number }
  | { readonly kind: "set"; readonly set: CharacterSet; readonly next: number }
  | { readonly kind: "assert"; readonly place: Place; readonly next: number }
  /** Remembers the place in a slot: 2n where group n begins, 2n+1 where it ends. Groups up to `last` begin anew. */
  | { readonly kind: "save"; readonly slot: number; readonly last: number; readonly next: number }
  | { readonly kind: "fork"; readonly next: number; readonly other: number }
  | { readonly kind: "match" };

/** A compiled regular expression. */
export interface Automaton {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  readonly groups: number;
  /** Every match begins at the start of the text. */
  readonly anchored: boolean;
}

/** Thompson's construction, from the end to the beginning: what follows a node is built before it. */
export function buildAutomaton({ root, groups }: ParsedRegex): Automaton {
  const instructions: Instruction[] = [];
  const add = (instruction: Instruction): number => instructions.push(instruction) - 1;
  const build = (node: RegexNode, next: number): number => {
    switch (node.kind) {
      case "empty":
        return next;
      case "character":
        return add({ kind: "character", code: node.code, next });
      case "set":
        return add({ kind: "set", set: node.set, next });
      case "assert":
        return add({ kind: "assert", place: node.place, next });
      case "group": {
        const close = add({ kind: "save", slot: 2 * node.index + 1, last: node.index, next });
        return add({ kind: "save", slot: 2 * node.index, last: node.last, next: build(node.node, close) });
      }
      case "sequence":
        return node.nodes.reduceRight((after, one) => build(one, after), next);
      case "either":
        return node.nodes
          .map((one) => build(one, next))
          .reduceRight((other, one) => add({ kind: "fork", next: one, other }));
      case "repeat":
        return repeat(node, next);
    }
  };
  const repeat = (node: RegexNode & { readonly kind: "repeat" }, next: number): number => {
    let after = next;
    if (node.most === null) {
      const loop = add({ kind: "fork", next, other: next });
      instructions[loop] = { kind: "fork", next: build(node.node, loop), other: next };
      after = loop;
    } else {
      for (let left = node.most - node.least; left > 0; left--) {
        after = add({ kind: "fork", next: build(node.node, after), other: next });
      }
    }
    for (let left = node.least; left > 0; left--) after = build(node.node, after);
    return after;
  };
  const match = add({ kind: "match" });
  return { start: build(root, match), instructions, groups, anchored: isAnchored(root) };
}

/** How many states a node takes, or a few more. */
export function sizeOf(node: RegexNode): number {
  switch (node.kind) {
    case "empty":
      return 0;
    case "group":
      return 2 + sizeOf(node.node);
    case "sequence":
    case "either":
      return node.nodes.reduce((sum, one) => sum + 1 + sizeOf(one), 0);
    case "repeat":
      return 1 + (1 + sizeOf(node.node)) * Math.max(1, node.most ?? node.least + 1);
    default:
      return 1;
  }
}

function isAnchored(node: RegexNode): boolean {
  switch (node.kind) {
    case "assert":
      return node.place === "start";
    case "group":
      return isAnchored(node.node);
    case "sequence":
      return node.nodes[0] !== undefined && isAnchored(node.nodes[0]);
    case "either":
      return node.nodes.every(isAnchored);
    case "repeat":
      return node.least > 0 && isAnchored(node.node);
    default:
      return false;
  }
}

/** Texts of which one at least stands in everything that matches, the shortest of them as long as can be; none when nothing has to. */
export function requiredTexts(root: RegexNode): readonly string[] {
  let best: readonly string[] = [];
  let run = "";
  const offer = (texts: readonly string[]): void => {
    if (shortest(texts) > shortest(best)) best = texts;
  };
  const close = (): void => {
    offer([run]);
    run = "";
  };
  const walk = (node: RegexNode): void => {
    switch (node.kind) {
      case "character":
        run += String.fromCodePoint(node.code);
        return;
      case "sequence":
        for (const one of node.nodes) walk(one);
        return;
      case "group":
        walk(node.node);
        return;
      case "repeat":
        close();
        if (node.least > 0) walk(node.node);
        close();
        return;
      case "either":
        close();
        offer(ofEach(node.nodes));
        return;
      case "empty":
      case "assert":
        return;
      default:
        close();
    }
  };
  walk(root);
  close();
  return best;
}

/** What one of the alternatives asks for; nothing where one of them asks for nothing. */
function ofEach(nodes: readonly RegexNode[]): readonly string[] {
  const texts = nodes.map(requiredTexts);
  return texts.some((some) => some.length === 0) ? [] : texts.flat();
}

function shortest(texts: readonly string[]): number {
  return texts.length === 0
    ? 0
    : texts.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY);
}
