import type { ArgumentTree, CommandTree, StringTree, TestForm, TestTree } from "./ast.ts";
import type { DiagnosticParameters } from "./diagnostic.ts";
import { ruleNames } from "./rule-names.ts";
import { type Scanned, scan, type Token } from "./scanner.ts";
import { lineMap, type Span } from "./source.ts";

/** What the parser may know about names, to say where a semicolon is missing. */
export interface ParserHints {
  isCommand(name: string): boolean;
  isTest(name: string): boolean;
  takesBlock(name: string): boolean;
}

/** Receives what is wrong. */
export type Report = (code: string, span: Span, parameters?: DiagnosticParameters) => void;

/** Reads a script (RFC 5228 §8.2). Recovers from every error, reports them all, always ends. */
export function parse(
  text: string,
  options: { readonly report: Report; readonly hints: ParserHints; readonly nesting: number },
): readonly CommandTree[] {
  return new Parser(text, scan(text), options).start();
}

interface Operands {
  readonly arguments: readonly ArgumentTree[];
  readonly tests: readonly TestTree[];
  readonly testForm: TestForm;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #report: Report;
  readonly #hints: ParserHints;
  readonly #nesting: number;
  readonly #locate: (offset: number) => { readonly line: number; readonly column: number };
  readonly #ruleBetween: (from: number, to: number) => string | null;
  #at = 0;
  #previousEnd = 0;

  constructor(
    text: string,
    scanned: Scanned,
    options: { readonly report: Report; readonly hints: ParserHints; readonly nesting: number },
  ) {
    this.#text = text;
    this.#tokens = scanned.tokens;
    this.#report = options.report;
    this.#hints = options.hints;
    this.#nesting = options.nesting;
    const lines = lineMap(text);
    this.#locate = (offset) => lines.locate(offset);
    this.#ruleBetween = ruleNames(scanned.comments);
  }

  // start = commands
  start(): readonly CommandTree[] {
    const commands: CommandTree[] = [];
    while (this.#token().kind !== "end") {
      this.#commands(commands, 0);
      if (this.#is("}")) {
        this.#say("unmatched-brace", this.#token());
        this.#advance();
      }
    }
    return commands;
  }

