import {
  type CircularAnswer,
  type CircularRecipient,
  RECIPIENTS_PER_PAGE,
  type RecipientFault,
} from "@tamis/contracts";
import { type Asker, askCirculars } from "./ask-circulars.ts";

/** What became of recipients, of however many requests. */
export interface AddedRecipients {
  readonly kind: "added";
  readonly added: number;
  /** Of the added: those who want no circulars, and get none. */
  readonly suppressed: number;
  /** Of those that were not added. */
  readonly faults: readonly RecipientFault[];
  /** Of the circular, now; null: nobody was to be added. */
  readonly recipients: number | null;
}

export interface Adding {
  readonly accountId: string;
  readonly id: string;
  readonly recipients: readonly CircularRecipient[];
  /** Where they come from, as their owner knows it: the name of a file. */
  readonly source?: string | undefined;
  /** Of a refusal. */
  readonly language: "en" | "fr";
}

/** Characters of the name of a file. */
const MOST_SOURCE = 300;
/** Octets of recipients in one request. */
const PAGE_BYTES = 256 * 1024;

/**
 * Adds recipients to a draft, as many a time as one request takes. What was added stays when a later page is refused or not answered: those are
 * doubles when all of them are added again.
 */
export async function addRecipients(
  bus: Asker,
  { accountId, id, recipients, source, language }: Adding,
): Promise<AddedRecipients | Extract<CircularAnswer, { readonly kind: "refused" }>> {
  let sum: AddedRecipients = { kind: "added", added: 0, suppressed: 0, faults: [], recipients: null };
  const from = source === undefined || source === "" ? {} : { source: source.slice(0, MOST_SOURCE) };
  for (const page of pagesOf(recipients)) {
    const answer = await askCirculars(bus, { op: "add", accountId, id, recipients: page, language, ...from }, "added");
    if (answer.kind === "refused") return answer;
    sum = {
      kind: "added",
      added: sum.added + answer.added,
      suppressed: sum.suppressed + answer.suppressed,
      faults: [...sum.faults, ...answer.faults],
      recipients: answer.recipients,
    };
  }
  return sum;
}

/** As many as one request takes. */
export function* pagesOf(recipients: readonly CircularRecipient[]): Generator<readonly CircularRecipient[]> {
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
