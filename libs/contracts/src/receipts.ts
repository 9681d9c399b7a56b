import { z } from "zod";
import type { Fact } from "./facts.ts";
import { receiptPolicy, requestState, requestsAnswers } from "./receipt-requests.ts";

/**
 * What is known of a tracked recipient, each stronger than those before it: nothing was heard; `delayed`: still being tried (it closes nothing);
 * `relayed`: handed to where no more is told; `delivered`: in the mailbox; `failed`; `deleted` and `displayed`: as a mail program says.
 */
export const receiptState = z.enum(["none", "delayed", "relayed", "delivered", "failed", "deleted", "displayed"]);
export type ReceiptState = z.infer<typeof receiptState>;

/** Mails whose recipients are told of in one fact, so that it stays well under NATS's `max_payload`. */
export const TRACKED_PER_FACT = 200;

const trackedRecipient = z.object({
  /** Its number in the ledger of `outbox`, of which its token is made. */
  id: z.string().regex(/^\d{1,18}$/),
  address: z.string().max(1000),
  /** With angle brackets. */
  messageId: z.string().max(998),
  /** RFC 3461 §4.4, without xtext. */
  envelopeId: z.string().max(100).optional(),
  /** A disposition was asked for (RFC 8098 §2.1), too. */
  asksDisposition: z.boolean(),
  /** When the relay took it, epoch ms. */
  sentAt: z.number(),
});
export type TrackedRecipient = Readonly<z.infer<typeof trackedRecipient>>;

const recipientsTrackedSchema = z.object({
  v: z.literal(1),
  /** Who sent, and may see. */
  accountId: z.string(),
  /** Absent: an ordinary mail for which reports were asked. */
  circularId: z.string().optional(),
  recipients: z.array(trackedRecipient).min(1).max(TRACKED_PER_FACT).readonly(),
});
export type RecipientsTracked = Readonly<z.infer<typeof recipientsTrackedSchema>>;
/** `outbox` sent mails on which reports are awaited. */
export const recipientsTracked: Fact<RecipientsTracked> = {
  name: "recipients-tracked",
  schema: recipientsTrackedSchema,
};

/** Recipients of one report that are handed on: a report on tracked mail is about one. */
export const REPORTED_RECIPIENTS = 50;
/** Candidates for tokens of one report that are handed on. */
export const REPORTED_TOKENS = 20;

/** Tables take no NUL. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes("\0"), "holds a NUL");
const address = text(1000);
const name = text(998);
/** Up to the year 9999. */
const LAST_MS = 253_402_300_799_999;

const reported = {
  v: z.literal(1),
  /** In whose mail it came. */
  accountId: text(200).min(1),
  mailId: z.string(),
  /** As in the mail's meta: with the account it names the report, however often it is handed over. */
  fingerprint: text(100).min(1),
  /** INTERNALDATE, epoch ms. */
  at: z.number().min(0).max(LAST_MS),
  /** What may be tokens, where only whoever got the mail can have them from: the addresses it was sent to, ENVID, Original-Message-ID. */
  tokens: z.array(z.string().max(100)).max(REPORTED_TOKENS).readonly(),
  /** Claims without proof, by which a report is matched where no token is. */
  envelopeId: name.optional(),
  /** Message-IDs of the mail that it is about: Original-Message-ID, and that of what came back. */
  messageIds: z.array(name).max(4).readonly(),
};

/** `receipts.report`: what a report in somebody's mail says, and nothing of its text. */
export const reportSeen = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("dsn"),
    ...reported,
    recipients: z
      .array(
        z.object({
          /** Final-Recipient, Original-Recipient (RFC 3464 §2.3). */
          final: address.optional(),
          original: address.optional(),
          action: z.enum(["failed", "delayed", "delivered", "relayed", "expanded", "unknown"]),
          /** RFC 3463, `5.1.1`. */
          status: z
            .string()
            .regex(/^[245]\.\d{1,3}\.\d{1,3}$/)
            .optional(),
        }),
      )
      .max(REPORTED_RECIPIENTS)
      .readonly(),
    /** It names more than these. */
    more: z.literal(true).optional(),
  }),
  z.object({
    kind: z.literal("mdn"),
    ...reported,
    final: address.optional(),
    original: address.optional(),
    /** RFC 8098 §3.2.6.2 */
    disposition: z.enum(["displayed", "deleted", "dispatched", "processed", "denied", "failed", "unknown"]),
  }),
  /** A complaint (RFC 5965). */
  z.object({ kind: z.literal("arf"), ...reported, feedbackType: z.string().max(40) }),
  /** A program answered for its owner (RFC 3834). */
  z.object({ kind: z.literal("auto-reply"), ...reported }),
]);
export type ReportSeen = Readonly<z.infer<typeof reportSeen>>;

