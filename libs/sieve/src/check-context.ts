import type { Ability } from "./ability.ts";
import type { LiteralTree } from "./ast.ts";
import { type Diagnostic, type DiagnosticParameters, diagnose, type Locale } from "./diagnostic.ts";
import type { CheckContext, Enclosure, EnvelopePart } from "./extension.ts";
import type { IncludeProblem, Inclusion } from "./inclusion.ts";
import type { ScriptTotals } from "./key-problem.ts";
import type { Limits } from "./limits.ts";
import type { ScriptName, Uses } from "./program.ts";
import { type Entry, type Registry, suggestion } from "./registry.ts";
import type { Extent, LineMap } from "./source.ts";

/** Something wrong, before it is told in a language. */
export interface Problem {
  readonly severity?: "error" | "warning";
  readonly code: string;
  readonly parameters?: DiagnosticParameters;
}

/** What missing or misplaced punctuation makes of the commands around it. */
const consequences: ReadonlySet<string> = new Set([
  "missing-argument",
  "extra-argument",
  "wrong-kind",
  "tag-needs-value",
  "tag-missing",
  "missing-test",
  "missing-test-list",
  "list-instead-of-test",
  "unexpected-test",
  "missing-block",
  "unexpected-block",
  "branch-without-if",
]);

/** What one compilation knows and gathers. */
export class Compilation {
  readonly registry: Registry;
  readonly offered: ReadonlySet<string>;
  /** What there is where the script is to run; null: everything. */
  readonly abilities: ReadonlySet<Ability> | null;
  readonly limits: Limits;
  readonly locale: Locale;
  /** The owner's mailboxes, where they are known. */
  readonly mailboxes: ReadonlySet<string> | null;
  /** Capabilities required so far, in order. */
  readonly enabled = new Set<string>();
  /** Capabilities asked for and refused: what is named like them is not reported again. */
  readonly refused = new Set<string>();
  /** Older names of capabilities that the script required. */
  readonly outdated = new Set<string>();
  readonly diagnostics: Diagnostic[] = [];
  readonly uses: UsesBuilder;
  readonly inclusion: Inclusion;
  readonly lines: LineMap;
  /** The name of the script, where it is one that another includes. */
  readonly script: string | null;
  /** Variables that the script sets. */
  readonly variables = new Set<string>();
  /** Variables that it shares with other scripts. */
  readonly globals = new Set<string>();
  /** Commands whose blocks stand around what is checked, the outermost first. */
  readonly around: Enclosure[] = [];
  readonly totals: ScriptTotals;
  failed = false;
  #full = false;
  #broken: ReadonlySet<number> = new Set();

  constructor(given: {
    readonly registry: Registry;
    readonly offered: ReadonlySet<string>;
    readonly abilities: ReadonlySet<Ability> | null;
    readonly limits: Limits;
    readonly locale: Locale;
    readonly mailboxes?: readonly string[] | undefined;
    readonly lists?: readonly string[] | undefined;
    readonly uses: UsesBuilder;
    readonly inclusion: Inclusion;
    readonly lines: LineMap;
    readonly script?: string;
  }) {
    this.uses = given.uses;
    this.inclusion = given.inclusion;
    this.lines = given.lines;
    this.script = given.script ?? null;
    this.registry = given.registry;
    this.offered = given.offered;
    this.abilities = given.abilities;
    this.limits = given.limits;
    this.locale = given.locale;
    this.mailboxes = given.mailboxes === undefined ? null : new Set(given.mailboxes);
    this.totals = { regexStates: 0, lists: given.lists === undefined ? null : new Set(given.lists) };
  }

  /** Whether something is missing where the script is to run. */
  lacks(ability: Ability): boolean {
    return this.abilities !== null && !this.abilities.has(ability);
  }

  /** Makes a capability usable from here on, with those that come with it. */
  enable(capability: string): void {
    this.enabled.add(capability);
    for (const other of this.registry.implied.get(capability) ?? []) this.enabled.add(other);
  }

  /** Lines whose syntax is broken: what only follows from that is not reported there. */
  broken(lines: ReadonlySet<number>): this {
    this.#broken = lines;
    return this;
  }

  /** The diagnostics in the order of the script. */
  sorted(): readonly Diagnostic[] {
    return this.diagnostics.toSorted((left, right) => left.span.start - right.span.start);
  }

