import type { HeaderField } from "@tamis/message";
import type { Ability, ExtensionAbility } from "./ability.ts";
import type { Action } from "./actions.ts";
import type { Comparator } from "./comparator.ts";
import type { DiagnosticParameters } from "./diagnostic.ts";
import type { Evaluate, Execute } from "./execute.ts";
import type { IncludeProblem } from "./inclusion.ts";
import type { KeyProblem, ScriptTotals } from "./key-problem.ts";
import type { Limits } from "./limits.ts";
import type { Preparation } from "./preparation.ts";
import type { Arguments, ArgumentValue, Origin, ScriptName, Text, Uses } from "./program.ts";
import type { Entry } from "./registry.ts";
import type { RunState } from "./run-state.ts";

/**
 * One part of the language: its card, what it adds, and how that is checked and run.
 * The base language has the same form; its parts have no capability to require.
 */
export interface Extension {
  /** What `require` names; null for the base language. */
  readonly name: string | null;
  /** Other capabilities of the same part, e.g. "comparator-i;octet". */
  readonly aliases?: readonly string[];
  /** Capabilities that requiring this one brings with it. */
  readonly implies?: readonly string[];
  /** Older names of the capability: accepted with a warning. */
  readonly outdated?: readonly string[];
  readonly rfc: string;
  readonly state: "yes" | "partial";
  /** What of the world around it must be there for it to be carried out; absent: the mail alone is enough. */
  readonly needs?: readonly ExtensionAbility[];
  readonly commands?: readonly Command[];
  readonly tests?: readonly Test[];
  readonly tags?: readonly Tag[];
  readonly matchTypes?: readonly MatchType[];
  readonly comparators?: readonly Comparator[];
  readonly envelopeParts?: readonly EnvelopePart[];
  readonly addressParts?: readonly AddressPart[];
  readonly modifiers?: readonly Modifier[];
  /** Variable namespaces (RFC 5229 §3) that scripts may read. */
  readonly namespaces?: readonly string[];
  /** The value of a variable of its namespaces, by its whole name in lower case; absent: an ordinary variable. */
  readNamespace?(name: string, state: RunState): string;
}

/** Kinds of a positional argument; `?` marks one that may be left out, `!` one that no variable may make up. */
export type PositionalKind = "string" | "string!" | "string?" | "strings" | "strings!" | "strings?" | "number";

/** Kinds of a tag: bare, or with the value that follows it. */
export type TagKind = "flag" | "string" | "string!" | "strings" | "number";

/** Families of tags that other extensions may add to. */
export type TagFamily = "match" | "address-part" | "modifier";

/** How the arguments of a command or test look; the keys' order is the arguments' order. */
export interface Shape {
  readonly positional?: Readonly<Record<string, PositionalKind>>;
  readonly tags?: Readonly<Record<string, TagKind>>;
  readonly families?: readonly TagFamily[];
  /** Each list holds tags of which at most one may be given. */
  readonly exclusive?: readonly (readonly string[])[];
  /** Each list holds tags of which one must be given. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Tags may stand behind the positional arguments too, as in dialects from before RFC 5228. */
  readonly tagsBehind?: true;
}

type PositionalValue<K> = K extends `strings${string}` ? readonly Text[] : K extends "number" ? number : Text;
type TagValue<K> = K extends "flag" ? true : K extends "strings" ? readonly Text[] : K extends "number" ? number : Text;
type Positional = Readonly<Record<string, PositionalKind>>;
type MustBe<P> = { readonly [N in keyof P as P[N] extends `${string}?` ? never : N]: PositionalValue<P[N]> };
type MayBe<P> = { readonly [N in keyof P as P[N] extends `${string}?` ? N : never]?: PositionalValue<P[N]> };
type PositionalOf<S extends Shape> = S["positional"] extends Positional
  ? MustBe<S["positional"]> & MayBe<S["positional"]>
  : unknown;
type TagsOf<S extends Shape> =
  S["tags"] extends Readonly<Record<string, TagKind>>
    ? { readonly [N in keyof S["tags"]]?: TagValue<S["tags"][N]> }
    : unknown;

