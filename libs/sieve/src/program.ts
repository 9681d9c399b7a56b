import type { Span } from "./source.ts";

/** The number of this shape of {@link Program}. A cached program of another version must be compiled again. */
export const programVersion = 2;

/** A compiled script: resolved, checked, plain JSON data. */
export interface Program {
  readonly version: number;
  /** What the script required or found by `ihave`, in order, each once. */
  readonly required: readonly string[];
  readonly uses: Uses;
  readonly commands: readonly CommandNode[];
  /** Lower-case names of variables that the script shares with those it includes (RFC 6609 §3.4.1). */
  readonly globals: readonly string[];
  /** Every script that is included, each once. */
  readonly scripts: readonly IncludedScript[];
}

/** How `include` names a script (RFC 6609 §3.2). */
export interface ScriptName {
  readonly location: "personal" | "global";
  readonly name: string;
}

/** A script that another one includes. */
export interface IncludedScript extends ScriptName {
  readonly commands: readonly CommandNode[];
  readonly globals: readonly string[];
}

/** What a script looks at and touches, so that a caller can fetch it beforehand. */
export interface Uses {
  /** A test reads the body: a mail that was cut is not enough. */
  readonly body: boolean;
  /** More of the body is read than its text parts and the headers of all its parts. */
  readonly attachments: boolean;
  /** Lower-case names of the header fields that tests name literally. */
  readonly headers: readonly string[];
  /** Mailboxes named literally as the target of a fileinto. */
  readonly mailboxes: readonly string[];
  /** Mailboxes named literally in `mailboxexists`: facts that `run` will need. */
  readonly mailboxTests: readonly string[];
  /** Envelope parts that tests name or answers need: "from", "to", "auth". */
  readonly envelope: readonly string[];
  /** The script may send mail: redirect, reject, vacation, notify. */
  readonly redirect: boolean;
  /** The script reads or changes IMAP flags. */
  readonly flags: boolean;
  /** The script looks at the facts `spam` or `virus`. */
  readonly verdicts: boolean;
  /** External lists named literally, as `listName` has them: facts that `run` will need. */
  readonly lists: readonly string[];
  /** Programs that it may run before it decides, or hand the mail to. */
  readonly programs: readonly string[];
  /** The result depends on the time of the run. */
  readonly currentDate: boolean;
  /** Mailbox or header names are made of variables too, so the lists above are not complete. */
  readonly dynamic: boolean;
}

/** How much of a mail these scripts read: its header, the text parts and all headers of parts too, or all of it. */
export function readsOf(scripts: readonly Pick<Uses, "body" | "attachments">[]): "header" | "texts" | "whole" {
  if (scripts.some(({ attachments }) => attachments)) return "whole";
  return scripts.some(({ body }) => body) ? "texts" : "header";
}

/** A string of a script: fixed, or a template with variables (RFC 5229 §3). */
export type Text = string | Template;

/** The parts of a string that contains variable references, in order. */
export interface Template {
  readonly parts: readonly TemplatePart[];
}

/** Literal text, a named variable, or a match variable `${n}`. */
export type TemplatePart = string | { readonly variable: string } | { readonly match: number };

/** The value of one argument. A bare tag is `true`. */
export type ArgumentValue = Text | readonly Text[] | number | true;

/** The text of an argument whose kind is a string. */
export function asText(value: ArgumentValue | undefined): Text {
  if (typeof value === "string") return value;
  return typeof value === "object" && "parts" in value ? value : "";
}

/** The texts of an argument whose kind is a list of strings. */
export function asTexts(value: ArgumentValue | undefined): readonly Text[] {
  if (Array.isArray(value)) return value;
  return value === undefined || typeof value === "number" || value === true ? [] : [asText(value)];
}

/** Arguments by the name that the shape of the command or test gives them. */
export type Arguments = Readonly<Record<string, ArgumentValue>>;

/** Where a command stands, and in which rule. */
export interface Origin {
  /** The rule's name from a comment before it, else "line N". */
  readonly rule: string;
  readonly line: number;
  readonly span: Span;
  /** The name of the included script that the line counts in; `rule` begins with it. */
  readonly script?: string;
}

/** One command; `if … elsif … else` is one node with its branches. */
export type CommandNode = ActionNode | IfNode;

export interface ActionNode {
  readonly kind: "command";
  readonly name: string;
  readonly args: Arguments;
  readonly origin: Origin;
  /** The commands between its braces, for a command that takes a block. */
  readonly block?: readonly CommandNode[];
}

export interface IfNode {
  readonly kind: "if";
  readonly branches: readonly Branch[];
}

/** `test` is null for `else`. */
export interface Branch {
  readonly test: TestNode | null;
  readonly commands: readonly CommandNode[];
  readonly origin: Origin;
}

/** One test; the three logical ones have their own nodes so that a run can be planned over them. */
export type TestNode =
  | { readonly kind: "test"; readonly name: string; readonly args: Arguments; readonly line: number }
  | { readonly kind: "allof" | "anyof"; readonly tests: readonly TestNode[] }
  | { readonly kind: "not"; readonly test: TestNode }
  | { readonly kind: "constant"; readonly value: boolean };
