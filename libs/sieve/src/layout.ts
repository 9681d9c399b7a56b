import {
  type ConcreteBlock,
  type ConcreteCommand,
  type ConcreteItem,
  type ConcreteList,
  type ConcreteOperand,
  type ConcreteScript,
  type ConcreteToken,
  print,
} from "./concrete-tree.ts";

/** Columns of a line before a list is put on several lines. */
const width = 100;
const step = 4;

/**
 * A script laid out anew: one command a line, blocks indented, long lists on several lines, at most one empty line.
 * Strings and comments stay as they are, each between the same two tokens. A text so laid out is laid out to itself.
 * The tree must be one of a script without syntax errors.
 */
export function layOut(script: ConcreteScript): string {
  const layout = new Layout(print(script).includes("\r\n") ? "\r\n" : "\n");
  layout.script(script);
  return layout.text;
}

/** Where a token wants to stand. */
type Place =
  /** Behind the token before it. */
  | { readonly kind: "behind"; readonly gap: "" | " "; readonly level?: number }
  /** On a line of its own; an empty line before it stays where `apart` is set. */
  | { readonly kind: "line"; readonly apart: boolean; readonly closes?: boolean };

const spaced: Place = { kind: "behind", gap: " " };
/** Of a bracket or brace that closes what stands on the lines before it. */
const closing = (apart: boolean): Place => ({ kind: "line", apart, closes: true });

class Layout {
  readonly #newline: string;
  readonly #pieces: string[] = [];
  #indent = 0;
  #column = 0;
  /** Nothing is on the line yet. */
  #fresh = true;
  /** Nothing may follow on the line. */
  #full = false;

  constructor(newline: string) {
    this.#newline = newline;
  }

  get text(): string {
    return this.#pieces.join("");
  }

  script({ items, end }: ConcreteScript): void {
    this.#items(items);
    const last = this.#comments(end, { kind: "line", apart: items.length > 0 });
    if (!this.#fresh || last.said) this.#freshLine();
  }

  #items(items: readonly ConcreteItem[]): void {
    items.forEach((item, index) => {
      const first = item.kind === "command" ? item.name : item;
      const place: Place = joins(first) && index > 0 ? spaced : { kind: "line", apart: index > 0 };
      this.#put(first, place);
      if (item.kind === "command") this.#rest(item);
    });
  }

  #rest({ operands, ending }: ConcreteCommand): void {
    for (const operand of operands) this.#operand(operand, spaced);
    if (ending?.kind === "block") this.#block(ending);
    else if (ending !== null) this.#put(ending, { kind: "behind", gap: "", level: 0 });
  }

  #block(block: ConcreteBlock): void {
    this.#put(block.open, { kind: "behind", gap: " ", level: 0 });
    this.#indent += step;
    this.#items(block.items);
    if (block.close !== null) this.#put(block.close, closing(block.items.length > 0));
  }

  #operand(operand: ConcreteOperand, place: Place): void {
    if (operand.kind === "list") this.#list(operand, place);
    else if (operand.kind === "token") this.#put(operand, place);
    else {
      this.#put(operand.name, place);
      for (const inner of operand.operands) this.#operand(inner, spaced);
    }
  }

  #list({ open, items, close: end }: ConcreteList, place: Place): void {
    this.#put(open, place);
    const flat = [...items, ...(end === null ? [] : [end])].reduce<string | null>(flatten, "");
    // Behind it comes a semicolon, a comma or a brace.
    if (flat !== null && this.#column + flat.length + 2 <= width) {
      this.#write(flat);
      return;
    }
    this.#indent += step;
    for (const item of items) {
      this.#operand(item, isComma(item) ? { kind: "behind", gap: "" } : { kind: "line", apart: false });
    }
    if (end !== null) this.#put(end, closing(false));
  }

  #put(token: ConcreteToken, place: Place): void {
    const { lines, said } = this.#comments(token, place);
    if (place.kind === "line") {
      if (place.closes === true) this.#indent -= step;
      else if (lines > 1 && (place.apart || said)) this.#emptyLine();
      this.#freshLine();
      this.#write(spelled(token));
    } else {
      if (this.#full) this.#freshLine();
      const gap = this.#fresh ? " ".repeat(place.level ?? step) : place.gap;
      this.#write(gap + spelled(token));
    }
    if (isMultiLine(token)) this.#lineEnded(token.text);
  }

  /** The comments before a token: behind what stands on their line, or on lines of their own. */
  #comments(token: ConcreteToken, place: Place): { readonly lines: number; readonly said: boolean } {
    const extra = place.kind === "behind" ? step : 0;
    let lines = 0;
    let said = false;
    this.#indent += extra;
    for (const { kind, text } of token.before) {
      if (kind === "blank") {
        lines += text.match(/\r\n|\r|\n/g)?.length ?? 0;
        continue;
      }
      if (lines === 0 && !this.#fresh && !this.#full) this.#write(` ${text}`);
      else {
        if (lines > 1 && place.kind === "line" && (place.apart || said)) this.#emptyLine();
        this.#freshLine();
        this.#write(text);
        this.#full = true;
        said = true;
      }
      if (text.startsWith("#")) this.#full = true;
      lines = 0;
    }
    this.#indent -= extra;
    return { lines, said };
  }

  #emptyLine(): void {
    this.#freshLine();
    this.#pieces.push(this.#newline);
  }

  #freshLine(): void {
    if (!this.#fresh) this.#pieces.push(this.#newline);
    this.#fresh = true;
    this.#full = false;
  }

  /** A multi-line string ends its own line. */
  #lineEnded(text: string): void {
    if (/[\r\n]$/.test(text)) this.#fresh = true;
    else this.#full = true;
  }

  #write(text: string): void {
    if (this.#fresh) {
      this.#pieces.push(" ".repeat(this.#indent));
      this.#column = this.#indent;
    }
    this.#fresh = false;
    this.#pieces.push(text);
    const lastLine = Math.max(text.lastIndexOf("\n"), text.lastIndexOf("\r"));
    this.#column = lastLine < 0 ? this.#column + text.length : text.length - lastLine - 1;
  }
}

/** `elsif` and `else` stand behind the brace before them, unless a comment stands between. */
function joins({ token, text, before }: ConcreteToken): boolean {
  return token === "identifier" && /^els(?:e|if)$/i.test(text) && before.every(({ kind }) => kind === "blank");
}

/** Names have no case (RFC 5228 §2.9): they are written in lower case. */
function spelled({ token, text }: ConcreteToken): string {
  return token === "identifier" || token === "tag" ? text.toLowerCase() : text;
}

const isMultiLine = ({ token, text }: ConcreteToken): boolean => token === "string" && /^text/i.test(text);

const isComma = (item: ConcreteOperand): boolean => item.kind === "token" && item.text === ",";

/** Adds an item to the text of a list on one line; null where a comment or a multi-line string forbids that. */
function flatten(line: string | null, item: ConcreteOperand): string | null {
  if (line === null) return null;
  switch (item.kind) {
    case "token": {
      if (isMultiLine(item) || item.before.some(({ kind }) => kind === "comment")) return null;
      const gap =
        line === "" || (/[,\])]/.test(item.text) && item.token === "punctuation") || /[[(]$/.test(line) ? "" : " ";
      return line + gap + spelled(item);
    }
    case "test":
      return [item.name, ...item.operands].reduce<string | null>(flatten, line);
    case "list":
      return [item.open, ...item.items, ...(item.close === null ? [] : [item.close])].reduce<string | null>(
        flatten,
        line,
      );
  }
}
