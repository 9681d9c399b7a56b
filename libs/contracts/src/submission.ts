import { z } from "zod";
import { encodeFrame, splitFrame } from "./frame.ts";

/** Why something leaves that nobody is waiting for. */
const sendingKind = z.enum(["redirect", "reject", "vacation", "notify", "report"]);

/** Why something leaves; `submission`: its author handed it over by SMTP. */
const sentKind = z.enum([...sendingKind.options, "submission"]);
export type SentKind = z.infer<typeof sentKind>;

/** One mail that a script wants to leave. */
const sending = z.object({
  /**
   * Names it among the sendings of its mail, the same at each repetition: with account and fingerprint it is the identity by
   * which `outbox` stores each sending once.
   */
  key: z.string().min(1).max(100),
  kind: sendingKind,
  /** Envelope sender (RFC 5321 §4.1.1.2); null is <>. Of a redirect: the mail's own where it is known; `outbox` chooses by its settings. */
  from: z.string().nullable().optional(),
  to: z.array(z.string().min(3)).min(1).max(100).readonly(),
  /** With its angle brackets; of a redirect the mail's own, "" where it has none. */
  messageId: z.string(),
  /** Index into `bodies`. */
  body: z.number().int().nonnegative(),
  /** The mail leaves INBOX because this sending is stored: it is put back when the sending ends in anything but `accepted`. */
  cancelsKeep: z.boolean(),
  /** Waits for its owner to release it: the mail was old when it was decided on. */
  hold: z.boolean(),
  /** RFC 8580: a copy of what is sent goes into this folder of the owner's, once the sending is committed. */
  fcc: z
    .object({
      mailbox: z.string().min(1),
      create: z.boolean(),
      specialUse: z.string().optional(),
      flags: z.array(z.string()).readonly(),
    })
    .optional(),
  /** RFC 3461: what reports to ask for. */
  dsn: z
    .object({ notify: z.array(z.string()).readonly().optional(), ret: z.enum(["FULL", "HDRS"]).optional() })
    .optional(),
  /** RFC 2852: epoch ms, and what happens after them. */
  deliverBy: z.object({ time: z.number(), mode: z.enum(["notify", "return"]), trace: z.boolean() }).optional(),
});
export type Sending = Readonly<z.infer<typeof sending>>;

const body = z.object({
  /** Octets of the whole mail, lines ended by CRLF. */
  size: z.number().int().positive(),
  /** SHA-256, hex. */
  sha256: z.string().length(64),
  /** Name in the object bucket `outgoing`; absent: the octets are in the frame. */
  object: z.string().optional(),
});

const submissionHead = z.object({
  v: z.literal(1),
  accountId: z.string().min(1),
  /** The owner's address. */
  address: z.string(),
  mailId: z.string(),
  /** Of the mail that the script ran on, as in its meta. */
  fingerprint: z.string(),
  internalDate: z.number(),
  sendings: z.array(sending).min(1).readonly(),
  bodies: z.array(body).min(1).readonly(),
  traceparent: z.string().optional(),
});
export type SubmissionHead = Readonly<z.infer<typeof submissionHead>>;

/** `outbox.submit`: everything that leaves because of one mail. Answered when it is committed, never before. */
export interface Submission {
  readonly head: SubmissionHead;
  /** The octets of each body of the head that names no object, in order. */
  readonly inline: readonly Uint8Array[];
}

/** Bodies longer than this together go through the object bucket: a request stays well under NATS's `max_payload`. */
export const SUBMISSION_INLINE_BYTES = 512 * 1024;

const MAGIC = 0x544d5331; // "TMS1"

export function encodeSubmission({ head, inline }: Submission): Uint8Array {
  return encodeFrame(MAGIC, [JSON.stringify(head), ...inline]);
}

/** Throws `RangeError`, `TypeError`, `SyntaxError` or `ZodError` on a frame that is none. */
export function decodeSubmission(frame: Uint8Array): Submission {
  const [head, ...inline] = splitFrame(frame, MAGIC, "submission");
  if (head === undefined) throw new RangeError("submission: no head");
  const parsed = submissionHead.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(head)));
  if (parsed.bodies.filter(({ object }) => object === undefined).length !== inline.length)
    throw new RangeError("submission: bodies and pieces do not pair up");
  return { head: parsed, inline };
}

/**
 * What `outbox` did with each sending: `stored` (committed; it will be tried), `known` (stored before), `held` (stored, waits for its owner),
 * `refused` (nothing will be sent, and why).
 */
export const submissionAnswer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("committed"),
    sendings: z
      .array(
        z.object({
          key: z.string(),
          state: z.enum(["stored", "known", "held", "refused"]),
          reason: z
            .enum(["loop", "too-many-hops", "rate-limited", "bad-address", "suppressed", "too-large"])
            .optional(),
        }),
      )
      .readonly(),
  }),
  /** Not a submission this version knows, or its bodies are not those that the head names; `reason` is for the log. */
  z.object({ kind: z.literal("refused"), reason: z.string() }),
]);
export type SubmissionAnswer = Readonly<z.infer<typeof submissionAnswer>>;

/** States of what leaves (docs: outbox). `begun` is committed before DATA; a lost answer is `unknown` and never tried again by itself. */
export const sendingState = z.enum([
  "scheduled",
  "claimed",
  "begun",
  "accepted",
  "deferred",
  "rejected",
  "unknown",
  "held",
  "expired",
  "cancelled",
  "suppressed",
]);
export type SendingState = z.infer<typeof sendingState>;

/** `outbox.ask`: what an operator or an owner wants to know or decide of sendings. */
export const outboxAsk = z.discriminatedUnion("op", [
  z.object({
    op: z.literal("list"),
    accountId: z.string(),
    states: z.array(sendingState).readonly().optional(),
    limit: z.number().int().min(1).max(1000),
  }),
  /** A held one is scheduled; an unknown one is tried again, at its owner's word. */
  z.object({ op: z.literal("release"), accountId: z.string(), id: z.string() }),
  /** A held, unknown, scheduled or deferred one is not sent any more. */
  z.object({ op: z.literal("cancel"), accountId: z.string(), id: z.string() }),
  z.object({ op: z.literal("counts") }),
]);
export type OutboxAsk = Readonly<z.infer<typeof outboxAsk>>;

const listedSending = z.object({
  id: z.string(),
  mailId: z.string(),
  kind: sentKind,
  to: z.string(),
  state: sendingState,
  attempts: z.number().int(),
  /** Epoch ms. */
  storedAt: z.number(),
  nextAt: z.number().nullable(),
  /** The server's last reply, `450 4.2.0 …`. */
  reply: z.string().nullable(),
});
export type ListedSending = Readonly<z.infer<typeof listedSending>>;

export const outboxAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("listed"), sendings: z.array(listedSending).readonly() }),
  z.object({ kind: z.literal("counts"), counts: z.partialRecord(sendingState, z.number().int()) }),
  z.object({ kind: z.literal("done"), state: sendingState }),
  /** `reason` is a sentence for a person. */
  z.object({ kind: z.literal("refused"), code: z.enum(["missing", "too-late", "not-known"]), reason: z.string() }),
]);
export type OutboxAnswer = Readonly<z.infer<typeof outboxAnswer>>;
