import type { Extent } from "./source.ts";

/** A script as it is written, names in lower case, nothing resolved. The place of a command or test is that of its name. */
export interface CommandTree extends Extent {
  readonly name: string;
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

export interface TestTree extends Extent {
  readonly name: string;
  readonly arguments: readonly ArgumentTree[];
  readonly tests: readonly TestTree[];
  readonly testForm: TestForm;
}

export type ArgumentTree = TagTree | LiteralTree;

export interface TagTree extends Extent {
  readonly kind: "tag";
  readonly name: string;
}

export type LiteralTree = NumberTree | StringsTree;

interface NumberTree extends Extent {
  readonly kind: "number";
  readonly value: number;
}

interface StringsTree extends Extent {
  readonly kind: "strings";
  readonly items: readonly StringTree[];
  /** Written in brackets. */
  readonly list: boolean;
}

export interface StringTree extends Extent {
  readonly value: string;
}
