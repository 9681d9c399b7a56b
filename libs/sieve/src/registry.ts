import type { Ability, ExtensionAbility } from "./ability.ts";
import type { Comparator } from "./comparator.ts";
import type { AddressPart, Command, EnvelopePart, Extension, MatchType, Modifier, Tag, Test } from "./extension.ts";

/** A thing of the language together with what must be required for it (null: nothing). */
export interface Entry<T> {
  readonly item: T;
  readonly capability: string | null;
}

/** A namespace of variables, with the way to read them where they are no ordinary ones. */
export interface Namespace {
  readonly name: string;
  readonly read: Extension["readNamespace"];
}

type Table<T> = ReadonlyMap<string, Entry<T>>;

/** All extensions, looked up by name. */
export interface Registry {
  readonly capabilities: readonly string[];
  /** Capability or alias → capability; null for what the base language has anyway. */
  readonly requirable: ReadonlyMap<string, string | null>;
  /** Capabilities that come with another one. */
  readonly implied: ReadonlyMap<string, readonly string[]>;
  /** What each capability needs of the world around a script. */
  readonly needs: ReadonlyMap<string, readonly ExtensionAbility[]>;
  /** Capabilities that have a newer name. */
  readonly outdated: ReadonlySet<string>;
  readonly commands: Table<Command>;
  readonly tests: Table<Test>;
  readonly matchTypes: Table<MatchType>;
  readonly comparators: Table<Comparator>;
  readonly envelopeParts: Table<EnvelopePart>;
  readonly addressParts: Table<AddressPart>;
  readonly modifiers: Table<Modifier>;
  readonly namespaces: Table<Namespace>;
  /** Tags that extensions add, by the name of the command or test. */
  readonly tags: ReadonlyMap<string, Table<Tag>>;
}

/** Indexes a list of extensions; throws when two of them claim one name, which is a bug of ours. */
export function buildRegistry(extensions: readonly Extension[]): Registry {
  const requirable = new Map<string, string | null>();
  for (const { name, aliases, outdated } of extensions) {
    if (name !== null) requirable.set(name, name);
    for (const alias of [...(aliases ?? []), ...(outdated ?? [])]) requirable.set(alias, name);
  }
  return {
    capabilities: extensions.flatMap(({ name }) => (name === null ? [] : [name])),
    requirable,
    implied: new Map(
      extensions.flatMap(({ name, implies }): [string, readonly string[]][] =>
        name === null || implies === undefined ? [] : [[name, implies]],
      ),
    ),
    needs: new Map(
      extensions.flatMap(({ name, needs }): [string, readonly ExtensionAbility[]][] =>
        name === null || needs === undefined ? [] : [[name, needs]],
      ),
    ),
    outdated: new Set(extensions.flatMap(({ outdated }) => outdated ?? [])),
    commands: table(extensions, (extension) => extension.commands),
    tests: table(extensions, (extension) => extension.tests),
    matchTypes: table(extensions, (extension) => extension.matchTypes),
    comparators: table(extensions, (extension) => extension.comparators),
    envelopeParts: table(extensions, (extension) => extension.envelopeParts),
    addressParts: table(extensions, (extension) => extension.addressParts),
    modifiers: table(extensions, (extension) => extension.modifiers),
    namespaces: new Map(
      extensions.flatMap(({ name, namespaces, readNamespace: read }) =>
        (namespaces ?? []).map((space): [string, Entry<Namespace>] => [
          space,
          { item: { name: space, read }, capability: name },
        ]),
      ),
    ),
    tags: tagTable(extensions),
  };
}

/** The capabilities that cannot be carried out with these abilities, each with the first one that it lacks. */
export function refusedIn({ needs }: Registry, abilities: ReadonlySet<Ability>): ReadonlyMap<string, ExtensionAbility> {
  const refused = new Map<string, ExtensionAbility>();
  for (const [capability, needed] of needs) {
    const missing = needed.find((ability) => !abilities.has(ability));
    if (missing !== undefined) refused.set(capability, missing);
  }
  return refused;
}

function table<T extends { readonly name: string }>(
  extensions: readonly Extension[],
  pick: (extension: Extension) => readonly T[] | undefined,
): Table<T> {
  const entries = new Map<string, Entry<T>>();
  for (const extension of extensions) {
    for (const item of pick(extension) ?? []) {
      if (entries.has(item.name)) throw new Error(`two extensions define ${item.name}`);
      entries.set(item.name, { item, capability: extension.name });
    }
  }
  return entries;
}

function tagTable(extensions: readonly Extension[]): ReadonlyMap<string, Table<Tag>> {
  const owners = new Map<string, Map<string, Entry<Tag>>>();
  for (const { name, tags } of extensions) {
    for (const tag of tags ?? []) {
      for (const owner of tag.on) {
        const entries = owners.get(owner) ?? new Map<string, Entry<Tag>>();
        entries.set(tag.name, { item: tag, capability: name });
        owners.set(owner, entries);
      }
    }
  }
  return owners;
}

/** The name among `known` that a misspelt one probably meant: at most two letters differ (one for short names). */
export function suggestion(name: string, known: Iterable<string>): string | null {
  const allowed = name.length <= 4 ? 1 : 2;
  let best: string | null = null;
  let least = allowed + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name, candidate);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Letters changed, added, left out, or swapped with their neighbour. */
function editDistance(left: string, right: string): number {
  if (left.length > 40 || right.length > 40) return 41;
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[right.length] ?? 41;
}
