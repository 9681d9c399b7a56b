import { createHash, randomUUID } from "node:crypto";
import { basename, extname } from "node:path";
import { type CircularDraftHead, type CircularOutlook, encodeCircularDraft, outgoingObjects } from "@tamis/contracts";
import type { Account } from "@tamis/kit";
import { type AddedRecipients, addToCircular, readSources, type SourceOptions } from "./add-to-circular.ts";
import { askCirculars, type CircularTarget } from "./ask-circulars.ts";
import { CommandFailure, exitCode } from "./exit-code.ts";
import { fileIn } from "./file-in.ts";
import type { Surroundings } from "./surroundings.ts";

/** What `tamis circular create` is told. */
export interface CreateOptions extends SourceOptions {
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly markdown?: string;
  readonly attach?: readonly string[];
  readonly from?: string;
  readonly replyTo?: string;
  readonly listId?: string;
  readonly untracked?: true;
  /** Says what would leave, and keeps nothing. */
  readonly dryRun?: true;
}

/** What came of it. */
export interface CreatedCircular extends AddedRecipients {
  readonly id: string;
  /** Of a dry run: what would leave. */
  readonly outlook: CircularOutlook | null;
}

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

/**
 * Reads everything, then makes the draft and adds its recipients. A {@link CommandFailure} says what cannot be read or is refused; then
 * nothing of it is kept.
 */
export async function createCircular(options: CreateOptions, target: CircularTarget): Promise<CreatedCircular> {
  const { account, io } = target;
  const sources = await readSources(options, io);
  const id = await createDraft(options, target);
  const discard = () => askCirculars(target, { op: "discard", accountId: account.id, id }, "done");
  try {
    const added = await addToCircular(id, sources, target);
    if (options.dryRun !== true) return { id, ...added, outlook: null };
    const outlook = added.recipients === 0 ? NOTHING : await outlookOf(id, target);
    await discard();
    return { id, ...added, outlook };
  } catch (error) {
    // What is left of it then leaves by nobody's hand, and is dropped with old drafts.
    await discard().catch(() => {});
    throw error;
  }
}

const NOTHING: CircularOutlook = { recipients: 0, suppressed: 0, size: 0, domains: [], domainCount: 0 };

async function outlookOf(id: string, target: CircularTarget): Promise<CircularOutlook> {
  const question = { op: "check", accountId: target.account.id, id } as const;
  const { kind: _, ...outlook } = await askCirculars(target, question, "checked");
  return outlook;
}

async function createDraft(options: CreateOptions, target: CircularTarget): Promise<string> {
  const { account, bus, io } = target;
  const draft = await draftOf(options, account, io);
  const octets = encodeCircularDraft(draft);
  const object = randomUUID();
  await (await bus.objects(outgoingObjects)).put(object, octets);
  const sha256 = createHash("sha256").update(octets).digest("hex");
  const { id } = await askCirculars(
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
  return id;
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
      type: TYPES[extname(file).toLowerCase()] ?? "application/octet-stream",
    })),
    ...(listId === undefined ? {} : { listId }),
    tracked: untracked !== true,
  };
  return { head, attachments: await Promise.all(attach.map((file) => fileIn(file, io))) };
}

/** `Name <address>`, or an address. What is wrong with it, `outbox` says. */
function mailboxOf(text: string): { readonly address: string; readonly name?: string } {
  const [, name = "", address = ""] = /^(.*?)\s*<([^<>]+)>\s*$/s.exec(text) ?? [];
  if (address === "") return { address: text.trim() };
  return name === "" ? { address } : { address, name: name.replace(/^"(.*)"$/, "$1") };
}
