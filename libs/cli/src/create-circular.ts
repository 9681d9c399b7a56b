import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import {
  type CircularDraftHead,
  type CircularReceipts,
  type CircularRecipient,
  encodeCircularDraft,
  outgoingObjects,
  RECIPIENTS_PER_PAGE,
  type RecipientFault,
} from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { askCirculars } from "./ask-circulars.ts";
import type { Target } from "./circular-target.ts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { readRecipientsCsv } from "./recipients-csv.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a circular says. */
export interface DraftOptions {
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly attach?: readonly string[];
  readonly secret?: readonly string[];
  readonly from?: string;
  readonly replyTo?: string;
  readonly listId?: string;
  readonly untracked?: true;
  readonly receipts?: CircularReceipts;
}

/** What `tamis circular create` is told. */
export interface CreateOptions extends DraftOptions {
  readonly recipients: string;
  readonly column?: string;
}

/** A draft for nobody yet. */
export interface CreatedDraft {
  readonly id: string;
  /** Attachments that are secret, and those that became links. */
  readonly secrets: number;
  readonly links: number;
  /** Of the archive with the secret ones: said now, and never again. */
  readonly password?: string;
}

/** What came of it. */
export interface CreatedCircular extends CreatedDraft {
  readonly recipients: number;
  readonly suppressed: number;
  readonly faults: readonly RecipientFault[];
}

/** Octets of recipients in one request. */
const PAGE_BYTES = 256 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  ".pdf": "application/pdf",
  ".txt": "text/plain",
  ".csv": "text/csv",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".ics": "text/calendar",
  ".zip": "application/zip",
  ".odt": "application/vnd.oasis.opendocument.text",
  ".ods": "application/vnd.oasis.opendocument.spreadsheet",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** Reads everything, then makes the draft and adds its recipients page by page. A {@link CommandFailure} says what cannot be read or is refused. */
export async function createCircular(options: CreateOptions, target: Target): Promise<CreatedCircular> {
  const { account, io } = target;
  const recipients = await recipientsIn(options, io);
  const made = await createDraft(options, target);
  const faults: RecipientFault[] = [];
  let suppressed = 0;
  let count = 0;
  for (const page of pagesOf(recipients)) {
    const added = await askCirculars(
      target,
      { op: "add", accountId: account.id, id: made.id, recipients: page },
      "added",
    );
    faults.push(...added.faults);
    suppressed += added.suppressed;
    count = added.recipients;
  }
  return { ...made, recipients: count, suppressed, faults };
}

/** Makes a draft for nobody yet. A {@link CommandFailure} says what cannot be read or is refused. */
export async function createDraft(options: DraftOptions, target: Target): Promise<CreatedDraft> {
  const { account, bus, io } = target;
  const octets = encodeCircularDraft(await draftOf(options, account, io));
  const object = randomUUID();
  await (await bus.objects(outgoingObjects)).put(object, octets);
  const sha256 = createHash("sha256").update(octets).digest("hex");
  const { id, secrets, links, password } = await askCirculars(
    target,
    {
      op: "create",
      accountId: account.id,
      address: account.address,
      key: object,
      draft: { object, size: octets.length, sha256 },
    },
    "created",
  );
  return { id, secrets, links, ...(password === undefined ? {} : { password }) };
}

async function recipientsIn(
  { recipients, column }: CreateOptions,
  io: Surroundings,
): Promise<readonly CircularRecipient[]> {
  const read = readRecipientsCsv(await fileIn(recipients, io), column);
  if (read.ok) return read.recipients;
  const { kind, ...rest } = read.fault;
  const columns = "columns" in rest ? rest.columns.join(", ") : "";
  throw new CommandFailure(io.say(`circular.csv.${kind}`, { ...rest, columns, file: recipients }));
}

async function draftOf(options: DraftOptions, account: Account, io: Surroundings) {
  const { subject, text, html, markdown, attach = [], secret = [] } = options;
  const { from, replyTo, listId, untracked, receipts } = options;
  if (text === undefined && html === undefined && markdown === undefined)
    throw new CommandFailure(io.say("circular.no-text"), exitCode.usage);
  const textIn = async (file: string): Promise<string> => new TextDecoder().decode(await fileIn(file, io));
  const head: CircularDraftHead = {
    v: 1,
    from: from === undefined ? { address: account.address } : mailboxOf(from),
    ...(replyTo === undefined ? {} : { replyTo: mailboxOf(replyTo) }),
    subject,
    ...(text === undefined ? {} : { text: await textIn(text) }),
    ...(html === undefined ? {} : { html: await textIn(html) }),
    ...(markdown === undefined ? {} : { markdown: await textIn(markdown) }),
    attachments: [...attach.map(attachmentOf), ...secret.map((file) => ({ ...attachmentOf(file), secret: true }))],
    ...(listId === undefined ? {} : { listId }),
    tracked: untracked !== true,
    ...(receipts === undefined ? {} : { receipts }),
  };
  return { head, attachments: await Promise.all([...attach, ...secret].map((file) => fileIn(file, io))) };
}

const attachmentOf = (file: string) => ({
  filename: basename(file),
  type: TYPES[extname(file).toLowerCase()] ?? "application/octet-stream",
});

/** `Name <address>`, or an address. What is wrong with it, `outbox` says. */
function mailboxOf(text: string): { readonly address: string; readonly name?: string } {
  const [, name = "", address = ""] = /^(.*?)\s*<([^<>]+)>\s*$/s.exec(text) ?? [];
  if (address === "") return { address: text.trim() };
  return name === "" ? { address } : { address, name: name.replace(/^"(.*)"$/, "$1") };
}

async function fileIn(file: string, io: Surroundings): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const problem = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CommandFailure(io.say("circular.no-file", { file, problem }), exitCode.failed, { cause });
  }
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