/** Given after commit. `ours`: it is about what was sent from here, its token says so. `unverified`: it says so itself. `unknown`: it is about nothing tracked. */
export const reportAnswer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("noted"),
    match: z.enum(["ours", "unverified", "unknown"]),
    /** It came to the author of an ordinary mail himself, who waits for it: it is not filed away. */
    stays: z.literal(true).optional(),
  }),
  /** No report that this version knows; `reason` is for the log. */
  z.object({ kind: z.literal("refused"), reason: z.string() }),
]);
export type ReportAnswer = Readonly<z.infer<typeof reportAnswer>>;

/** In whose name `tamis doctor` sends a report to ourselves: no account. */
export const DOCTOR_ACCOUNT = "doctor";

/** Whose eyes: the owner of what was sent, over a door, or an operator, over the command. */
const asked = {
  accountId: z.string().min(1),
  as: z.enum(["owner", "operator"]),
  language: z.enum(["en", "fr"]),
};
/** What it is about: one circular, one mail; absent: all that the account sent. */
const about = {
  circularId: z.string().max(20).optional(),
  messageId: name.optional(),
};
const paged = {
  states: z.array(receiptState).readonly().optional(),
  /** A page of them, those after `after` in the order of their numbers. */
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  limit: z.number().int().min(1).max(1000),
};

/** `receipts.ask`: what is known of the mails that an account sent. */
export const receiptsAsk = z.discriminatedUnion("op", [
  z.object({ op: z.literal("counts"), ...asked, ...about }),
  z.object({ op: z.literal("list"), ...asked, ...about, ...paged }),
  /** The same as lines of CSV (RFC 4180) with a header in the first page; absent: separated by commas. */
  z.object({ op: z.literal("csv"), ...asked, ...about, ...paged, separator: z.enum([",", ";"]).optional() }),
  /** All reports on one recipient, unverified ones too, the newest first. */
  z.object({ op: z.literal("reports"), ...asked, recipient: z.string().max(20) }),
  /** The receipts that others ask of the account, the newest first. */
  z.object({
    op: z.literal("requests"),
    ...asked,
    states: z.array(requestState).readonly().optional(),
    after: paged.after,
    limit: paged.limit,
  }),
  /** The owner's word on one of them, from `requests`. */
  z.object({ op: z.literal("answer"), ...asked, request: z.string().max(20), answer: z.enum(["send", "refuse"]) }),
  /** What the account does about them; `choose`: from now on this, null: what the installation says. */
  z.object({ op: z.literal("policy"), ...asked, choose: receiptPolicy.nullable().optional() }),
]);
export type ReceiptsAsk = Readonly<z.infer<typeof receiptsAsk>>;

const receipt = z.object({
  /** Number of the recipient in the ledger of `outbox`. */
  id: z.string(),
  circularId: z.string().nullable(),
  /** null: a report came before `outbox` told of the mail. */
  address: z.string().nullable(),
  messageId: z.string().nullable(),
  sentAt: z.number().nullable(),
  asksDisposition: z.boolean(),
  state: receiptState,
  /** Since when, epoch ms; null for `none`. */
  stateAt: z.number().nullable(),
  /** RFC 3463, and what it means in the language asked for. */
  status: z.string().nullable(),
  meaning: z.string().nullable(),
  /** An automatic reply came, a complaint came: when, epoch ms. */
  autoReplyAt: z.number().nullable(),
  complainedAt: z.number().nullable(),
  /** Reports without a token that claim to be about this recipient. */
  unverified: z.number().int(),
});
export type Receipt = Readonly<z.infer<typeof receipt>>;

const reportLine = z.object({
  at: z.number(),
  kind: z.enum(["dsn", "mdn", "arf", "auto-reply"]),
  verified: z.boolean(),
  /** null: it says nothing of a state. */
  state: receiptState.nullable(),
  status: z.string().nullable(),
  meaning: z.string().nullable(),
  /** Of a disposition: whose program sent it, where that is not the recipient's, as far as it says. */
  by: z.string().optional(),
});
export type ReportLine = Readonly<z.infer<typeof reportLine>>;

export const receiptsAnswer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("counts"),
    recipients: z.number().int(),
    counts: z.partialRecord(receiptState, z.number().int()),
    autoReplies: z.number().int(),
    complaints: z.number().int(),
  }),
  /** `next`: where the next page begins; null after the last. */
  z.object({ kind: z.literal("listed"), receipts: z.array(receipt).readonly(), next: z.string().nullable() }),
  z.object({ kind: z.literal("csv"), text: z.string(), next: z.string().nullable() }),
  z.object({ kind: z.literal("reports"), reports: z.array(reportLine).readonly() }),
  ...requestsAnswers,
  /** `reason` is a sentence for a person. */
  z.object({ kind: z.literal("refused"), code: z.enum(["missing", "not-allowed", "settled"]), reason: z.string() }),
]);
export type ReceiptsAnswer = Readonly<z.infer<typeof receiptsAnswer>>;
