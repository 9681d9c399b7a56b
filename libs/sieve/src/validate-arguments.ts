import type { ArgumentTree } from "./ast.ts";
import { ArgumentsContext, type Compilation } from "./check-context.ts";
import type { PositionalKind, Shape, Tag, TagKind } from "./extension.ts";
import type { Arguments, ArgumentValue, Text } from "./program.ts";
import type { Entry } from "./registry.ts";
import type { Span } from "./source.ts";
import { readText } from "./text-template.ts";

interface Call {
  readonly name: string;
  readonly span: Span;
  readonly arguments: readonly ArgumentTree[];
}

/** Arguments checked against their shape. */
export interface Resolved {
  readonly args: Arguments;
  readonly context: ArgumentsContext;
  /** Every required argument is there with its kind: `check` may look at them. */
  readonly complete: boolean;
}

type Literal = Exclude<ArgumentTree, { kind: "tag" }>;

/** Resolves the arguments of a command or test by its shape and by the tags that extensions add to it. */
export function resolveArguments(call: Call, shape: Shape, compilation: Compilation): Resolved {
  return new ArgumentResolver(call, shape, compilation).resolve();
}

class ArgumentResolver {
  readonly #call: Call;
  readonly #shape: Shape;
  readonly #compilation: Compilation;
  readonly #values: Record<string, ArgumentValue> = {};
  readonly #spans = new Map<string, readonly Span[]>();
  readonly #added: { readonly tag: Tag; readonly value: ArgumentValue }[] = [];
  #complete = true;

  constructor(call: Call, shape: Shape, compilation: Compilation) {
    this.#call = call;
    this.#shape = shape;
    this.#compilation = compilation;
  }

  resolve(): Resolved {
    const positional: Literal[] = [];
    const queue = [...this.#call.arguments];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (next.kind !== "tag") positional.push(next);
      else {
        // RFC 5228 §2.6.1: positional arguments come last.
        if (positional.length > 0) this.#say(next.span, "tag-after-argument", { tag: next.name });
        this.#tag(next, queue);
      }
    }
    this.#positional(positional);
    this.#together();
    const context = new ArgumentsContext(this.#compilation, this.#call.span, this.#spans);
    if (this.#complete) for (const { tag, value } of this.#added) tag.check?.(value, this.#values, context);
    return { args: this.#values, context, complete: this.#complete };
  }

  #say(span: Span, code: string, parameters: Readonly<Record<string, string | number>> = {}): void {
    this.#compilation.report(span, { code, parameters: { name: this.#call.name, ...parameters } });
  }

  #tag(tag: { readonly name: string; readonly span: Span }, queue: ArgumentTree[]): void {
    const own = this.#shape.tags?.[tag.name];
    const added = this.#compilation.registry.tags.get(this.#call.name)?.get(tag.name);
    if (own !== undefined) this.#store(tag, own, queue);
    else if (this.#family(tag, queue)) return;
    else if (added !== undefined) this.#addedTag(tag, added, queue);
    else this.#unknownTag(tag);
  }

  #addedTag(
    tag: { readonly name: string; readonly span: Span },
    { item, capability }: Entry<Tag>,
    queue: ArgumentTree[],
  ): void {
    this.#needs(tag, capability);
    const value = this.#store(tag, item.kind, queue);
    if (value !== null) this.#added.push({ tag: item, value });
  }

  #needs(tag: { readonly name: string; readonly span: Span }, capability: string | null): void {
    if (this.#compilation.allows(capability)) return;
    this.#say(tag.span, "tag-needs-require", { tag: tag.name, capability: capability ?? "" });
  }

  #unknownTag(tag: { readonly name: string; readonly span: Span }): void {
    const { registry } = this.#compilation;
    const known = [...Object.keys(this.#shape.tags ?? {}), ...(registry.tags.get(this.#call.name)?.keys() ?? [])];
    if (this.#has("match")) known.push("comparator", ...registry.matchTypes.keys());
    if (this.#has("address-part")) known.push(...registry.addressParts.keys());
    if (this.#has("modifier")) known.push(...registry.modifiers.keys());
    this.#say(tag.span, "unknown-tag", {
      ...this.#compilation.unknown(tag.name, known, ":"),
      command: this.#call.name,
    });
    this.#complete = false;
  }

  #has(family: "match" | "address-part" | "modifier"): boolean {
    return this.#shape.families?.includes(family) === true;
  }

  /** Tags of the families; true when the tag belongs to one of them. */
  #family(tag: { readonly name: string; readonly span: Span }, queue: ArgumentTree[]): boolean {
    const { registry } = this.#compilation;
    if (this.#has("match")) {
      if (tag.name === "comparator") {
        this.#comparator(tag, queue);
        return true;
      }
      const matchType = registry.matchTypes.get(tag.name);
      if (matchType !== undefined) {
        this.#needs(tag, matchType.capability);
        this.#once(tag, "match", tag.name);
        if (matchType.item.argument !== undefined) this.#matchArgument(tag, matchType.item.argument, queue);
        return true;
      }
    }
    const part = this.#has("address-part") ? registry.addressParts.get(tag.name) : undefined;
    if (part !== undefined) {
      this.#needs(tag, part.capability);
      this.#once(tag, "part", tag.name);
      return true;
    }
    return this.#modifier(tag);
  }

  #modifier(tag: { readonly name: string; readonly span: Span }): boolean {
    const { registry } = this.#compilation;
    const modifier = this.#has("modifier") ? registry.modifiers.get(tag.name) : undefined;
    if (modifier === undefined) return false;
    this.#needs(tag, modifier.capability);
    const before = this.#values["modifiers"];
    const chosen = Array.isArray(before) ? before : [];
    const clash = chosen.find(
      (name: string) => registry.modifiers.get(name)?.item.precedence === modifier.item.precedence,
    );
    // RFC 5229 §4.1: two modifiers of one precedence are an error.
    if (clash !== undefined) this.#say(tag.span, "tags-exclusive", { tag: tag.name, other: clash });
    this.#values["modifiers"] = [...chosen, tag.name];
    return true;
  }