  // commands = *command
  #commands(into: CommandTree[], depth: number): void {
    while (this.#token().kind !== "end" && !this.#is("}")) {
      const token = this.#token();
      if (token.kind === "identifier") into.push(this.#command(depth));
      else {
        if (token.kind === "error") this.#sayToken(token);
        else if (!this.#is(";")) this.#say("expected-command", token, { found: this.#show(token) });
        else this.#say("empty-command", token);
        this.#synchronize();
      }
    }
  }

  // command = identifier arguments (";" / block)
  #command(depth: number): CommandTree {
    const rule = this.#ruleBetween(this.#previousEnd, this.#token().start);
    const token = this.#advance();
    let name = token.value;
    if (name === "else" && this.#token().kind === "identifier" && this.#token().value === "if") {
      this.#say("else-if", this.#token());
      this.#advance();
      name = "elsif";
    }
    const operands = this.#arguments(0);
    const block = this.#ending(name, depth);
    return { name, span: this.#span(token.start, token.end), ...operands, block, rule };
  }

  #ending(name: string, depth: number): readonly CommandTree[] | null {
    if (this.#is("{")) return this.#block(depth + 1);
    if (this.#is(";")) {
      this.#advance();
      return null;
    }
    const token = this.#token();
    const end = this.#span(this.#previousEnd, this.#previousEnd);
    if (token.kind === "error") this.#sayToken(token);
    else if (this.#hints.takesBlock(name)) this.#report("missing-block", end, { name });
    else if (this.#startsCommand(token) || this.#is("}") || token.kind === "end") {
      this.#report("missing-semicolon", end, { name });
    } else this.#say("unexpected-token", token, { found: this.#show(token), name });
    if (!this.#startsCommand(token) && !this.#is("}") && token.kind !== "end") return this.#skipRest(depth);
    return null;
  }

  /** After a spoiled argument list: to the semicolon, or to a block, which is still read. */
  #skipRest(depth: number): readonly CommandTree[] | null {
    while (this.#token().kind !== "end" && !this.#is("}")) {
      if (this.#is("{")) return this.#block(depth + 1);
      const token = this.#advance();
      if (token.kind === "punctuation" && token.value === ";") return null;
      if (token.kind !== "error" && this.#startsCommand(this.#token())) return null;
    }
    return null;
  }

  // block = "{" commands "}"
  #block(depth: number): readonly CommandTree[] {
    const open = this.#advance();
    const commands: CommandTree[] = [];
    if (depth >= this.#nesting) {
      this.#say("too-deep", open, { limit: this.#nesting });
      this.#skipBalanced();
      return commands;
    }
    this.#commands(commands, depth);
    if (this.#is("}")) this.#advance();
    else this.#say("missing-brace", open);
    return commands;
  }

  #skipBalanced(): void {
    let open = 1;
    while (open > 0 && this.#token().kind !== "end") {
      if (this.#is("{") || this.#is("(")) open++;
      if (this.#is("}") || this.#is(")")) open--;
      this.#advance();
    }
  }

  // arguments = *argument [ test / test-list ]
  #arguments(depth: number): Operands {
    const list: ArgumentTree[] = [];
    for (;;) {
      const token = this.#token();
      const argument = this.#argument(token);
      if (argument !== null) list.push(argument);
      else if (token.kind === "identifier" && !this.#startsCommand(token)) {
        return { arguments: list, tests: [this.#test(depth)], testForm: "single" };
      } else if (this.#is("(")) {
        return { arguments: list, tests: this.#testList(depth), testForm: "list" };
      } else return { arguments: list, tests: [], testForm: "none" };
    }
  }

  // argument = string-list / number / tag
  #argument(token: Token): ArgumentTree | null {
    const span = (): Span => this.#span(token.start, token.end);
    if (token.kind === "tag") {
      this.#advance();
      return { kind: "tag", name: token.value, span: span() };
    }
    if (token.kind === "number") {
      this.#advance();
      return { kind: "number", value: token.number, span: span() };
    }
    if (token.kind === "string") {
      this.#advance();
      return { kind: "strings", items: [{ value: token.value, span: span() }], list: false, span: span() };
    }
    return this.#is("[") ? this.#stringList() : null;
  }

  // string-list = "[" string *("," string) "]" / string
  #stringList(): ArgumentTree {
    const open = this.#advance();
    const items: StringTree[] = [];
    let wantsComma = false;
    while (!this.#is("]")) {
      const token = this.#token();
      if (token.kind === "string") {
        if (wantsComma) this.#report("missing-comma", this.#span(this.#previousEnd, this.#previousEnd));
        items.push({ value: token.value, span: this.#span(token.start, token.end) });
        wantsComma = true;
      } else if (this.#is(",")) {
        if (!wantsComma) this.#say("extra-comma", token);
        wantsComma = false;
      } else {
        if (token.kind === "error") this.#sayToken(token);
        else this.#say("missing-bracket", open);
        if (token.kind !== "error") return this.#list(items, open);
      }
      this.#advance();
    }
    if (items.length === 0) this.#say("empty-list", open);
    else if (!wantsComma) this.#report("extra-comma", this.#span(this.#previousEnd - 1, this.#previousEnd));
    this.#advance();
    return this.#list(items, open);
  }

  #list(items: readonly StringTree[], open: Token): ArgumentTree {
    return { kind: "strings", items, list: true, span: this.#span(open.start, this.#previousEnd) };
  }

  // test = identifier arguments
  #test(depth: number): TestTree {
    const token = this.#advance();
    const span = this.#span(token.start, token.end);
    if (depth >= this.#nesting) {
      this.#say("too-deep", token, { limit: this.#nesting });
      while (this.#token().kind === "identifier") this.#advance();
      if (this.#is("(")) {
        this.#advance();
        this.#skipBalanced();
      }
      return { name: token.value, span, arguments: [], tests: [], testForm: "none" };
    }
    return { name: token.value, span, ...this.#arguments(depth + 1) };
  }

  // test-list = "(" test *("," test) ")"
  #testList(depth: number): readonly TestTree[] {
    const open = this.#advance();
    const tests: TestTree[] = [];
    let wantsComma = false;
    while (!this.#is(")")) {
      const token = this.#token();
      if (token.kind === "identifier" && !this.#startsCommand(token)) {
        if (wantsComma) this.#report("missing-comma", this.#span(this.#previousEnd, this.#previousEnd));
        tests.push(this.#test(depth));
        wantsComma = true;
        continue;
      }
      if (this.#is(",")) {
        if (!wantsComma) this.#say("extra-comma", token);
        wantsComma = false;
      } else if (token.kind === "error") this.#sayToken(token);
      else {
        if (this.#is("{") || this.#is("}") || this.#is(";") || token.kind === "end" || this.#startsCommand(token)) {
          this.#say("missing-parenthesis", open);
          return tests;
        }
        this.#say("expected-test", token, { found: this.#show(token) });
      }
      this.#advance();
    }
    if (tests.length === 0) this.#say("empty-test-list", open);
    else if (!wantsComma) this.#report("extra-comma", this.#span(this.#previousEnd - 1, this.#previousEnd));
    this.#advance();
    return tests;
  }

  /** A name that is only a command starts a new one: a semicolon was forgotten before it. */
  #startsCommand(token: Token): boolean {
    return token.kind === "identifier" && this.#hints.isCommand(token.value) && !this.#hints.isTest(token.value);
  }

  #synchronize(): void {
    for (;;) {
      const token = this.#advance();
      if (token.kind === "end" || (token.kind === "punctuation" && token.value === ";")) return;
      if (this.#is("}") || this.#startsCommand(this.#token())) return;
      if (this.#is("{")) {
        this.#advance();
        this.#skipBalanced();
        return;
      }
    }
  }

  #token(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? nothing;
  }

  #advance(): Token {
    const token = this.#token();
    if (token.kind !== "end") {
      this.#at++;
      this.#previousEnd = token.end;
    }
    return token;
  }

  #is(mark: string): boolean {
    const token = this.#token();
    return token.kind === "punctuation" && token.value === mark;
  }

  #span(start: number, end: number): Span {
    const { line, column } = this.#locate(start);
    return { start, end, line, column };
  }

  #say(code: string, token: Token, parameters?: DiagnosticParameters): void {
    this.#report(code, this.#span(token.start, token.end), parameters);
  }

  #sayToken(token: Token): void {
    this.#say(token.value, token, { found: this.#show(token) });
  }

  #show(token: Token): string {
    return token.kind === "end" ? "…" : this.#text.slice(token.start, Math.min(token.end, token.start + 40));
  }
}

const nothing: Token = { kind: "end", value: "", number: 0, start: 0, end: 0 };
