import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { createCircular as create, mailboxOf, mediaTypeOf } from "@tamis/circulars";
import type { CircularDraftHead, CircularOutlook, CircularReceipts } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { type AddedRecipients, addToCircular, readSources, type SourceOptions } from "./add-to-circular.ts";
import { askCirculars, orFailure } from "./ask-circulars.ts";
import type { Target } from "./circular-target.ts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { fileIn } from "./file-in.ts";
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
export interface CreateOptions extends DraftOptions, SourceOptions {
  /** Says what would leave, and keeps nothing. */
  readonly dryRun?: true;
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
export interface CreatedCircular extends CreatedDraft, AddedRecipients {
  /** Of a dry run: what would leave. */
  readonly outlook: CircularOutlook | null;
}

/**
 * Reads everything, then makes the draft and adds its recipients. A {@link CommandFailure} says what cannot be read or is refused; then
 * nothing of it is kept.
 */
export async function createCircular(options: CreateOptions, target: Target): Promise<CreatedCircular> {
  const { account, io } = target;
  const sources = await readSources(options, io);
  const made = await createDraft(options, target);
  const { id } = made;
  const discard = () => askCirculars(target, { op: "discard", accountId: account.id, id }, "done");
  try {
    const added = await addToCircular(id, sources, target);
    if (options.dryRun !== true) return { ...made, ...added, outlook: null };
    const outlook = added.recipients === 0 ? NOTHING : await outlookOf(id, target);
    await discard();
    const { password: _, ...draft } = made;
    return { ...draft, ...added, outlook };
  } catch (error) {
    // What is left of it then leaves by nobody's hand, and is dropped with old drafts.
    await discard().catch(() => {});
    throw error;
  }
}

const NOTHING: CircularOutlook = { recipients: 0, suppressed: 0, size: 0, domains: [], domainCount: 0 };

async function outlookOf(id: string, target: Target): Promise<CircularOutlook> {
  const question = { op: "check", accountId: target.account.id, id } as const;
  const { kind: _, ...outlook } = await askCirculars(target, question, "checked");
  return outlook;
}

/** Makes a draft for nobody yet. A {@link CommandFailure} says what cannot be read or is refused. */
export async function createDraft(options: DraftOptions, target: Target): Promise<CreatedDraft> {
  const { account, bus, io } = target;
  const draft = await draftOf(options, account, io);
  const asked = { account, key: randomUUID(), draft, language: io.locale } as const;
  const { id, secrets, links, password } = await orFailure(io, () => create(bus, asked));
  return { id, secrets, links, ...(password === undefined ? {} : { password }) };
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
