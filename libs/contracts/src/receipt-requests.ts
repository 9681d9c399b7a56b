import { z } from "zod";
import type { Fact } from "./facts.ts";

/** RFC 3503: the disposition of this mail is settled, by whatever program; set also where it was refused, and never taken away. */
export const MDN_SENT = "$MDNSent";
/** A disposition is asked for, and Tamis is to see to it: so its owner finds such mail. */
export const RECEIPT_ASKED = "$TamisReceiptAsked";
/** By these the owner answers, from any mail program. */
export const RECEIPT_GRANTED = "$TamisSendReceipt";
export const RECEIPT_DENIED = "$TamisNoReceipt";
/** Stands beside \\Seen where Tamis set that, or found it on a mail that had just come: nobody is known to have read it. */
export const SEEN_UNREAD = "$TamisSeen";
/** Stands beside {@link MDN_SENT} where Tamis set that in order to send: who asks again after a crash is not refused. */
export const RECEIPT_CLAIMED = "$TamisReceiptSent";

/** What an account does about receipts that others ask for: `inside`: sent by itself to addresses of the organisation, `ask` for others. */
export const receiptPolicy = z.enum(["never", "ask", "inside", "always"]);
export type ReceiptPolicy = z.infer<typeof receiptPolicy>;

/** Whether dispositions of an account's mail can be settled at its server: by CONDSTORE (RFC 7162), and with keywords of ours. */
export const receiptMeans = z.enum(["yes", "no-condstore", "no-keywords"]);
export type ReceiptMeans = z.infer<typeof receiptMeans>;

/** In the head of a batch: Tamis answers for the account, as no mail program of its owner does. */
export const receiptsOfAccount = z.object({ means: receiptMeans, policy: receiptPolicy.optional() });

/** Addresses in one Disposition-Notification-To that are handed on. */
export const RECEIPT_ADDRESSES = 10;

/** Tables take no NUL. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes("\0"), "holds a NUL");

/** What a mail asks for, as far as its header tells (RFC 8098 §2). */
export const receiptRequest = z.object({
  /** The distinct addresses of Disposition-Notification-To. */
  to: z.array(text(1000)).min(1).max(RECEIPT_ADDRESSES).readonly(),
  /** The envelope's sender; absent: nobody knows it. */
  returnPath: text(1000).optional(),
  /** With its angle brackets. */
  messageId: text(998).optional(),
  /** §2.3: as written, `rfc822;anna@example.org`. */
  originalRecipient: text(1000).optional(),
  /** Who got the mail. */
  finalRecipient: text(1000),
  /** §2.2: parameters of Disposition-Notification-Options that must be understood. */
  required: z.array(text(100)).max(20).readonly(),
  /** From and Subject as people read them, cut: by what its owner decides. */
  sender: text(1000).optional(),
  subject: text(1000).optional(),
});
export type ReceiptRequest = Readonly<z.infer<typeof receiptRequest>>;

/** Of a mail that an account has or had. */
const aboutMail = {
  v: z.literal(1),
  accountId: text(200).min(1),
};

const receiptAskedSchema = z.object({
  ...aboutMail,
  mailId: text(300),
  /** As in the mail's meta: with the account it names the request. */
  fingerprint: text(100).min(1),
  /** INTERNALDATE, epoch ms. */
  at: z.number(),
  ...receiptsOfAccount.shape,
  request: receiptRequest,
});
export type ReceiptAsked = Readonly<z.infer<typeof receiptAskedSchema>>;
/** `filter` saw a mail that asks for a disposition, which may be answered. */
export const receiptAsked: Fact<ReceiptAsked> = { name: "receipt-asked", schema: receiptAskedSchema };

const mailReadSchema = z.object({
  ...aboutMail,
  mails: z
    .array(
      z.object({
        /** Where it is now. */
        mailId: text(300),
        folder: text(1000),
        fingerprint: text(100).min(1),
        /** `owner`: it became \\Seen, not by Tamis. `unknown`: it is \\Seen, and nobody is known to have read it. */
        seen: z.enum(["no", "unknown", "owner"]),
        /** What its owner says by keyword. */
        answer: z.enum(["send", "refuse"]).optional(),
        /** When it was found so, epoch ms. */
        at: z.number(),
      }),
    )
    .min(1)
    .readonly(),
});
export type MailRead = Readonly<z.infer<typeof mailReadSchema>>;
/** `mailbox` found that mails on which receipts are asked were read, or their owner's answer. */
export const mailRead: Fact<MailRead> = { name: "mail-read", schema: mailReadSchema };

/** Questions of `mailbox.ask` about receipts that others ask for. */
export const requestAsks = [
  /**
   * Settles the disposition of a mail, by a conditional STORE of `$MDNSent` (RFC 3503, RFC 7162 §3.1.3); it is looked for where it is said to
   * be, then by its Message-ID. May be asked again: what was claimed for sending is `settled` again.
   */
  z.object({
    op: z.literal("settle-receipt"),
    accountId: z.string(),
    outcome: z.enum(["sent", "refused"]),
    mailId: z.string(),
    folder: z.string(),
    fingerprint: z.string(),
    messageId: z.string().optional(),
  }),
] as const;

export const requestAnswers = [
  z.object({
    kind: z.literal("receipt"),
    /** `elsewhere`: another program settled it. `gone`: the mail is nowhere. */
    result: z.enum(["settled", "elsewhere", "gone", "no-condstore", "no-keywords"]),
    /** Of a mail that was settled as `sent`: header fields to return, octets as they are, base64. */
    header: z.base64().optional(),
  }),
] as const;

/**
 * What becomes of a request: nobody read the mail yet; its owner is asked; it is about to be settled, to be sent; it was sent; refused;
 * another program settled it; nothing can be sent (`reason`); the mail is gone.
 */
export const requestState = z.enum([
  "waiting",
  "asking",
  "settling",
  "refusing",
  "sending",
  "sent",
  "refused",
  "elsewhere",
  "impossible",
  "gone",
]);
export type RequestState = z.infer<typeof requestState>;

const receiptRequestLine = z.object({
  id: z.string(),
  mailId: z.string(),
  /** Where the receipt would go. */
  to: z.array(z.string()).readonly(),
  /** Who wrote the mail, and its subject, as {@link receiptRequest} has them: told to the owner alone. */
  sender: z.string().optional(),
  subject: z.string().optional(),
  messageId: z.string().nullable(),
  /** INTERNALDATE of the mail, epoch ms. */
  at: z.number(),
  state: requestState,
  /** Why its owner is asked, or nothing can be sent: a stable code, and a sentence in the language asked for. */
  reason: z.string().nullable(),
  meaning: z.string().nullable(),
  /** Since when, epoch ms. */
  since: z.number(),
});
export type ReceiptRequestLine = Readonly<z.infer<typeof receiptRequestLine>>;

/** More answers of `receipts.ask`. */
export const requestsAnswers = [
  /** The newest first; `next`: where the next page begins, null after the last. */
  z.object({
    kind: z.literal("requests"),
    requests: z.array(receiptRequestLine).readonly(),
    next: z.string().nullable(),
  }),
  z.object({ kind: z.literal("answered"), state: requestState }),
  /** `chosen`: by its owner; null: what the installation says of the account holds. */
  z.object({ kind: z.literal("policy"), chosen: receiptPolicy.nullable(), effective: receiptPolicy }),
] as const;
