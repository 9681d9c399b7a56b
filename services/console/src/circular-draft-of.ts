import { mailboxOf, mediaTypeOf, readRecipientsCsv } from "@tamis/circulars";
import type { CircularDraftHead, CircularReceipts, CircularRecipient, DraftedCircular } from "@tamis/contracts";
import { type Account, type Language, tellIn } from "@tamis/kit";
import { Problem } from "./http/problem.ts";
import { pageTexts } from "./texts/page-texts.ts";

/** What somebody wants to write, as pages and the API have it. */
export interface Wish {
  readonly from?: { readonly address: string; readonly name?: string | undefined } | undefined;
  readonly replyTo?: { readonly address: string; readonly name?: string | undefined } | undefined;
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  readonly markdown?: string | undefined;
  readonly listId?: string | undefined;
  readonly unsubscribe?: CircularDraftHead["unsubscribe"];
  readonly tracked: boolean;
  readonly receipts?: CircularReceipts | undefined;
}

/** What goes with it. */
export interface Enclosed {
  readonly files: readonly File[];
  /** Those that only their readers may be able to open. */
  readonly secrets: readonly File[];
}

/** Whose address an account may write as: its own and its identities; of these `outbox` takes those that it knows. */
function mayWriteAs({ address, identities = [] }: Account, from: string): boolean {
  return [address, ...identities].some((one) => one.toLowerCase() === from.toLowerCase());
}

/** The draft that `outbox` is given; a {@link Problem} where its sender is somebody else. */
export async function draftOf(wish: Wish, { files, secrets }: Enclosed, account: Account): Promise<DraftedCircular> {
  const { from = { address: account.address }, ...rest } = wish;
  if (!mayWriteAs(account, from.address)) throw new Problem("not-allowed", from.address);
  const head: CircularDraftHead = {
    v: 1,
    from,
    ...rest,
    attachments: [...files.map(attachmentOf), ...secrets.map((file) => ({ ...attachmentOf(file), secret: true }))],
  };
  const all = [...files, ...secrets];
  return { head, attachments: await Promise.all(all.map(async (file) => new Uint8Array(await file.arrayBuffer()))) };
}

const attachmentOf = ({ name, type }: File) => ({ filename: name, type: typeOf(type, name) });

/** What a browser says, where it says something. */
function typeOf(said: string, filename: string): string {
  const type = said.split(";")[0]?.trim() ?? "";
  return type === "" || type === "application/octet-stream" ? mediaTypeOf(filename) : type;
}

/** The mailbox in a field of a form; undefined where it is blank. */
export function mailboxIn(text: string): ReturnType<typeof mailboxOf> | undefined {
  return text.trim() === "" ? undefined : mailboxOf(text);
}

/** The recipients of a CSV; a {@link Problem} that says what is wrong with it. */
export function recipientsIn(csv: Uint8Array, language: Language, column?: string): readonly CircularRecipient[] {
  const read = readRecipientsCsv(csv, column);
  if (read.ok) return read.recipients;
  const { kind, ...rest } = read.fault;
  const columns = "columns" in rest ? rest.columns.join(", ") : "";
  throw new Problem("bad-recipients", tellIn(language, pageTexts[`csv.${kind}`], { ...rest, columns }));
}
