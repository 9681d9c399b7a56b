import type { ArgumentTree, CommandTree, StringTree, TestForm, TestTree } from "./ast.ts";
import { compact, none } from "./compact.ts";
import { ruleNames } from "./rule-names.ts";
import type { Token } from "./scanner.ts";
import type { Extent } from "./source.ts";
import { type Report, TokenCursor } from "./token-cursor.ts";

/** What the parser may know about names, to say where a semicolon is missing. */
export interface ParserHints {
  isCommand(name: string): boolean;
  isTest(name: string): boolean;
  takesBlock(name: string): boolean;
  /** How many tests follow; null for a name that is not known. */
  tests(name: string): "none" | "one" | "list" | null;
}

interface ParserOptions {
  readonly report: Report;
  readonly hints: ParserHints;
  /** Levels of blocks and tests that are read. */
  readonly nesting: number;
}

/** Reads a script (RFC 5228 §8.2). Recovers from every error, reports them all, always ends. */
export function parse(text: string, options: ParserOptions): readonly CommandTree[] {
  return new Parser(text, options).start();
}

interface Operands {
  readonly arguments: readonly ArgumentTree[];
  readonly tests: readonly TestTree[];
  readonly testForm: TestForm;
}

class Parser {
  readonly #cursor: TokenCursor;
  readonly #hints: ParserHints;
  readonly #nesting: number;
  readonly #ruleBetween: (from: number, to: number) => string | null;

  constructor(text: string, options: ParserOptions) {
    this.#cursor = new TokenCursor(text, options.report);
    this.#hints = options.hints;
    this.#nesting = options.nesting;
    this.#ruleBetween = ruleNames(this.#cursor.comments);
  }

  // start = commands
  start(): readonly CommandTree[] {
    const commands: CommandTree[] = [];
    while (this.#cursor.token.kind !== "end") {
      this.#commands(commands, 0);
      if (this.#cursor.is("}")) {
        this.#cursor.say("unmatched-brace", this.#cursor.token);
        this.#cursor.advance();
      }
    }
    return commands;
  }

  // commands = *command
  #commands(into: CommandTree[], depth: number): void {
    while (this.#cursor.token.kind !== "end" && !this.#cursor.is("}")) {
      const token = this.#cursor.token;
      if (token.kind === "identifier") into.push(this.#command(depth));
      else {
        if (token.kind === "error") this.#cursor.sayError(token);
        else if (!this.#cursor.is(";"))
          this.#cursor.say("expected-command", token, { found: this.#cursor.show(token) });
        else this.#cursor.say("empty-command", token);
        this.#synchronize();
      }
    }
  }

  // command = identifier arguments (";" / block)
  #command(depth: number): CommandTree {
    const rule = this.#ruleBetween(this.#cursor.previousEnd, this.#cursor.token.start);
    const token = this.#cursor.advance();
    let name = token.value;
    if (name === "else" && this.#cursor.token.kind === "identifier" && this.#cursor.token.value === "if") {
      this.#cursor.say("else-if", this.#cursor.token);
      this.#cursor.advance();
      name = "elsif";
    }
    const { start, end } = token;
    const { arguments: list, tests, testForm } = this.#arguments(name, token, 0);
    const block = this.#ending(name, start, depth);
    return { name, start, end, arguments: list, tests, testForm, block, rule };
  }

