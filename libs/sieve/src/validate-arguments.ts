import { ArgumentsDraft, type Call, type WrittenTag } from "./arguments-draft.ts";
import type { ArgumentTree } from "./ast.ts";
import { ArgumentsContext, type Compilation } from "./check-context.ts";
import type { PositionalKind, Shape, Tag, TagKind } from "./extension.ts";
import { FamilyTags } from "./family-tags.ts";
import type { Arguments, ArgumentValue, Text } from "./program.ts";
import type { Entry } from "./registry.ts";
import type { Span } from "./source.ts";
import { readText } from "./text-template.ts";

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
  return new ArgumentResolver(new ArgumentsDraft(call, compilation), shape).resolve();
}

class ArgumentResolver {
  readonly #draft: ArgumentsDraft;
  readonly #shape: Shape;
  readonly #families: FamilyTags;
  readonly #added: { readonly tag: Tag; readonly value: ArgumentValue }[] = [];

  constructor(draft: ArgumentsDraft, shape: Shape) {
    this.#draft = draft;
    this.#shape = shape;
    this.#families = new FamilyTags(draft, shape.families ?? []);
  }

  resolve(): Resolved {
    const positional: Literal[] = [];
    const queue = [...this.#draft.call.arguments];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (next.kind !== "tag") positional.push(next);
      else {
        // RFC 5228 §2.6.2: tagged arguments come before positional ones.
        if (positional.length > 0 && this.#shape.tagsBehind !== true)
          this.#draft.say(next.span, "tag-after-argument", { tag: next.name });
        this.#tag(next, queue);
      }
    }
    this.#positional(positional);
    this.#together();
    const context = new ArgumentsContext(this.#draft.compilation, this.#draft.call.span, this.#draft.spans);
    if (this.#draft.complete) for (const { tag, value } of this.#added) tag.check?.(value, this.#draft.values, context);
    return { args: this.#draft.values, context, complete: this.#draft.complete };
  }

  #tag(tag: WrittenTag, queue: ArgumentTree[]): void {
    const own = this.#shape.tags?.[tag.name];
    const added = this.#draft.compilation.registry.tags.get(this.#draft.call.name)?.get(tag.name);
    if (own !== undefined) this.#store(tag, own, queue);
    else if (this.#families.take(tag, queue)) return;
    else if (added !== undefined) this.#addedTag(tag, added, queue);
    else this.#unknownTag(tag);
  }

  #addedTag(tag: WrittenTag, { item, capability }: Entry<Tag>, queue: ArgumentTree[]): void {
    this.#draft.needs(tag, capability);
    this.#added.push({ tag: item, value: this.#store(tag, item.kind, queue) });
  }

  #unknownTag(tag: WrittenTag): void {
    const { registry } = this.#draft.compilation;
    const known = [...Object.keys(this.#shape.tags ?? {}), ...(registry.tags.get(this.#draft.call.name)?.keys() ?? [])];
    known.push(...this.#families.names());
    this.#draft.say(tag.span, "unknown-tag", {
      ...this.#draft.compilation.unknown(tag.name, known, ":"),
      command: this.#draft.call.name,
    });
    this.#draft.complete = false;
  }

  #store(tag: WrittenTag, kind: TagKind, queue: ArgumentTree[]): ArgumentValue {
    if (this.#draft.values[tag.name] !== undefined) this.#draft.say(tag.span, "duplicate-tag", { tag: tag.name });
    const value = kind === "flag" ? true : this.#tagValue(tag, kind, queue);
    this.#draft.values[tag.name] = value;
    if (kind === "flag") this.#draft.spans.set(tag.name, [tag.span]);
    return value;
  }

  #tagValue(tag: WrittenTag, kind: Exclude<TagKind, "flag">, queue: ArgumentTree[]): ArgumentValue {
    const next = queue[0];
    if (next === undefined || next.kind === "tag") {
      this.#draft.say(tag.span, "tag-needs-value", { tag: tag.name, kind: kind.replace("!", "") });
      this.#draft.complete = false;
      return true;
    }
    queue.shift();
    return this.#value(tag.name, next, kind) ?? true;
  }

  #positional(given: readonly Literal[]): void {
    const wanted = Object.entries(this.#shape.positional ?? {});
    const optional = given.length < wanted.length ? wanted.filter(([, kind]) => kind.endsWith("?")).length : 0;
    const expected = optional > 0 ? wanted.filter(([, kind]) => !kind.endsWith("?")) : wanted;
    expected.forEach(([name, kind], index) => {
      const literal = given[index];
      if (literal === undefined) {
        this.#draft.complete = false;
        this.#draft.say(this.#draft.call.span, "missing-argument", { argument: name, kind: kind.replace(/[!?]/, "") });
        return;
      }
      const value = this.#value(name, literal, kind);
      if (value !== null) this.#draft.values[name] = value;
    });
    const extra = given[expected.length];
    if (extra !== undefined) this.#draft.say(extra.span, "extra-argument", { count: expected.length });
  }

  #value(name: string, literal: Literal, kind: PositionalKind | TagKind): ArgumentValue | null {
    this.#draft.spans.set(name, literal.kind === "strings" ? literal.items.map(({ span }) => span) : [literal.span]);
    const wrong = (): null => {
      this.#draft.say(literal.span, "wrong-kind", {
        argument: name,
        kind: kind.replace(/[!?]/, ""),
        found: foundKind(literal),
      });
      this.#draft.complete = false;
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
    this.#draft.say(literal.span, "variable-not-allowed");
    this.#draft.complete = false;
  }

  #text(value: string, span: Span): Text {
    if (!value.includes("${")) return value;
    const { limits, registry } = this.#draft.compilation;
    return readText(value, {
      encodedCharacter: this.#draft.compilation.enabled.has("encoded-character"),
      variables: this.#draft.compilation.enabled.has("variables"),
      hasNamespace: (name) => {
        const space = registry.namespaces.get(name);
        return space !== undefined && this.#draft.compilation.allows(space.capability);
      },
      matchVariables: limits.matchVariables,
      variableName: limits.variableName,
      problem: (problem) => {
        this.#draft.complete = false;
        this.#draft.compilation.report(span, problem);
      },
    });
  }

  /** Rules over several arguments. */
  #together(): void {
    for (const tags of this.#shape.exclusive ?? []) {
      const [first, second] = tags.filter((tag) => this.#draft.values[tag] !== undefined);
      if (first !== undefined && second !== undefined) {
        this.#draft.say(this.#draft.call.span, "tags-exclusive", { tag: second, other: first });
      }
    }
    for (const tags of this.#shape.oneOf ?? []) {
      if (tags.some((tag) => this.#draft.values[tag] !== undefined)) continue;
      this.#draft.say(this.#draft.call.span, "tag-missing", { tags: tags.map((tag) => `:${tag}`).join(", ") });
      this.#draft.complete = false;
    }
    this.#families.check();
    this.#families.checkKeys(Object.keys(this.#shape.positional ?? {}).at(-1));
  }
}

function foundKind(literal: Literal): string {
  if (literal.kind === "number") return "number";
  return literal.list ? "strings" : "string";
}
