import { z } from "zod";

/** A mail for an owner, whole, in ASCII. The same reason for the same draft has the same Message-ID. */
const notice = z.object({ messageId: z.string(), raw: z.string() });
export type DraftNotice = Readonly<z.infer<typeof notice>>;

/** Of a draft that is not going to be sent, or did not leave. */
const keyword = z.enum(["$TamisNotScheduled", "$TamisNotSent"]);
export type DraftKeyword = z.infer<typeof keyword>;

/** Drafts that are confirmed in one question. */
export const DRAFTS_PER_ASK = 256;

/** `outbox.drafts`: mails that people leave in a folder to be sent later. Answered after commit; may be asked again. */
export const draftsAsk = z.discriminatedUnion("op", [
  /** A draft that nobody has touched for a while: can it be sent, and when? It does not leave before `confirm`. */
  z.object({
    op: z.literal("offer"),
    accountId: z.string().min(1),
    address: z.string(),
    /** Other addresses that the account may write as. */
    identities: z.array(z.string()).readonly(),
    /** The name the IMAP server knows the account by. */
    user: z.string(),
    /** `scheduled`: its owner put it into a folder for what is to be sent; `drafts`: it has fields of Send Later. */
    place: z.enum(["scheduled", "drafts"]),
    /** Of the mail as it lies there: knows it again after a MOVE. */
    fingerprint: z.string(),
    internalDate: z.number(),
    /** When it was put there, as far as is known, epoch ms: what "Monday" and "in 2 hours" count from. */
    seenAt: z.number(),
    /** RFC822.SIZE, and the octets by their name in the object bucket `outgoing`; null: it is too long to be handed over. */
    size: z.number().int().nonnegative(),
    object: z.string().nullable(),
  }),
  /** These lie where no program finds them: from now on they leave at their time. */
  z.object({
    op: z.literal("confirm"),
    accountId: z.string().min(1),
    address: z.string(),
    fingerprints: z.array(z.string()).min(1).max(DRAFTS_PER_ASK).readonly(),
  }),
  /** A person answered mails with these Message-IDs: what is sent again and again until somebody answers is over. */
  z.object({
    op: z.literal("replied"),
    accountId: z.string().min(1),
    messageIds: z.array(z.string()).min(1).max(100).readonly(),
    /** Who did, as From says. Absent: somebody else than their owner. */
    from: z.array(z.string().max(1000)).max(20).readonly().optional(),
  }),
]);
export type DraftsAsk = Readonly<z.infer<typeof draftsAsk>>;

export const draftsAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("offered") }),
  /** It is not sent: its owner is told why. */
  z.object({ kind: z.literal("refused"), notice }),
  /** Too much is on its way for this account: to be offered again. */
  z.object({ kind: z.literal("later") }),
  z.object({
    kind: z.literal("confirmed"),
    drafts: z
      .array(
        z.discriminatedUnion("state", [
          z.object({ fingerprint: z.string(), state: z.literal("kept") }),
          /** Back to where it was: it is not sent. */
          z.object({ fingerprint: z.string(), state: z.literal("back"), notice }),
        ]),
      )
      .readonly(),
  }),
  z.object({ kind: z.literal("done") }),
]);
export type DraftsAnswer = Readonly<z.infer<typeof draftsAnswer>>;

const named = { accountId: z.string(), fingerprint: z.string(), internalDate: z.number() };

/** What `outbox` asks `mailbox` about drafts that it was offered. Each may be asked again. */
export const draftMailboxAsks = [
  /** It was sent: a copy goes into Sent, found again by its Message-ID; then, where it was the last time, the draft goes. */
  z.object({
    op: z.literal("draft-sent"),
    ...named,
    messageId: z.string(),
    /** When it was sent, epoch ms. */
    date: z.number(),
    /** Its octets, by name in the object bucket `outgoing`. */
    object: z.string(),
    isLast: z.boolean(),
  }),
  /** It is not sent any more: back into the folder for drafts, with the keyword, after its owner was told. */
  z.object({ op: z.literal("draft-back"), ...named, keyword, notice: notice.optional() }),
] as const;

/** Begins each Message-ID of a draft that is sent again until somebody answers it; nobody can guess what follows. */
export const UNTIL_REPLY = "<tamis.until-reply.";
