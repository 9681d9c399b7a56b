import type { ArgumentsDraft } from "./arguments-draft.ts";
import type { StringTree, TagTree } from "./ast.ts";
import { itemAt } from "./check-context.ts";
import type { TagFamily } from "./extension.ts";
import { asTexts, type Text } from "./program.ts";
import type { Extent } from "./source.ts";

/** Resolves the tags of families: match types and comparators, address parts, modifiers. */
export class FamilyTags {
  readonly #draft: ArgumentsDraft;
  readonly #families: readonly TagFamily[];

  constructor(draft: ArgumentsDraft, families: readonly TagFamily[]) {
    this.#draft = draft;
    this.#families = families;
  }

  /** The names of all tags of the families, to suggest one. */
  names(): readonly string[] {
    const { registry } = this.#draft.compilation;
    return [
      ...(this.#has("match") ? ["comparator", ...registry.matchTypes.keys()] : []),
      ...(this.#has("address-part") ? registry.addressParts.keys() : []),
      ...(this.#has("modifier") ? registry.modifiers.keys() : []),
    ];
  }

  #has(family: "match" | "address-part" | "modifier"): boolean {
    return this.#families.includes(family);
  }

  /** Takes a tag with its value; false when it belongs to none of the families. */
  take(tag: TagTree): boolean {
    const { registry } = this.#draft.compilation;
    if (this.#has("match")) {
      if (tag.name === "comparator") {
        this.#comparator(tag);
        return true;
      }
      const matchType = registry.matchTypes.get(tag.name);
      if (matchType !== undefined) {
        this.#draft.needs(tag, matchType.capability);
        this.#once(tag, "match", tag.name);
        if (matchType.item.argument !== undefined) this.#matchArgument(tag, matchType.item.argument);
        return true;
      }
    }
    const part = this.#has("address-part") ? registry.addressParts.get(tag.name) : undefined;
    if (part !== undefined) {
      this.#draft.needs(tag, part.capability);
      this.#once(tag, "part", tag.name);
      return true;
    }
    return this.#modifier(tag);
  }

  #modifier(tag: TagTree): boolean {
    const { registry } = this.#draft.compilation;
    const modifier = this.#has("modifier") ? registry.modifiers.get(tag.name) : undefined;
    if (modifier === undefined) return false;
    this.#draft.needs(tag, modifier.capability);
    const before = this.#draft.values["modifiers"];
    const chosen = Array.isArray(before) ? before : [];
    const clash = chosen.find(
      (name: string) => registry.modifiers.get(name)?.item.precedence === modifier.item.precedence,
    );
    // RFC 5229 §4.1: two modifiers of one precedence are an error.
    if (clash !== undefined) this.#draft.say(tag, "tags-exclusive", { tag: tag.name, other: clash });
    this.#draft.values["modifiers"] = [...chosen, tag.name];
    return true;
  }

  #once(tag: TagTree, key: string, value: string): void {
    const before = this.#draft.values[key];
    if (typeof before === "string") {
      if (before === value) this.#draft.say(tag, "duplicate-tag", { tag: tag.name });
      else this.#draft.say(tag, "tags-exclusive", { tag: tag.name, other: before });
      return;
    }
    this.#draft.values[key] = value;
    this.#draft.places[key] = tag;
  }

  #comparator(tag: TagTree): void {
    const literal = this.#literalValue(tag);
    if (literal === null) return;
    const comparator = this.#draft.compilation.registry.comparators.get(literal.value);
    if (comparator === undefined) {
      const known = this.#draft.compilation.registry.comparators.keys();
      this.#draft.say(literal, "unknown-comparator", this.#draft.compilation.unknown(literal.value, known));
      this.#draft.complete = false;
      return;
    }
    if (!this.#draft.compilation.allows(comparator.capability)) {
      const parameters = { comparator: literal.value, capability: comparator.capability ?? "" };
      this.#draft.say(literal, "comparator-needs-require", parameters);
    }
    if (this.#draft.values["comparator"] !== undefined) this.#draft.say(tag, "duplicate-tag", { tag: tag.name });
    this.#draft.values["comparator"] = literal.value;
    this.#draft.places["comparator"] = literal;
  }

  #matchArgument(tag: TagTree, allowed: readonly string[]): void {
    const literal = this.#literalValue(tag);
    if (literal === null) return;
    const value = literal.value.toLowerCase();
    if (!allowed.includes(value)) {
      this.#draft.say(literal, "bad-match-argument", {
        tag: tag.name,
        value: literal.value,
        allowed: allowed.join(", "),
      });
      this.#draft.complete = false;
    }
    this.#draft.values["matchArgument"] = value;
  }

  /** The one string after a tag, as it is written. */
  #literalValue(tag: TagTree): StringTree | null {
    const { next } = this.#draft;
    const item = next?.kind === "strings" && !next.list ? next.items[0] : undefined;
    if (item === undefined) {
      this.#draft.say(tag, "tag-needs-value", { tag: tag.name, kind: "string" });
      this.#draft.complete = false;
      return null;
    }
    this.#draft.take();
    return item;
  }

  /** Checks the keys of the match; `keys` is the argument that holds them. */
  checkKeys(keys: string | undefined): void {
    const { registry, limits, totals } = this.#draft.compilation;
    const { match, comparator } = this.#draft.values;
    if (!this.#has("match") || typeof match !== "string") return;
    const matchType = registry.matchTypes.get(match)?.item;
    const { name } = this.#draft.call;
    if (matchType?.tests?.includes(name) === false) this.#draft.say(this.#draft.call, "match-not-here", { match });
    if (matchType?.withoutComparator === true && comparator !== undefined) {
      this.#draft.say(this.#placeOf("comparator"), "tags-exclusive", { tag: "comparator", other: match });
    }
    const check = matchType?.checkKey;
    if (check === undefined) return;
    asTexts(this.#draft.values[keys ?? ""]).forEach((text: Text, index) => {
      const problem = typeof text === "string" ? check(text, limits, totals) : null;
      if (problem !== null) this.#draft.compilation.report(this.#placeOf(keys, index), problem);
    });
  }

  // RFC 5228 §2.7.3: a comparator without substrings cannot be used with :contains and :matches.
  check(): void {
    const { registry } = this.#draft.compilation;
    const { comparator, match } = this.#draft.values;
    if (typeof comparator !== "string" || typeof match !== "string") return;
    const substring = registry.matchTypes.get(match)?.item.substring === true;
    if (!substring || registry.comparators.get(comparator)?.item.substring !== false) return;
    this.#draft.say(this.#placeOf("comparator"), "comparator-no-substring", { comparator, match });
  }

  #placeOf(argument: string | undefined, index = 0): Extent {
    return itemAt(this.#draft.places, argument, index) ?? this.#draft.call;
  }
}
