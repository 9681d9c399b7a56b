import { z } from "zod";
import { encodeFrame, splitFrame } from "./frame.ts";

/** RFC 5322 §3.4: an address, and the name that stands beside it. */
const mailbox = z.object({
  address: z.string().min(3).max(320),
  name: z.string().max(300).optional(),
});

const attachment = z.object({
  filename: z.string().min(1).max(255),
  /** Media type, `application/pdf`. */
  type: z.string().min(3).max(127),
  /** It leaves only so that its reader alone can open it: S/MIME, or an encrypted archive. Absent: what the installation's rules say. */
  secret: z.boolean().optional(),
});

/**
 * What is to be known of each tracked recipient: `delivery`: whether it arrived; `read`: also whether it was displayed, which recipients are
 * asked (RFC 8098 §2.1); `none`: nothing.
 */
export const circularReceipts = z.enum(["delivery", "read", "none"]);
export type CircularReceipts = z.infer<typeof circularReceipts>;

const texts = {
  from: mailbox,
  replyTo: mailbox.optional(),
  subject: z.string().min(1).max(2000),
  text: z.string().max(1_048_576).optional(),
  html: z.string().max(1_048_576).optional(),
  markdown: z.string().max(1_048_576).optional(),
  /** RFC 2919, `rentree.academie.example`. */
  listId: z.string().max(255).optional(),
  /** RFC 2369, RFC 8058: HTTPS; absent: nobody can leave this list, and the mail does not say so. */
  unsubscribe: z.object({ url: z.url().max(1000), mailto: z.string().max(320).optional() }).optional(),
  /**
   * Each recipient has a mail of their own, with a Message-ID of its own, and reports are matched to it. Otherwise recipients whose mail
   * is the same share transactions.
   */
  tracked: z.boolean(),
  /** Absent: `delivery`, where this installation follows receipts. */
  receipts: circularReceipts.optional(),
};

/** Attachments of one circular. */
export const MOST_ATTACHMENTS = 50;

/** What a circular says, before the fields of a recipient are put into it: `{{field}}` in subject, text, HTML and Markdown. */
const circularDraft = z
  .object({ v: z.literal(1), ...texts, attachments: z.array(attachment).max(MOST_ATTACHMENTS).readonly() })
  .refine(({ text, html, markdown }) => text !== undefined || html !== undefined || markdown !== undefined, {
    message: "a circular without text, html and markdown says nothing",
  });
export type CircularDraftHead = Readonly<z.infer<typeof circularDraft>>;

/**
 * What was written of a circular, as it can be written anew: its attachments by what became of them, in an order that stays while its `version`
 * does. `file`: goes with every mail; `link`: is stored, and mails link to it; `secret`: only its readers can open it.
 */
export const writtenCircular = z.object({
  ...texts,
  attachments: z
    .array(z.object({ filename: z.string(), size: z.number().int(), as: z.enum(["file", "link", "secret"]) }))
    .readonly(),
});
export type WrittenCircular = Readonly<z.infer<typeof writtenCircular>>;

/** A draft with the octets of its attachments, in the order of the head. */
export interface DraftedCircular {
  readonly head: CircularDraftHead;
  readonly attachments: readonly Uint8Array[];
}

const MAGIC = 0x544d4331; // "TMC1"

/** The draft as it lies in the bucket `outgoing` and in the ledger. */
export function encodeCircularDraft({ head, attachments }: DraftedCircular): Uint8Array {
  return encodeFrame(MAGIC, [JSON.stringify(head), ...attachments]);
}

/** Throws `RangeError`, `TypeError`, `SyntaxError` or `ZodError` on a frame that is none. */
export function decodeCircularDraft(frame: Uint8Array): DraftedCircular {
  const [head, ...attachments] = splitFrame(frame, MAGIC, "circular");
  if (head === undefined) throw new RangeError("circular: no head");
  const parsed = circularDraft.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(head)));
  if (parsed.attachments.length !== attachments.length)
    throw new RangeError("circular: attachments and pieces do not pair up");
  return { head: parsed, attachments };
}
