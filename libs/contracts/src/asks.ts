import { z } from "zod";
import { draftMailboxAsks } from "./drafts.ts";
import { accountState } from "./facts.ts";
import { requestAnswers, requestAsks } from "./receipt-requests.ts";
import { rulesAnswers, rulesAsks } from "./rules-asks.ts";

/** `mailbox.fetch.<p>`: the bytes of a mail that was cut. The answer is raw bytes, with headers `Tamis-Status` (ok, gone, busy) and `Tamis-Total`. */
export const fetchRequest = z.object({
  v: z.literal(1),
  mailId: z.string(),
  folder: z.string(),
  offset: z.number().int().nonnegative(),
});
export type FetchRequest = Readonly<z.infer<typeof fetchRequest>>;
export const FETCH_CHUNK_BYTES = 256 * 1024;

/** `mailbox.ask.<p>`: what only the server knows, and what an operator wants of one account. */
export const mailboxAsk = z.discriminatedUnion("op", [
  /** RFC 5490 §3.1: which of these folders exist? */
  z.object({ op: z.literal("mailbox-exists"), accountId: z.string(), mailboxes: z.array(z.string()).readonly() }),
  /** RFC 6154: which folders have special-use attributes? */
  z.object({ op: z.literal("special-use"), accountId: z.string() }),
  /** RFC 8474 §4: the folders with these MAILBOXIDs. */
  z.object({ op: z.literal("mailbox-ids"), accountId: z.string(), ids: z.array(z.string()).readonly() }),
  /** RFC 5464: annotations, of the server where `mailbox` is null. */
  z.object({
    op: z.literal("metadata"),
    accountId: z.string(),
    entries: z.array(z.object({ mailbox: z.string().nullable(), entry: z.string() })).readonly(),
  }),
  /**
   * What was to leave did not: the mail goes back to INBOX, from Trash if it is there, gets the keyword and is settled there.
   * `gone` where its owner took it away.
   */
  z.object({
    op: z.literal("put-back"),
    accountId: z.string(),
    mailId: z.string(),
    fingerprint: z.string(),
    internalDate: z.number(),
    keyword: z.string(),
  }),
  /**
   * RFC 8580: stores a copy of a mail that was sent. May be asked again: what lies in the folder under this Message-ID is it.
   * `gone` where there is no such folder, and none is to be made.
   */
  z.object({
    op: z.literal("file-copy"),
    accountId: z.string(),
    mailbox: z.string().min(1),
    create: z.boolean(),
    specialUse: z.string().optional(),
    flags: z.array(z.string()).readonly(),
    /** With its angle brackets; nobody else's mail has it. */
    messageId: z.string(),
    /** When it was sent, epoch ms: its INTERNALDATE. */
    date: z.number(),
    /** Its octets, by name in the object bucket `outgoing`. */
    object: z.string(),
  }),
  /** Moves a mail back to INBOX and settles it there. `newMailId` from `mail-applied`. */
  z.object({ op: z.literal("undo"), accountId: z.string(), folder: z.string(), newMailId: z.string() }),
  /** Publishes mail that is in INBOX already, received since `since` (epoch ms), to be decided on; `dryRun` decides only. */
  z.object({
    op: z.literal("sort"),
    accountId: z.string(),
    sortId: z.string(),
    since: z.number().optional(),
    dryRun: z.boolean(),
  }),
  /** After the loss of records and roster: catch up from INTERNALDATE ≥ since (epoch ms). */
  z.object({ op: z.literal("recover"), accountId: z.string(), since: z.number() }),
  ...draftMailboxAsks,
  ...rulesAsks,
  ...requestAsks,
]);
export type MailboxAsk = Readonly<z.infer<typeof mailboxAsk>>;

export const mailboxAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("mailbox-exists"), mailboxes: z.record(z.string(), z.boolean()) }),
  /** By attribute in lower case, `\\junk`: folder names. */
  z.object({ kind: z.literal("special-use"), mailboxes: z.record(z.string(), z.array(z.string())) }),
  z.object({ kind: z.literal("mailbox-ids"), mailboxes: z.record(z.string(), z.string().nullable()) }),
  /** One value per entry asked for, in order; null where there is none. */
  z.object({ kind: z.literal("metadata"), values: z.array(z.string().nullable()).readonly() }),
  z.object({ kind: z.literal("gone") }),
  z.object({ kind: z.literal("done"), mails: z.number().int(), mailId: z.string().optional() }),
  /** `reason` is a sentence for a person. */
  z.object({ kind: z.literal("refused"), reason: z.string() }),
  ...rulesAnswers,
  ...requestAnswers,
]);
export type MailboxAnswer = Readonly<z.infer<typeof mailboxAnswer>>;

/** One instance's answer on `mailbox.status`. */
export const mailboxStatus = z.object({
  v: z.literal(1),
  instance: z.string(),
  startedAt: z.number(),
  /** Partitions held now. */
  partitions: z.number().int(),
  /** Partitions that have accounts: all instances together should hold so many. */
  wanted: z.number().int().optional(),
  accounts: z.partialRecord(accountState, z.number().int()),
  /** Mails settled since the start, and in the last minute. */
  settled: z.number().int(),
  settledLastMinute: z.number().int(),
  /** INTERNALDATE → applied of the last minute's mails, ms. */
  lagP50Ms: z.number().nullable(),
  lagP99Ms: z.number().nullable(),
  /** Snoozed mail: put off and woken since the start, accounts that have some, and when the next wakes (epoch ms). */
  snooze: z
    .object({
      snoozed: z.number().int(),
      woken: z.number().int(),
      accounts: z.number().int(),
      nextAt: z.number().nullable(),
    })
    .optional(),
  /** Accounts that need a person, with the stable reason code. */
  troubled: z.array(z.object({ accountId: z.string(), state: accountState, reason: z.string() })).readonly(),
});
export type MailboxStatus = Readonly<z.infer<typeof mailboxStatus>>;