/** The arguments that a shape promises to `check` and `prepare`. */
export type ArgumentsOf<S extends Shape> = PositionalOf<S> & TagsOf<S> & FamilyArguments;

/** What the tag families put among the arguments. */
export interface FamilyArguments {
  readonly comparator?: string;
  readonly match?: string;
  readonly matchArgument?: string;
  readonly part?: string;
  readonly modifiers?: readonly string[];
}

/** A command, other than if and its like, around what is checked. */
export interface Enclosure {
  readonly command: string;
  readonly args: Arguments;
}

/** What a check may look at and say. */
export interface CheckContext {
  /** Says what is wrong with an argument, or with one item of a list; without `at` with the whole command. */
  report(problem: {
    readonly severity?: "error" | "warning";
    readonly code: string;
    readonly at?: string;
    readonly index?: number;
    readonly parameters?: DiagnosticParameters;
  }): void;
  /** Whether a capability is required here; an older name counts where it was that name. */
  enabled(capability: string): boolean;
  /** A part of the envelope that an extension adds; null when none does. */
  envelopePart(name: string): Entry<EnvelopePart> | null;
  /** Whether something that it needs is missing where the script is to run. */
  lacks(ability: Ability): boolean;
  /** Makes a capability usable from here on (RFC 5463 §4). */
  enable(capability: string): void;
  /** Commands whose blocks stand around this one, the outermost first. */
  readonly around: readonly Enclosure[];
  /** Capabilities that this compilation offers. */
  readonly offered: ReadonlySet<string>;
  readonly limits: Limits;
  /** Notes a variable that the script sets. */
  declare(variable: string): void;
  /** Makes a variable one that included scripts share; false when the script set one of that name before. */
  share(variable: string): boolean;
  /** Compiles a script that this one includes, once; what is wrong with that, else null. */
  include(script: ScriptName): IncludeProblem | null;
  /** The parameters to say that the owner has no mailbox of that name; null when it is there, or nobody knows. */
  missingMailbox(name: string): DiagnosticParameters | null;
  /** The external lists that there are, by `listName`; null: nobody knows. */
  readonly lists: ReadonlySet<string> | null;
  /** Adds to what the program says that it uses. */
  use(uses: Partial<Uses>): void;
}

/** Commands and tests that shape the program itself; the validator and planner know these words. */
export type Structure = "require" | "if" | "elsif" | "else" | "allof" | "anyof" | "not" | "true" | "false";

export interface Command {
  readonly name: string;
  readonly shape: Shape;
  readonly structure?: Structure;
  /** Tests that follow the arguments; default none. */
  readonly tests?: "none" | "one";
  readonly block?: boolean;
  /** May not stand inside any block. */
  readonly outermost?: boolean;
  /** Nothing after it in the same block is reached. */
  readonly ends?: boolean;
  check?(args: Arguments, context: CheckContext): void;
  prepare(args: Arguments, origin: Origin, preparation: Preparation): Execute;
  /** For a command with a block, in the place of `prepare`; `run` runs the block once. */
  prepareBlock?(args: Arguments, origin: Origin, enclosed: Enclosed): Execute;
}

/** What a command with a block is prepared with. */
export interface Enclosed {
  readonly preparation: Preparation;
  readonly run: Execute;
}

export interface Test {
  readonly name: string;
  readonly shape: Shape;
  readonly structure?: Structure;
  readonly tests?: "none" | "one" | "list";
  check?(args: Arguments, context: CheckContext): void;
  /** The result where it is known before any run, e.g. for `ihave`. */
  constant?(args: Arguments, context: CheckContext): boolean;
  prepare(args: Arguments, line: number, preparation: Preparation): Evaluate;
}

/** A tag that one extension adds to commands or tests of others, with its effect. */
export interface Tag {
  readonly name: string;
  readonly on: readonly string[];
  readonly kind: TagKind;
  check?(value: ArgumentValue, args: Arguments, context: CheckContext): void;
  /** Changes the action that the command makes. */
  amend?(value: ArgumentValue, preparation: Preparation, args: Arguments): (action: Action, state: RunState) => Action;
  /** Chooses among the fields of all names of the test, in the order of the names. */
  select?(value: ArgumentValue, args: Arguments): (fields: readonly HeaderField[]) => readonly HeaderField[];
  /** Takes the fields of a name from elsewhere than the header of the mail. */
  locate?(value: ArgumentValue, args: Arguments): (state: RunState, name: string) => readonly HeaderField[];
  /** Reads other strings of fields than the test does. */
  read?(
    value: ArgumentValue,
    preparation: Preparation,
  ): (fields: readonly HeaderField[], state: RunState) => readonly string[];
}

