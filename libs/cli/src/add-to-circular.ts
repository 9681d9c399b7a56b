import { basename } from "node:path";
import { addRecipients, readRecipientsCsv } from "@tamis/circulars";
import type { CircularAnswer, CircularRecipient, RecipientFault } from "@tamis/contracts";
import { askCirculars, orFailure } from "./ask-circulars.ts";
import type { Target } from "./circular-target.ts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { fileIn } from "./file-in.ts";
import type { Surroundings } from "./surroundings.ts";

/** Where recipients come from. */
export interface SourceOptions {
  /** A CSV. */
  readonly recipients?: string;
  /** The head of its column of addresses. */
  readonly column?: string;
  /** Lists that `outbox` reads. */
  readonly to?: readonly string[];
}

/** Sources that were read as far as they are files here. */
export interface ReadSources {
  readonly csv: readonly CircularRecipient[];
  /** Name of the CSV. */
  readonly file: string | undefined;
  readonly lists: readonly string[];
}

export type AddedLists = Extract<CircularAnswer, { readonly kind: "added-lists" }>;

/** What came of them. */
export interface AddedRecipients {
  /** Of the circular, now. */
  readonly recipients: number;
  /** Of the added, those who want no circulars. */
  readonly suppressed: number;
  /** Lines of the CSV that were left out. */
  readonly faults: readonly RecipientFault[];
  readonly lists: AddedLists | null;
}

/** A directory may be slow, and its lists long. */
const LISTS_TIMEOUT_MS = 180_000;

/** Reads the files; a {@link CommandFailure} says what cannot be read, or that there is no source. */
export async function readSources(
  { recipients, column, to = [] }: SourceOptions,
  io: Surroundings,
): Promise<ReadSources> {
  if (recipients === undefined && to.length === 0)
    throw new CommandFailure(io.say("circular.no-recipients"), exitCode.usage);
  if (recipients === undefined) return { csv: [], file: undefined, lists: to };
  const read = readRecipientsCsv(await fileIn(recipients, io), column);
  if (read.ok) return { csv: read.recipients, file: basename(recipients), lists: to };
  const { kind, ...rest } = read.fault;
  const columns = "columns" in rest ? rest.columns.join(", ") : "";
  throw new CommandFailure(io.say(`circular.csv.${kind}`, { ...rest, columns, file: recipients }));
}

/** Lists first: they are added as a whole or not at all, and a file that is given again adds only what is missing. */
export async function addToCircular(
  id: string,
  { csv, file, lists }: ReadSources,
  target: Target,
): Promise<AddedRecipients> {
  const accountId = target.account.id;
  const listed =
    lists.length === 0
      ? null
      : await askCirculars(target, { op: "add-lists", accountId, id, sources: lists }, "added-lists", LISTS_TIMEOUT_MS);
  const adding = { accountId, id, recipients: csv, source: file, language: target.io.locale };
  const added = await orFailure(target.io, () => addRecipients(target.bus, adding));
  return {
    recipients: added.recipients ?? listed?.recipients ?? 0,
    suppressed: (listed?.suppressed ?? 0) + added.suppressed,
    faults: added.faults,
    lists: listed,
  };
}
