import type { HeaderField } from "@tamis/message";
import type { Tag } from "./extension.ts";
import { fieldsNamed } from "./header-fields.ts";
import type { Source } from "./match-test.ts";
import { constantTexts, type Preparation } from "./preparation.ts";
import type { Arguments, Text } from "./program.ts";
import type { RunState } from "./run-state.ts";
import type { Read } from "./slot.ts";
import { valuesOf } from "./values.ts";

type Select = (fields: readonly HeaderField[]) => readonly HeaderField[];

interface FieldSources {
  /** Name of the test, to find the tags that extensions add to it. */
  readonly test: string;
  readonly args: unknown;
  readonly names: readonly Text[];
  /** What is compared of a name's fields, with a word for it that tells it from other readings. */
  readonly reading: string;
  /** False when the reading depends on more than the mail and the facts, e.g. on variables; default true. */
  readonly shared?: boolean;
  /** Only the first field of a name counts where no tag chooses another. */
  readonly first?: true;
  read(fields: readonly HeaderField[], state: RunState): readonly string[];
}

/** The sources of a test over header fields: slots for fixed names, read at run for names with variables. */
export function fieldSources(
  preparation: Preparation,
  given: FieldSources,
): readonly Source[] | ((state: RunState) => readonly Source[]) {
  const { key, select, locate, read } = selection(preparation, given);
  const values = read ?? given.read;
  const reading = `${given.reading}${key} `;
  const chosen = select ?? (given.first === true ? firstOnly : every);
  const reader =
    (...names: readonly string[]): Read =>
    (state) =>
      valuesOf(values(chosen(names.flatMap((name) => locate(state, name))), state));
  const source = (name: string): Source => ({ field: name, read: reader(name) });
  // RFC 5260 §6: the fields of all names are counted, in the order of the names.
  const together = (names: readonly string[]): readonly Source[] => [
    { field: names.join(", "), read: reader(...names.map((name) => name.toLowerCase())) },
  ];
  const shared = (name: string): Source => {
    const lower = name.toLowerCase();
    const slot = preparation.slot(reading + lower, reader(lower), { early: true, fieldName: lower });
    return { field: name, read: slot.read, slot };
  };
  const isTogether = select !== null && given.names.length > 1;
  const fixed = constantTexts(given.names);
  if (fixed !== null) {
    if (isTogether) return together(fixed);
    return fixed.map(given.shared === false || locate !== fieldsNamed ? source : shared);
  }
  const expand = preparation.texts(given.names);
  return (state) => {
    const names = expand(state);
    return isTogether ? together(names) : names.map((name) => source(name.toLowerCase()));
  };
}

type Locate = (state: RunState, name: string) => readonly HeaderField[];

interface Selection {
  /** Tells it from other selections. */
  readonly key: string;
  /** Null: no tag chooses. */
  readonly select: Select | null;
  readonly locate: Locate;
  /** Null: as the test reads them. */
  readonly read: FieldSources["read"] | null;
}

/** Where a test looks for fields, by the tags that extensions add to it; `fieldsNamed` where none says otherwise. */
export function fieldLocator(preparation: Preparation, given: Pick<FieldSources, "test" | "args">): Locate {
  return selection(preparation, given).locate;
}

const every: Select = (fields) => fields;
const firstOnly: Select = (fields) => fields.slice(0, 1);

/** Which fields count, and what of them, by the tags that extensions add to the test. */
function selection(preparation: Preparation, { test, args }: Pick<FieldSources, "test" | "args">): Selection {
  let key = "";
  let select: Select | null = null;
  let locate: Locate = fieldsNamed;
  let read: FieldSources["read"] | null = null;
  const tags = preparation.registry.tags.get(test);
  const given = argumentsOf(args);
  for (const name in given) {
    const tag: Tag | undefined = tags?.get(name)?.item;
    const value = given[name];
    if (tag === undefined || value === undefined) continue;
    locate = tag.locate?.(value, given) ?? locate;
    read = tag.read?.(value, preparation) ?? read;
    const step = tag.select?.(value, given);
    if (step === undefined) continue;
    const before: Select = select ?? every;
    select = (fields) => step(before(fields));
    key += ` ${name}=${JSON.stringify(value)} ${JSON.stringify(given["last"] ?? null)}`;
  }
  return { key, select, locate, read };
}

/** Arguments as the validator stored them: a plain record by name. */
export function argumentsOf(args: unknown): Arguments {
  // The validator stored them as such a record; the type of a shape only tells more about its keys.
  return typeof args === "object" && args !== null ? (args as Arguments) : {};
}
