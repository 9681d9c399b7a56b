import type { HeaderField } from "@tamis/message";
import type { Tag } from "./extension.ts";
import { fieldsNamed } from "./header-fields.ts";
import type { Source } from "./match-test.ts";
import type { Preparation } from "./preparation.ts";
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
  const reader =
    (name: string): Read =>
    (state) =>
      valuesOf(values(select(locate(state, name)), state));
  const source = (name: string): Source => ({ field: name, read: reader(name) });
  const shared = (name: string): Source => {
    const lower = name.toLowerCase();
    const slot = preparation.slot(reading + lower, reader(lower), { early: true, fieldName: lower });
    return { field: name, read: slot.read, slot };
  };
  const fixed = given.names.filter((name) => typeof name === "string");
  if (fixed.length === given.names.length)
    return fixed.map(given.shared === false || locate !== fieldsNamed ? source : shared);
  const expand = preparation.texts(given.names);
  return (state) => expand(state).map((name) => source(name.toLowerCase()));
}

type Locate = (state: RunState, name: string) => readonly HeaderField[];

interface Selection {
  /** Tells it from other selections. */
  readonly key: string;
  readonly select: Select;
  readonly locate: Locate;
  /** Null: as the test reads them. */
  readonly read: FieldSources["read"] | null;
}

/** Where a test looks for fields, by the tags that extensions add to it; `fieldsNamed` where none says otherwise. */
export function fieldLocator(preparation: Preparation, given: Pick<FieldSources, "test" | "args">): Locate {
  return selection(preparation, given).locate;
}

const every: Select = (fields) => fields;

/** Which fields of one name count, and what of them, by the tags that extensions add to the test. */
function selection(preparation: Preparation, { test, args }: Pick<FieldSources, "test" | "args">): Selection {
  let key = "";
  let select = every;
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
    const before = select;
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