  #ending(name: string, start: number, depth: number): readonly CommandTree[] | null {
    if (this.#cursor.is("{")) return this.#block(depth + 1);
    if (this.#cursor.is(";")) {
      this.#cursor.advance();
      return null;
    }
    const token = this.#cursor.token;
    const long = this.#cursor.longString(start);
    if (long !== null) this.#cursor.say("string-over-lines", long);
    else if (token.kind === "error") this.#cursor.sayError(token);
    else if (this.#hints.takesBlock(name)) this.#cursor.sayBehind("missing-block", { name });
    else if (this.#startsCommand(token) || this.#cursor.is("}") || token.kind === "end") {
      this.#cursor.sayBehind("missing-semicolon", { name });
    } else this.#cursor.say("unexpected-token", token, { found: this.#cursor.show(token), name });
    if (!this.#startsCommand(token) && !this.#cursor.is("}") && token.kind !== "end") return this.#skipRest(depth);
    return null;
  }

  /** After a spoiled argument list: to the semicolon, or to a block, which is still read. */
  #skipRest(depth: number): readonly CommandTree[] | null {
    while (this.#cursor.token.kind !== "end" && !this.#cursor.is("}")) {
      if (this.#cursor.is("{")) return this.#block(depth + 1);
      const token = this.#cursor.advance();
      if (token.kind === "punctuation" && token.value === ";") return null;
      if (token.kind !== "error" && this.#startsCommand(this.#cursor.token)) return null;
    }
    return null;
  }

  // block = "{" commands "}"
  #block(depth: number): readonly CommandTree[] {
    const open = this.#cursor.advance();
    const commands: CommandTree[] = [];
    if (depth >= this.#nesting) {
      this.#cursor.say("too-deep", open, { limit: this.#nesting });
      this.#cursor.skipBalanced();
      return commands;
    }
    this.#commands(commands, depth);
    if (this.#cursor.is("}")) this.#cursor.advance();
    else this.#cursor.say("missing-brace", open);
    return compact(commands);
  }

  // arguments = *argument [ test / test-list ]
  #arguments(name: string, owner: Extent, depth: number): Operands {
    const written: ArgumentTree[] = [];
    for (let next = this.#argument(); next !== null; next = this.#argument()) written.push(next);
    const list = compact(written);
    const { token } = this.#cursor;
    if (token.kind === "identifier" && this.#isTestOf(name, token)) {
      const test = this.#test(depth);
      if (this.#hints.tests(name) !== "list") return { arguments: list, tests: [test], testForm: "single" };
      this.#cursor.say("missing-test-list", owner, { name });
      return { arguments: list, tests: this.#bareList(test, depth), testForm: "list" };
    }
    if (this.#cursor.is("(")) return { arguments: list, tests: this.#testList(depth), testForm: "list" };
    return { arguments: list, tests: none, testForm: "none" };
  }

  /** Tests that should stand in parentheses. */
  #bareList(first: TestTree, depth: number): readonly TestTree[] {
    const tests = [first];
    while (this.#cursor.is(",")) {
      this.#cursor.advance();
      if (this.#cursor.token.kind === "identifier") tests.push(this.#test(depth));
    }
    return tests;
  }

  /** Whether a name is the test that follows, not the beginning of something after a forgotten mark. */
  #isTestOf(owner: string, token: Token): boolean {
    const wants = this.#hints.tests(owner);
    if (this.#startsCommand(token)) return wants === "one" && this.#hints.takesBlock(owner);
    return !(wants === "none" && this.#hints.isTest(owner));
  }

  // argument = string-list / number / tag
  #argument(): ArgumentTree | null {
    const { token } = this.#cursor;
    const isQuoted = token.kind === "error" && token.value === "typographic-quotes";
    if (token.kind !== "tag" && token.kind !== "number" && token.kind !== "string" && !isQuoted) {
      return this.#cursor.is("[") ? this.#stringList() : null;
    }
    if (isQuoted) this.#cursor.sayError(token);
    this.#cursor.advance();
    const { start, end } = token;
    if (token.kind === "tag") return { kind: "tag", name: token.value, start, end };
    if (token.kind === "number") return { kind: "number", value: token.number, start, end };
    return { kind: "strings", items: [{ value: isQuoted ? "?" : token.value, start, end }], list: false, start, end };
  }

  // string-list = "[" string *("," string) "]" / string
  #stringList(): ArgumentTree {
    const open = this.#cursor.advance();
    const items: StringTree[] = [];
    let wantsComma = false;
    while (!this.#cursor.is("]")) {
      const token = this.#cursor.token;
      if (token.kind === "string") {
        if (wantsComma) this.#cursor.sayBehind("missing-comma");
        items.push({ value: token.value, start: token.start, end: token.end });
        wantsComma = true;
      } else if (this.#cursor.is(",")) {
        if (!wantsComma) this.#cursor.say("extra-comma", token);
        wantsComma = false;
      } else if (token.kind === "error") this.#cursor.sayError(token);
      else if (token.kind === "number" || token.kind === "tag") {
        this.#cursor.say("list-of-strings", token);
        wantsComma = true;
      } else {
        this.#cursor.say("missing-bracket", open);
        return this.#list(items, open);
      }
      this.#cursor.advance();
    }
    if (items.length === 0) this.#cursor.say("empty-list", open);
    else if (!wantsComma) this.#cursor.sayPrevious("extra-comma");
    this.#cursor.advance();
    return this.#list(items, open);
  }

  #list(items: readonly StringTree[], open: Token): ArgumentTree {
    return { kind: "strings", items: compact(items), list: true, start: open.start, end: this.#cursor.previousEnd };
  }

  // test = identifier arguments
  #test(depth: number): TestTree {
    const token = this.#cursor.advance();
    const { value: name, start, end } = token;
    if (depth >= this.#nesting) {
      this.#cursor.say("too-deep", token, { limit: this.#nesting });
      while (this.#cursor.token.kind === "identifier") this.#cursor.advance();
      if (this.#cursor.is("(")) {
        this.#cursor.advance();
        this.#cursor.skipBalanced();
      }
      return { name, start, end, arguments: none, tests: none, testForm: "none" };
    }
    const { arguments: list, tests, testForm } = this.#arguments(name, token, depth + 1);
    return { name, start, end, arguments: list, tests, testForm };
  }

  // test-list = "(" test *("," test) ")"
  #testList(depth: number): readonly TestTree[] {
    const open = this.#cursor.advance();
    const tests: TestTree[] = [];
    let wantsComma = false;
    while (!this.#cursor.is(")")) {
      const token = this.#cursor.token;
      if (token.kind === "identifier" && !this.#startsCommand(token)) {
        if (wantsComma) this.#cursor.sayBehind("missing-comma");
        tests.push(this.#test(depth));
        wantsComma = true;
        continue;
      }
      if (this.#cursor.is(",")) {
        if (!wantsComma) this.#cursor.say("extra-comma", token);
        wantsComma = false;
      } else if (token.kind === "error") this.#cursor.sayError(token);
      else if (this.#endsTests(token)) {
        this.#cursor.say("missing-parenthesis", open);
        return tests;
      } else this.#cursor.say("expected-test", token, { found: this.#cursor.show(token) });
      const opens = this.#cursor.is("(");
      this.#cursor.advance();
      if (opens) this.#cursor.skipBalanced();
    }
    if (tests.length === 0) this.#cursor.say("empty-test-list", open);
    else if (!wantsComma) this.#cursor.sayPrevious("extra-comma");
    this.#cursor.advance();
    return compact(tests);
  }

  #endsTests(token: Token): boolean {
    if (token.kind === "punctuation") return "{};".includes(token.value);
    return token.kind === "end" || this.#startsCommand(token);
  }

  /** A name that is only a command starts a new one: a semicolon was forgotten before it. */
  #startsCommand(token: Token): boolean {
    return token.kind === "identifier" && this.#hints.isCommand(token.value) && !this.#hints.isTest(token.value);
  }

  #synchronize(): void {
    for (;;) {
      const token = this.#cursor.advance();
      if (token.kind === "punctuation" && token.value === "{") {
        this.#cursor.skipBalanced();
        return;
      }
      if (token.kind === "end" || (token.kind === "punctuation" && token.value === ";")) return;
      if (this.#cursor.is("}") || this.#startsCommand(this.#cursor.token)) return;
    }
  }
}
