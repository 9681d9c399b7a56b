import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { addRecipients, createCircular as create, mailboxOf, mediaTypeOf, readRecipientsCsv } from "@tamis/circulars";
import type { CircularDraftHead, CircularReceipts, CircularRecipient, RecipientFault } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { orFailure } from "./ask-circulars.ts";
import type { Target } from "./circular-target.ts";
import { CommandFailure, exitCode } from "./exit-code.ts";
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

/** Reads everything, then makes the draft and adds its recipients page by page. A {@link CommandFailure} says what cannot be read or is refused. */
export async function createCircular(options: CreateOptions, target: Target): Promise<CreatedCircular> {
  const { account, bus, io } = target;
  const recipients = await recipientsIn(options, io);
  const made = await createDraft(options, target);
  const asked = { language: io.locale } as const;
  const adding = { accountId: account.id, id: made.id, recipients, ...asked };
  const added = await orFailure(io, () => addRecipients(bus, adding));
  return { ...made, recipients: added.recipients ?? 0, suppressed: added.suppressed, faults: added.faults };
}

/** Makes a draft for nobody yet. A {@link CommandFailure} says what cannot be read or is refused. */
export async function createDraft(options: DraftOptions, target: Target): Promise<CreatedDraft> {
  const { account, bus, io } = target;
  const draft = await draftOf(options, account, io);
  const asked = { account, key: randomUUID(), draft, language: io.locale } as const;
  const { id, secrets, links, password } = await orFailure(io, () => create(bus, asked));
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

const attachmentOf = (file: string) => ({ filename: basename(file), type: mediaTypeOf(file) });

async function fileIn(file: string, io: Surroundings): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const problem = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CommandFailure(io.say("circular.no-file", { file, problem }), exitCode.failed, { cause });
  }
}