  /** Reports a problem; beyond the limit only that there are more. */
  report(at: Extent, problem: Problem): void {
    if (problem.severity !== "warning") this.failed = true;
    if (this.#full) return;
    const span = this.lines.span(at);
    if (this.#broken.has(span.line) && consequences.has(problem.code)) return;
    if (this.diagnostics.length >= this.limits.diagnostics) {
      this.#full = true;
      this.diagnostics.push(
        diagnose(
          { severity: "warning", code: "too-many-diagnostics", span, parameters: { limit: this.limits.diagnostics } },
          this.locale,
        ),
      );
      return;
    }
    this.diagnostics.push(diagnose({ ...problem, span }, this.locale));
  }

  /** Whether what needs this capability may be used at this point. */
  allows(capability: string | null): boolean {
    return capability === null || this.enabled.has(capability);
  }

  /** Whether the owner has no mailbox of that name, with what was probably meant; null when it is there, or nobody knows. */
  missingMailbox(name: string): DiagnosticParameters | null {
    if (this.mailboxes === null || name.toUpperCase() === "INBOX" || this.mailboxes.has(name)) return null;
    return this.unknown(name, this.mailboxes);
  }

  /** The parameters of "unknown …": the name, and what was probably meant. */
  unknown(name: string, known: Iterable<string>, prefix = ""): DiagnosticParameters {
    const meant = suggestion(name, known);
    return { name: `${prefix}${name}`, meant: meant === null ? "" : `${prefix}${meant}` };
  }
}

/** Where an argument stands: its tag, or its value with each item of a list. */
export type Place = Extent | LiteralTree;

/** The context of the checks of one command or test. */
export class ArgumentsContext implements CheckContext {
  readonly #compilation: Compilation;
  readonly #whole: Extent;
  readonly #places: Readonly<Record<string, Place>>;

  constructor(compilation: Compilation, whole: Extent, places: Readonly<Record<string, Place>>) {
    this.#compilation = compilation;
    this.#whole = whole;
    this.#places = places;
  }

  get limits(): Limits {
    return this.#compilation.limits;
  }

  missingMailbox(name: string): DiagnosticParameters | null {
    return this.#compilation.missingMailbox(name);
  }

  get lists(): ReadonlySet<string> | null {
    return this.#compilation.totals.lists;
  }

  envelopePart(name: string): Entry<EnvelopePart> | null {
    return this.#compilation.registry.envelopeParts.get(name) ?? null;
  }

  lacks(ability: Ability): boolean {
    return this.#compilation.lacks(ability);
  }

  get around(): readonly Enclosure[] {
    return this.#compilation.around;
  }

  get offered(): ReadonlySet<string> {
    return this.#compilation.offered;
  }

  report(problem: Problem & { readonly at?: string; readonly index?: number }): void {
    const { at, index, ...rest } = problem;
    this.#compilation.report(itemAt(this.#places, at, index) ?? this.#whole, rest);
  }

  enabled(capability: string): boolean {
    return this.#compilation.allows(capability) || this.#compilation.outdated.has(capability);
  }

  enable(capability: string): void {
    this.#compilation.enable(capability);
  }

  declare(variable: string): void {
    const { variables, limits } = this.#compilation;
    variables.add(variable.toLowerCase());
    if (variables.size === limits.variables + 1) {
      this.report({ code: "too-many-variables", parameters: { limit: limits.variables } });
    }
  }

  share(variable: string): boolean {
    const { variables, globals } = this.#compilation;
    const name = variable.toLowerCase();
    if (variables.has(name) && !globals.has(name)) return false;
    globals.add(name);
    return true;
  }

  include(script: ScriptName): IncludeProblem | null {
    return this.#compilation.inclusion.include(script);
  }

  use(uses: Partial<Uses>): void {
    this.#compilation.uses.add(uses);
  }
}

/** The place of an item of an argument, the first by default. */
export function itemAt(places: Readonly<Record<string, Place>>, name = "", index = 0): Extent | undefined {
  const place = places[name];
  if (place !== undefined && "kind" in place && place.kind === "strings") return place.items[index];
  return index === 0 ? place : undefined;
}

/** Gathers {@link Uses}. */
export class UsesBuilder {
  readonly #names = {
    headers: new Set<string>(),
    mailboxes: new Set<string>(),
    mailboxTests: new Set<string>(),
    envelope: new Set<string>(),
    lists: new Set<string>(),
    programs: new Set<string>(),
  };
  readonly #flags = {
    body: false,
    attachments: false,
    redirect: false,
    flags: false,
    currentDate: false,
    verdicts: false,
    dynamic: false,
  };

  add(more: Partial<Uses>): void {
    let key: keyof Uses;
    for (key in more) {
      if (isNameList(key)) for (const name of more[key] ?? []) this.#names[key].add(name);
      else this.#flags[key] ||= more[key] === true;
    }
  }

  get uses(): Uses {
    const { headers, mailboxes, mailboxTests, envelope, lists: externalLists, programs } = this.#names;
    return {
      headers: [...headers],
      mailboxes: [...mailboxes],
      mailboxTests: [...mailboxTests],
      envelope: [...envelope],
      lists: [...externalLists],
      programs: [...programs],
      ...this.#flags,
    };
  }
}

type NameList = "headers" | "mailboxes" | "mailboxTests" | "envelope" | "lists" | "programs";
const nameLists: ReadonlySet<string> = new Set<NameList>([
  "headers",
  "mailboxes",
  "mailboxTests",
  "envelope",
  "lists",
  "programs",
]);

function isNameList(key: keyof Uses): key is NameList {
  return nameLists.has(key);
}