/** The keys of one test, ready: the index of a key that matches the folded value, or -1. */
export interface KeyMatcher {
  match(value: string, folded: string, state: RunState): number;
  /** Told of all values before the first is matched, to ask for the facts about them at once. */
  expect?(values: readonly string[], state: RunState): void;
}

/** How values are compared with keys (RFC 5228 §2.7.1). */
export interface MatchType {
  readonly name: string;
  /** What the string after the tag may be; absent: there is none. */
  readonly argument?: readonly string[];
  /** Needs a comparator with the substring operation. */
  readonly substring?: boolean;
  /** The tests that know it; absent: all with keys. */
  readonly tests?: readonly string[];
  /** No comparator may be named beside it. */
  readonly withoutComparator?: boolean;
  /** Compares the number of values instead of each value (RFC 5231 §4.2). */
  readonly counts?: boolean;
  /**
   * The same match over folded keys as equality or substring search, where it comes down to that, or
   * one that must hold wherever this one does.
   */
  plain?(folded: readonly string[], request: MatchRequest): PlainMatch | null;
  /** What is wrong with a key that is known when the script is compiled. */
  checkKey?(key: string, limits: Limits, used: ScriptTotals): KeyProblem | null;
  prepare(request: MatchRequest): KeyMatcher;
}

/** Any of the keys is equal to, or occurs in, a folded value. */
export interface PlainMatch {
  readonly kind: "is" | "contains";
  readonly keys: readonly string[];
}

export interface MatchRequest {
  readonly keys: readonly string[];
  readonly comparator: Comparator;
  readonly argument: string;
  /** Match variables are read somewhere in the script. */
  readonly captures: boolean;
}

/** A part of an address (RFC 5228 §2.7.4); null when the address has no such part. */
export interface AddressPart {
  readonly name: string;
  of(
    address: { readonly address: string; readonly localPart: string; readonly domain: string },
    state: RunState,
  ): string | null;
}

/** A part of the envelope (RFC 5228 §5.4). */
export interface EnvelopePart {
  readonly name: string;
  /** Where it is missing, nobody knows this part. */
  readonly needs: Ability;
  /** The values, none where the part is not known; `args` are those of the test. */
  prepare(args: Arguments, preparation: Preparation): (state: RunState) => readonly string[];
}

/** A modifier of `set` (RFC 5229 §4.1); higher precedence is applied first. */
export interface Modifier {
  readonly name: string;
  readonly precedence: number;
  apply(value: string): string;
}

interface CommandSpec<S extends Shape> extends Omit<Command, "shape" | "check" | "prepare" | "prepareBlock"> {
  readonly shape: S;
  check?(args: ArgumentsOf<S>, context: CheckContext): void;
  prepare(args: ArgumentsOf<S>, origin: Origin, preparation: Preparation): Execute;
  prepareBlock?(args: ArgumentsOf<S>, origin: Origin, enclosed: Enclosed): Execute;
}

interface TestSpec<S extends Shape> extends Omit<Test, "shape" | "check" | "prepare" | "constant"> {
  readonly shape: S;
  check?(args: ArgumentsOf<S>, context: CheckContext): void;
  constant?(args: ArgumentsOf<S>, context: CheckContext): boolean;
  prepare(args: ArgumentsOf<S>, line: number, preparation: Preparation): Evaluate;
}

/** A command whose `check` and `prepare` receive what its shape promises: the validator has checked it. */
export function defineCommand<const S extends Shape>(spec: CommandSpec<S>): Command {
  return spec as unknown as Command;
}

/** The same for a test. */
export function defineTest<const S extends Shape>(spec: TestSpec<S>): Test {
  return spec as unknown as Test;
}
