import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Bus } from "@tamis/bus";
import { addRecipients, createCircular as create, mailboxOf, mediaTypeOf, readRecipientsCsv } from "@tamis/circulars";
import type { CircularDraftHead, CircularRecipient, RecipientFault } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { orFailure } from "./ask-circulars.ts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";

/** What `tamis circular create` is told. */
export interface CreateOptions {
  readonly subject: string;
  readonly recipients: string;
  readonly column?: string;
  readonly text?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly attach?: readonly string[];
  readonly from?: string;
  readonly replyTo?: string;
  readonly listId?: string;
  readonly untracked?: true;
}

/** What came of it. */
export interface CreatedCircular {
  readonly id: string;
  readonly recipients: number;
  readonly suppressed: number;
  readonly faults: readonly RecipientFault[];
}

interface Target {
  readonly bus: Bus;
  readonly account: Account;
  readonly io: Surroundings;
}

/** Reads everything, then makes the draft and adds its recipients page by page. A {@link CommandFailure} says what cannot be read or is refused. */
export async function createCircular(options: CreateOptions, target: Target): Promise<CreatedCircular> {
  const { account, bus, io } = target;
  const recipients = await recipientsIn(options, io);
  const draft = await draftOf(options, account, io);
  const asked = { language: io.locale } as const;
  const { id } = await orFailure(io, () => create(bus, { account, key: randomUUID(), draft, ...asked }));
  const added = await orFailure(io, () => addRecipients(bus, { accountId: account.id, id, recipients, ...asked }));
  return { id, recipients: added.recipients ?? 0, suppressed: added.suppressed, faults: added.faults };
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

async function draftOf(options: CreateOptions, account: Account, io: Surroundings) {
  const { subject, text, html, markdown, attach = [], from, replyTo, listId, untracked } = options;
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
    attachments: attach.map((file) => ({
      filename: basename(file),
      type: mediaTypeOf(file),
    })),
    ...(listId === undefined ? {} : { listId }),
    tracked: untracked !== true,
  };
  return { head, attachments: await Promise.all(attach.map((file) => fileIn(file, io))) };
}

async function fileIn(file: string, io: Surroundings): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const problem = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CommandFailure(io.say("circular.no-file", { file, problem }), exitCode.failed, { cause });
  }
}
