import { scan, type TokenKind } from "./scanner.ts";

/**
 * A script as it is written, every character of it: `print(parse(text)) === text` for any text, broken ones too.
 * For editors, which must not destroy what they do not understand, and for `format`.
 */
export interface ConcreteScript {
  readonly items: readonly ConcreteItem[];
  /** Holds what stands after the last token. */
  readonly end: ConcreteToken;
}

/** A command, or a token that belongs to none. */
export type ConcreteItem = ConcreteCommand | ConcreteToken;

export interface ConcreteCommand {
  readonly kind: "command";
  readonly name: ConcreteToken;
  readonly operands: readonly ConcreteOperand[];
  /** The semicolon or the block; null where both are missing. */
  readonly ending: ConcreteToken | ConcreteBlock | null;
}

export interface ConcreteBlock {
  readonly kind: "block";
  readonly open: ConcreteToken;
  readonly items: readonly ConcreteItem[];
  /** null where it is missing. */
  readonly close: ConcreteToken | null;
}

/** A tag, a number, a string; a list of strings; a test, or several in parentheses. */
export type ConcreteOperand = ConcreteToken | ConcreteList | ConcreteTest;

/** Brackets or parentheses with what stands between them, the commas too. */
export interface ConcreteList {
  readonly kind: "list";
  readonly open: ConcreteToken;
  readonly items: readonly ConcreteOperand[];
  readonly close: ConcreteToken | null;
}

export interface ConcreteTest {
  readonly kind: "test";
  readonly name: ConcreteToken;
  readonly operands: readonly ConcreteOperand[];
}

export interface ConcreteToken {
  readonly kind: "token";
  readonly token: TokenKind;
  /** As it is written. */
  readonly text: string;
  /** What stands between the token before and this one. */
  readonly before: readonly Trivia[];
}

/** White space, or a comment with its marks (RFC 5228 §2.2, §2.3). */
export interface Trivia {
  readonly kind: "blank" | "comment";
  readonly text: string;
}

/** Deeper nesting is kept as single tokens. */
const deepest = 200;

/** Reads any text, without loss. Never throws. */
export function parse(text: string): ConcreteScript {
  return new TreeReader(tokensOf(text)).script();
}

/** The text of a tree: for `parse(text)` the same text. */
export function print(node: ConcreteScript | ConcreteItem | ConcreteOperand | ConcreteBlock): string {
  const pieces: string[] = [];
  collect(node, pieces);
  return pieces.join("");
}

function collect(node: ConcreteScript | ConcreteItem | ConcreteOperand | ConcreteBlock | null, into: string[]): void {
  if (node === null) return;
  if (!("kind" in node)) {
    for (const item of node.items) collect(item, into);
    collect(node.end, into);
    return;
  }
  switch (node.kind) {
    case "token":
      for (const { text } of node.before) into.push(text);
      into.push(node.text);
      return;
    case "command":
    case "test":
      collect(node.name, into);
      for (const operand of node.operands) collect(operand, into);
      if (node.kind === "command") collect(node.ending, into);
      return;
    case "list":
    case "block":
      collect(node.open, into);
      for (const item of node.items) collect(item, into);
      collect(node.close, into);
  }
}

/** The tokens with what stands before each; the last one is the end. */
function tokensOf(text: string): readonly ConcreteToken[] {
  const { tokens, comments } = scan(text);
  let at = 0;
  let comment = 0;
  return tokens.map(({ kind, start, end }): ConcreteToken => {
    const before: Trivia[] = [];
    const blank = (to: number): void => {
      if (to > at) before.push({ kind: "blank", text: text.slice(at, to) });
      at = Math.max(at, to);
    };
    for (let next = comments[comment]; next !== undefined && next.start < start; next = comments[++comment]) {
      blank(next.start);
      before.push({ kind: "comment", text: text.slice(at, next.end) });
      at = next.end;
    }
    blank(start);
    // A comment without an end is a token of its own: an error.
    while ((comments[comment]?.start ?? end) < end) comment++;
    const token: ConcreteToken = { kind: "token", token: kind, text: text.slice(at, Math.max(at, end)), before };
    at = Math.max(at, end);
    return token;
  });
}

const closing: Readonly<Record<string, string>> = { "[": "]", "(": ")" };

class TreeReader {
  readonly #tokens: readonly ConcreteToken[];
  #at = 0;

  constructor(tokens: readonly ConcreteToken[]) {
    this.#tokens = tokens;
  }

  get #token(): ConcreteToken {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? nothing;
  }

  #take(): ConcreteToken {
    const token = this.#token;
    this.#at++;
    return token;
  }

  #is(mark: string): boolean {
    const { token, text } = this.#token;
    return token === "punctuation" && text === mark;
  }

  script(): ConcreteScript {
    const items: ConcreteItem[] = [];
    while (this.#token.token !== "end") {
      items.push(...this.#items(0));
      if (this.#is("}")) items.push(this.#take());
    }
    return { items, end: this.#token };
  }

  #items(depth: number): readonly ConcreteItem[] {
    const items: ConcreteItem[] = [];
    while (this.#token.token !== "end" && !this.#is("}")) {
      items.push(this.#token.token === "identifier" && depth < deepest ? this.#command(depth) : this.#take());
    }
    return items;
  }

  #command(depth: number): ConcreteCommand {
    const name = this.#take();
    const operands = this.#operands(depth);
    return { kind: "command", name, operands, ending: this.#ending(depth) };
  }

  #ending(depth: number): ConcreteToken | ConcreteBlock | null {
    if (this.#is(";")) return this.#take();
    if (!this.#is("{")) return null;
    const open = this.#take();
    const items = this.#items(depth + 1);
    return { kind: "block", open, items, close: this.#is("}") ? this.#take() : null };
  }

  #operands(depth: number): readonly ConcreteOperand[] {
    const operands: ConcreteOperand[] = [];
    for (let next = this.#operand(depth); next !== null; next = this.#operand(depth)) operands.push(next);
    return operands;
  }

  #operand(depth: number): ConcreteOperand | null {
    const { token } = this.#token;
    if (token === "tag" || token === "number" || token === "string") return this.#take();
    if (depth >= deepest) return null;
    if (token === "identifier") return { kind: "test", name: this.#take(), operands: this.#operands(depth + 1) };
    return this.#is("[") || this.#is("(") ? this.#list(depth) : null;
  }

  #list(depth: number): ConcreteList {
    const open = this.#take();
    const items: ConcreteOperand[] = [];
    for (;;) {
      if (this.#is(closing[open.text] ?? "")) return { kind: "list", open, items, close: this.#take() };
      const item = this.#is(",") ? this.#take() : this.#operand(depth + 1);
      if (item === null) return { kind: "list", open, items, close: null };
      items.push(item);
    }
  }
}

const nothing: ConcreteToken = { kind: "token", token: "end", text: "", before: [] };