  #once(tag: { readonly name: string; readonly span: Span }, key: string, value: string): void {
    const before = this.#values[key];
    if (typeof before === "string") {
      if (before === value) this.#say(tag.span, "duplicate-tag", { tag: tag.name });
      else this.#say(tag.span, "tags-exclusive", { tag: tag.name, other: before });
      return;
    }
    this.#values[key] = value;
    this.#spans.set(key, [tag.span]);
  }

  #comparator(tag: { readonly name: string; readonly span: Span }, queue: ArgumentTree[]): void {
    const literal = this.#literalValue(tag, queue);
    if (literal === null) return;
    const comparator = this.#compilation.registry.comparators.get(literal.value);
    if (comparator === undefined) {
      const known = this.#compilation.registry.comparators.keys();
      this.#say(literal.span, "unknown-comparator", this.#compilation.unknown(literal.value, known));
      this.#complete = false;
      return;
    }
    if (!this.#compilation.allows(comparator.capability)) {
      const parameters = { comparator: literal.value, capability: comparator.capability ?? "" };
      this.#say(literal.span, "comparator-needs-require", parameters);
    }
    if (this.#values["comparator"] !== undefined) this.#say(tag.span, "duplicate-tag", { tag: tag.name });
    this.#values["comparator"] = literal.value;
    this.#spans.set("comparator", [literal.span]);
  }

  #matchArgument(
    tag: { readonly name: string; readonly span: Span },
    allowed: readonly string[],
    queue: ArgumentTree[],
  ): void {
    const literal = this.#literalValue(tag, queue);
    if (literal === null) return;
    const value = literal.value.toLowerCase();
    if (!allowed.includes(value)) {
      this.#say(literal.span, "bad-match-argument", {
        tag: tag.name,
        value: literal.value,
        allowed: allowed.join(", "),
      });
      this.#complete = false;
    }
    this.#values["matchArgument"] = value;
  }

  /** The one string after a tag, as it is written. */
  #literalValue(
    tag: { readonly name: string; readonly span: Span },
    queue: ArgumentTree[],
  ): { readonly value: string; readonly span: Span } | null {
    const next = queue[0];
    const item = next?.kind === "strings" && !next.list ? next.items[0] : undefined;
    if (item === undefined) {
      this.#say(tag.span, "tag-needs-value", { tag: tag.name, kind: "string" });
      this.#complete = false;
      return null;
    }
    queue.shift();
    return item;
  }

  #store(
    tag: { readonly name: string; readonly span: Span },
    kind: TagKind,
    queue: ArgumentTree[],
  ): ArgumentValue | null {
    if (this.#values[tag.name] !== undefined) this.#say(tag.span, "duplicate-tag", { tag: tag.name });
    const value = kind === "flag" ? true : this.#tagValue(tag, kind, queue);
    if (value === null) return null;
    this.#values[tag.name] = value;
    if (kind === "flag") this.#spans.set(tag.name, [tag.span]);
    return value;
  }

  #tagValue(
    tag: { readonly name: string; readonly span: Span },
    kind: Exclude<TagKind, "flag">,
    queue: ArgumentTree[],
  ): ArgumentValue | null {
    const next = queue[0];
    if (next === undefined || next.kind === "tag" || (next.kind === "number") !== (kind === "number")) {
      this.#say(tag.span, "tag-needs-value", { tag: tag.name, kind: kind.replace("!", "") });
      this.#complete = false;
      return null;
    }
    queue.shift();
    return this.#value(tag.name, next, kind);
  }

  #positional(given: readonly Literal[]): void {
    const wanted = Object.entries(this.#shape.positional ?? {});
    const optional = given.length < wanted.length ? wanted.filter(([, kind]) => kind.endsWith("?")).length : 0;
    const expected = optional > 0 ? wanted.filter(([, kind]) => !kind.endsWith("?")) : wanted;
    expected.forEach(([name, kind], index) => {
      const literal = given[index];
      if (literal === undefined) {
        this.#complete = false;
        this.#say(this.#call.span, "missing-argument", { argument: name, kind: kind.replace(/[!?]/, "") });
        return;
      }
      const value = this.#value(name, literal, kind);
      if (value !== null) this.#values[name] = value;
    });
    const extra = given[expected.length];
    if (extra !== undefined) this.#say(extra.span, "extra-argument", { count: expected.length });
  }

  #value(name: string, literal: Literal, kind: PositionalKind | TagKind): ArgumentValue | null {
    this.#spans.set(name, literal.kind === "strings" ? literal.items.map(({ span }) => span) : [literal.span]);
    const wrong = (): null => {
      this.#say(literal.span, "wrong-kind", {
        argument: name,
        kind: kind.replace(/[!?]/, ""),
        found: foundKind(literal),
      });
      this.#complete = false;
      return null;
    };
    if (literal.kind === "number") return kind === "number" ? literal.value : wrong();
    if (kind === "number" || kind === "flag") return wrong();
    const texts = literal.items.map(({ value, span }) => this.#text(value, span));
    if (kind.endsWith("!")) this.#literalOnly(texts, literal);
    if (kind.startsWith("strings")) return texts;
    return literal.list ? wrong() : (texts[0] ?? "");
  }

  #literalOnly(texts: readonly Text[], literal: Literal): void {
    if (texts.every((text) => typeof text === "string")) return;
    this.#say(literal.span, "variable-not-allowed");
    this.#complete = false;
  }

  #text(value: string, span: Span): Text {
    const { limits, registry } = this.#compilation;
    return readText(value, {
      encodedCharacter: this.#compilation.enabled.has("encoded-character"),
      variables: this.#compilation.enabled.has("variables"),
      hasNamespace: (name) => {
        const space = registry.namespaces.get(name);
        return space !== undefined && this.#compilation.allows(space.capability);
      },
      matchVariables: limits.matchVariables,
      variableName: limits.variableName,
      problem: (problem) => this.#compilation.report(span, problem),
    });
  }

  /** Rules over several arguments. */
  #together(): void {
    for (const tags of this.#shape.exclusive ?? []) {
      const [first, second] = tags.filter((tag) => this.#values[tag] !== undefined);
      if (first !== undefined && second !== undefined) {
        this.#say(this.#call.span, "tags-exclusive", { tag: second, other: first });
      }
    }
    for (const tags of this.#shape.oneOf ?? []) {
      if (tags.some((tag) => this.#values[tag] !== undefined)) continue;
      this.#say(this.#call.span, "tag-missing", { tags: tags.map((tag) => `:${tag}`).join(", ") });
      this.#complete = false;
    }
    this.#comparatorFits();
  }

  // RFC 5228 §2.7.3: a comparator without substrings cannot be used with :contains and :matches.
  #comparatorFits(): void {
    const { registry } = this.#compilation;
    const { comparator, match } = this.#values;
    if (typeof comparator !== "string" || typeof match !== "string") return;
    const substring = registry.matchTypes.get(match)?.item.substring === true;
    if (!substring || registry.comparators.get(comparator)?.item.substring !== false) return;
    const span = this.#spans.get("comparator")?.[0] ?? this.#call.span;
    this.#say(span, "comparator-no-substring", { comparator, match });
  }
}

function foundKind(literal: Literal): string {
  if (literal.kind === "number") return "number";
  return literal.list ? "strings" : "string";
}
