import { ArgumentsDraft, type Call } from "./arguments-draft.ts";
import type { LiteralTree, StringTree, TagTree } from "./ast.ts";
import { ArgumentsContext, type Compilation } from "./check-context.ts";
import { none } from "./compact.ts";
import type { PositionalKind, Shape, Tag, TagKind } from "./extension.ts";
import { FamilyTags } from "./family-tags.ts";
import type { Arguments, ArgumentValue, Text } from "./program.ts";
import type { Entry } from "./registry.ts";
import { type Signature, signatureOf } from "./signature.ts";
import { readText } from "./text-template.ts";

/** Arguments checked against their shape. */
export interface Resolved {
  readonly args: Arguments;
  readonly context: ArgumentsContext;
  /** Every required argument is there with its kind: `check` may look at them. */
  readonly complete: boolean;
}

/** Resolves the arguments of a command or test by its shape and by the tags that extensions add to it. */
export function resolveArguments(call: Call, shape: Shape, compilation: Compilation): Resolved {
  return new ArgumentResolver(new ArgumentsDraft(call, compilation), shape).resolve();
}

interface AddedTag {
  readonly tag: Tag;
  readonly value: ArgumentValue;
}

class ArgumentResolver {
  readonly #draft: ArgumentsDraft;
  readonly #shape: Shape;
  readonly #signature: Signature;
  readonly #families: FamilyTags | null;
  #added: readonly AddedTag[] = none;

  constructor(draft: ArgumentsDraft, shape: Shape) {
    this.#draft = draft;
    this.#shape = shape;
    this.#signature = signatureOf(shape);
    this.#families = shape.families === undefined ? null : new FamilyTags(draft, shape.families);
  }

  resolve(): Resolved {
    const { call, compilation, values, places } = this.#draft;
    const positional: LiteralTree[] = [];
    for (let { next } = this.#draft; next !== undefined; { next } = this.#draft) {
      this.#draft.take();
      if (next.kind !== "tag") positional.push(next);
      else {
        // RFC 5228 §2.6.2: tagged arguments come before positional ones.
        if (positional.length > 0 && this.#shape.tagsBehind !== true)
          this.#draft.say(next, "tag-after-argument", { tag: next.name });
        this.#tag(next);
      }
    }
    this.#positional(positional);
    this.#together();
    const context = new ArgumentsContext(compilation, call, places);
    const { complete } = this.#draft;
    if (complete) for (const { tag, value } of this.#added) tag.check?.(value, values, context);
    return { args: values, context, complete };
  }

  #tag(tag: TagTree): void {
    const own = this.#signature.tags.get(tag.name);
    if (own !== undefined) this.#store(tag, own);
    else if (this.#families?.take(tag) === true) return;
    else {
      const added = this.#draft.compilation.registry.tags.get(this.#draft.call.name)?.get(tag.name);
      if (added !== undefined) this.#addedTag(tag, added);
      else this.#unknownTag(tag);
    }
  }

  #addedTag(tag: TagTree, { item, capability }: Entry<Tag>): void {
    this.#draft.needs(tag, capability);
    this.#added = [...this.#added, { tag: item, value: this.#store(tag, item.kind) }];
  }

  #unknownTag(tag: TagTree): void {
    const { registry } = this.#draft.compilation;
    const known = [...this.#signature.tags.keys(), ...(registry.tags.get(this.#draft.call.name)?.keys() ?? [])];
    known.push(...(this.#families?.names() ?? []));
    this.#draft.say(tag, "unknown-tag", {
      ...this.#draft.compilation.unknown(tag.name, known, ":"),
      command: this.#draft.call.name,
    });
    this.#draft.complete = false;
  }

  #store(tag: TagTree, kind: TagKind): ArgumentValue {
    if (this.#draft.values[tag.name] !== undefined) this.#draft.say(tag, "duplicate-tag", { tag: tag.name });
    const value = kind === "flag" ? true : this.#tagValue(tag, kind);
    this.#draft.values[tag.name] = value;
    if (kind === "flag") this.#draft.places[tag.name] = tag;
    return value;
  }

  #tagValue(tag: TagTree, kind: Exclude<TagKind, "flag">): ArgumentValue {
    const { next } = this.#draft;
    if (next === undefined || next.kind === "tag") {
      this.#draft.say(tag, "tag-needs-value", { tag: tag.name, kind: kind.replace("!", "") });
      this.#draft.complete = false;
      return true;
    }
    this.#draft.take();
    return this.#value(tag.name, next, kind) ?? true;
  }

  #positional(given: readonly LiteralTree[]): void {
    const { positional, required } = this.#signature;
    const expected = given.length < positional.length ? required : positional;
    for (let index = 0; index < expected.length; index++) {
      const wanted = expected[index];
      const literal = given[index];
      if (wanted === undefined) continue;
      const { name, kind } = wanted;
      if (literal === undefined) {
        this.#draft.complete = false;
        this.#draft.say(this.#draft.call, "missing-argument", { argument: name, kind: kind.replace(/[!?]/, "") });
        continue;
      }
      const value = this.#value(name, literal, kind);
      if (value !== null) this.#draft.values[name] = value;
    }
    const extra = given[expected.length];
    if (extra !== undefined) this.#draft.say(extra, "extra-argument", { count: expected.length });
  }

  #value(name: string, literal: LiteralTree, kind: PositionalKind | TagKind): ArgumentValue | null {
    this.#draft.places[name] = literal;
    const isNumber = kind === "number";
    if (literal.kind === "number") return isNumber ? literal.value : this.#wrongKind(name, literal, kind);
    if (isNumber || kind === "flag") return this.#wrongKind(name, literal, kind);
    const texts = literal.items.map((item) => this.#text(item));
    if (kind.endsWith("!")) this.#literalOnly(texts, literal);
    if (kind.startsWith("strings")) return texts;
    return literal.list ? this.#wrongKind(name, literal, kind) : (texts[0] ?? "");
  }

  #wrongKind(name: string, literal: LiteralTree, kind: PositionalKind | TagKind): null {
    const parameters = { argument: name, kind: kind.replace(/[!?]/, ""), found: foundKind(literal) };
    this.#draft.say(literal, "wrong-kind", parameters);
    this.#draft.complete = false;
    return null;
  }

  #literalOnly(texts: readonly Text[], literal: LiteralTree): void {
    if (texts.every((text) => typeof text === "string")) return;
    this.#draft.say(literal, "variable-not-allowed");
    this.#draft.complete = false;
  }

  #text(item: StringTree): Text {
    const { value } = item;
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
        this.#draft.compilation.report(item, problem);
      },
    });
  }

  /** Rules over several arguments. */
  #together(): void {
    for (const tags of this.#shape.exclusive ?? []) {
      const [first, second] = tags.filter((tag) => this.#draft.values[tag] !== undefined);
      if (first !== undefined && second !== undefined) {
        this.#draft.say(this.#draft.call, "tags-exclusive", { tag: second, other: first });
      }
    }
    for (const tags of this.#shape.oneOf ?? []) {
      if (tags.some((tag) => this.#draft.values[tag] !== undefined)) continue;
      this.#draft.say(this.#draft.call, "tag-missing", { tags: tags.map((tag) => `:${tag}`).join(", ") });
      this.#draft.complete = false;
    }
    this.#families?.check();
    this.#families?.checkKeys(this.#signature.last);
  }
}

function foundKind(literal: LiteralTree): string {
  if (literal.kind === "number") return "number";
  return literal.list ? "strings" : "string";
}
