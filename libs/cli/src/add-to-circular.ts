import {
  type CircularAnswer,
  type CircularRecipient,
  RECIPIENTS_PER_PAGE,
  type RecipientFault,
} from "@tamis/contracts";
import { readRecipientsCsv } from "@tamis/kit";
import { askCirculars, type CircularTarget } from "./ask-circulars.ts";
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

/** Octets of recipients in one request. */
const PAGE_BYTES = 256 * 1024;
/** A directory may be slow, and its lists long. */
const LISTS_TIMEOUT_MS = 180_000;

/** Reads the files; a {@link CommandFailure} says what cannot be read, or that there is no source. */
export async function readSources(
  { recipients, column, to = [] }: SourceOptions,
  io: Surroundings,
): Promise<ReadSources> {
  if (recipients === undefined && to.length === 0)
    throw new CommandFailure(io.say("circular.no-recipients"), exitCode.usage);
  if (recipients === undefined) return { csv: [], lists: to };
  const read = readRecipientsCsv(await fileIn(recipients, io), column);
  if (read.ok) return { csv: read.recipients, lists: to };
  const { kind, ...rest } = read.fault;
  const columns = "columns" in rest ? rest.columns.join(", ") : "";
  throw new CommandFailure(io.say(`circular.csv.${kind}`, { ...rest, columns, file: recipients }));
}

/** Lists first: they are added as a whole or not at all, and a file that is given again adds only what is missing. */
export async function addToCircular(
  id: string,
  { csv, lists }: ReadSources,
  target: CircularTarget,
): Promise<AddedRecipients> {
  const accountId = target.account.id;
  const listed =
    lists.length === 0
      ? null
      : await askCirculars(target, { op: "add-lists", accountId, id, sources: lists }, "added-lists", LISTS_TIMEOUT_MS);
  const faults: RecipientFault[] = [];
  let suppressed = listed?.suppressed ?? 0;
  let recipients = listed?.recipients ?? 0;
  for (const page of pagesOf(csv)) {
    const added = await askCirculars(target, { op: "add", accountId, id, recipients: page }, "added");
    faults.push(...added.faults);
    suppressed += added.suppressed;
    recipients = added.recipients;
  }
  return { recipients, suppressed, faults, lists: listed };
}

/** As many as one request takes. */
function* pagesOf(recipients: readonly CircularRecipient[]): Generator<readonly CircularRecipient[]> {
  let page: CircularRecipient[] = [];
  let bytes = 0;
  for (const recipient of recipients) {
    const size = Buffer.byteLength(JSON.stringify(recipient));
    if (page.length > 0 && (page.length === RECIPIENTS_PER_PAGE || bytes + size > PAGE_BYTES)) {
      yield page;
      page = [];
      bytes = 0;
    }
    page.push(recipient);
    bytes += size;
  }
  if (page.length > 0) yield page;
}
