import { z } from "zod";
import { parseAs } from "./conforms.ts";
import { encodeFrame, splitFrame } from "./frame.ts";
import { receiptsOfAccount } from "./receipt-requests.ts";

/** design.md §Events: a batch is at most 64 mails and 512 KiB; one mail inline is at most `ingest.inlineBytes`. */
export const BATCH_MAX_MAILS = 64;
export const BATCH_MAX_BYTES = 512 * 1024;

/**
 * Why a batch was published: `live` mail; `sort` on an owner's demand; `again` when it stayed unsettled; `preview` and `apply`
 * of rules to stored mail, of which nobody outside hears and nothing is remembered; `event`: somebody stored or changed these
 * mails over IMAP, in a folder that is watched (RFC 6785).
 */
const purpose = z.enum(["live", "sort", "again", "preview", "apply", "event"]);

const batchHead = z.object({
  v: z.literal(1),
  accountId: z.string().min(1),
  /** The account's own address: envelope `to` for Sieve where the mail names none. */
  address: z.string(),
  mode: z.enum(["observe", "act"]),
  purpose,
  /** Names one `tamis sort` or `tamis rules`, echoed in every fact about it. */
  sortId: z.string().optional(),
  /** Key in KV `drafts`: the script that stands in for the owner's active one. */
  draft: z.string().optional(),
  /** To be decided on and told of; nothing is to be carried out, nor settled. */
  dryRun: z.boolean().optional(),
  folder: z.object({ id: z.string(), name: z.string(), uidValidity: z.number().int().nonnegative() }),
  /** Of purpose `event`: the watched folder as tamis.yaml names it, and the owner's name at the IMAP server. */
  watched: z.object({ folder: z.string(), user: z.string() }).optional(),
  /** In which its owner is written to; absent: nothing is said of it. */
  language: z.enum(["en", "fr"]).optional(),
  /** Its IMAP server, as a key of KV `servers`. */
  server: z.string().optional(),
  /** Receipts that others ask for are answered here; absent: by its owner's mail program. */
  receipts: receiptsOfAccount.optional(),
});
export type BatchHead = Readonly<z.infer<typeof batchHead>>;

/** What somebody did to a mail over IMAP, as far as it shows from outside (RFC 6785 §2.2). */
const imapEvent = z.object({
  /** Tells events of one mail apart: its decision bears it, and what leaves because of it. */
  key: z.string(),
  cause: z.enum(["APPEND", "COPY", "FLAG"]),
  changedFlags: z.array(z.string()).readonly().optional(),
  /** It happened after this moment (epoch ms): when the folder was looked at before. */
  after: z.number(),
});
export type ImapEvent = Readonly<z.infer<typeof imapEvent>>;

const mailMeta = z.object({
  uid: z.number().int().positive(),
  /** Octets of the whole mail, RFC822.SIZE; more than the bytes given when truncated. */
  size: z.number().int().nonnegative(),
  /** INTERNALDATE, epoch ms. */
  internalDate: z.number(),
  flags: z.array(z.string()),
  /** 16 hex digits from Message-ID, size, INTERNALDATE and the first Received: knows a mail again under another UID. */
  fingerprint: z.string(),
  /**
   * The bytes are the mail without the bodies of some parts, put together again from what the server counts as parts: of `parts`
   * that are no multipart those at `omitted`, from 0.
   */
  omission: z
    .object({ parts: z.number().int().positive(), omitted: z.array(z.number().int().nonnegative()).readonly() })
    .optional(),
  /** Of purpose `event`. */
  event: imapEvent.optional(),
  /** W3C trace context of this mail's one trace. */
  traceparent: z.string().optional(),
  /** When the server's EXISTS (or the catch-up) showed it, when its bytes were here: epoch ms, fractions allowed. */
  seenAt: z.number(),
  fetchedAt: z.number(),
});
export type MailMeta = Readonly<z.infer<typeof mailMeta>>;

export interface BatchedMail {
  readonly meta: MailMeta;
  /** Raw RFC 5322 bytes, without some parts' bodies or cut at `ingest.inlineBytes`. A view into the batch's own buffer. */
  readonly raw: Uint8Array;
}

export interface MailBatch {
  readonly head: BatchHead;
  readonly mails: readonly BatchedMail[];
}

const MAGIC = 0x544d4231; // "TMB1"
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Frame: magic, then head JSON, then per mail meta JSON and raw bytes. */
export function encodeMailBatch(batch: MailBatch): Uint8Array {
  const pieces: (string | Uint8Array)[] = [JSON.stringify(batch.head)];
  for (const mail of batch.mails) pieces.push(JSON.stringify(mail.meta), mail.raw);
  return encodeFrame(MAGIC, pieces);
}

/** Throws `RangeError`, `TypeError`, `SyntaxError` or `ZodError` on a frame that is none: the consumer rejects such a message. */
export function decodeMailBatch(frame: Uint8Array): MailBatch {
  const pieces = splitFrame(frame, MAGIC, "mail batch");
  const [head, ...rest] = pieces;
  if (head === undefined || rest.length % 2 !== 0) throw new RangeError("mail batch: pieces do not pair up");
  const mails: BatchedMail[] = [];
  for (let i = 0; i < rest.length; i += 2) {
    const [meta, raw] = [rest[i], rest[i + 1]];
    if (meta === undefined || raw === undefined) throw new RangeError("mail batch: a mail without its bytes");
    mails.push({ meta: parseAs(mailMeta, JSON.parse(decoder.decode(meta))), raw });
  }
  return { head: parseAs(batchHead, JSON.parse(decoder.decode(head))), mails };
}
