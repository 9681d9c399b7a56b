import type { Span } from "./source.ts";

/** A script as it is written, names in lower case, nothing resolved. */
export interface CommandTree {
  readonly name: string;
  /** The name's place. */
  readonly span: Span;
  readonly arguments: readonly ArgumentTree[];
  readonly tests: readonly TestTree[];
  /** Whether the tests stand in parentheses. */
  readonly testForm: TestForm;
  /** null when the command ends with a semicolon. */
  readonly block: readonly CommandTree[] | null;
  /** Name of the rule that starts here, from the comments before the command. */
  readonly rule: string | null;
}

export type TestForm = "none" | "single" | "list";

export interface TestTree {
  readonly name: string;
  readonly span: Span;
  readonly arguments: readonly ArgumentTree[];
  readonly tests: readonly TestTree[];
  readonly testForm: TestForm;
}

export type ArgumentTree =
  | { readonly kind: "tag"; readonly name: string; readonly span: Span }
  | { readonly kind: "number"; readonly value: number; readonly span: Span }
  | {
      readonly kind: "strings";
      readonly items: readonly StringTree[];
      /** Written in brackets. */
      readonly list: boolean;
      readonly span: Span;
    };

export interface StringTree {
  readonly value: string;
  readonly span: Span;
}
