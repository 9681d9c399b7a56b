import { z } from "zod";
import { reads } from "./decision.ts";

/** A run over more mails at once would hold up too much else of its account. */
export const RULES_RUN_MAX_MAILS = 10_000;
/** Mails in one `headers` or `take-back` question: the answer stays well under NATS's `max_payload`. */
export const STORED_MAILS_PER_ASK = 200;
/** Octets of the header fields of one mail that an answer carries at most. */
export const HEADER_MAX_BYTES = 2_048;

const flags = z.array(z.string()).readonly();

/** A mail that goes back where a run took it from, and gets back the flags it had. */
const movedMail = z.object({
  /** Where the run left it. */
  mailId: z.string(),
  /** As decided on: another mail under that UID is left alone. */
  fingerprint: z.string(),
  /** Folder it goes to; the one it is in, where only its flags changed. */
  to: z.string().min(1),
  addFlags: flags,
  removeFlags: flags,
});
export type MovedMail = Readonly<z.infer<typeof movedMail>>;

/** Questions of `mailbox.ask` about mail that is stored already, in whatever folder. */
export const rulesAsks = [
  /**
   * Publishes the newest mails by INTERNALDATE of these folders, to be decided on by a draft. Without `folders`: INBOX and all
   * others but those marked \Trash, \Junk, \Drafts and \Sent. Of INBOX, what is settled.
   */
  z.object({
    op: z.literal("run-rules"),
    accountId: z.string(),
    /** Names this run: echoed as `sortId` in every fact about it. */
    runId: z.string(),
    purpose: z.enum(["preview", "apply"]),
    /** Key in KV `drafts`; absent: the account's own rules as they are. */
    draft: z.string().optional(),
    /** What the draft reads of a mail. */
    reads,
    last: z.number().int().min(1).max(RULES_RUN_MAX_MAILS),
    folders: z.array(z.string()).min(1).readonly().optional(),
  }),
  /** Takes back what a run did to these mails of one folder. */
  z.object({
    op: z.literal("take-back"),
    accountId: z.string(),
    /** The run; its facts say `undoOf`. */
    runId: z.string(),
    folder: z.string(),
    mails: z.array(movedMail).min(1).max(STORED_MAILS_PER_ASK).readonly(),
  }),
  /** The fields From, Subject and Date of these mails of one folder, for the person who asked. */
  z.object({
    op: z.literal("headers"),
    accountId: z.string(),
    folder: z.string(),
    mailIds: z.array(z.string()).min(1).max(STORED_MAILS_PER_ASK).readonly(),
  }),
  /** Where is the mail with this Message-ID (with its angle brackets)? */
  z.object({
    op: z.literal("find"),
    accountId: z.string(),
    messageId: z.string().min(1).max(998),
    /** The one folder that is looked into; absent: all. Without it the answer is `refused`. */
    folder: z.string().min(1).optional(),
    /** Only what came on that day or later, epoch ms. */
    since: z.number().optional(),
  }),
] as const;

/** Their answers, beside `done` and `refused`. */
export const rulesAnswers = [
  /** What became of each mail, as in `mail-applied`. */
  z.object({
    kind: z.literal("taken-back"),
    mails: z
      .array(
        z.object({
          mailId: z.string(),
          result: z.enum(["kept", "moved", "gone", "failed"]),
          reason: z.string().optional(),
        }),
      )
      .readonly(),
  }),
  /** Mails that are no longer there are not told of. */
  z.object({
    kind: z.literal("headers"),
    mails: z
      .array(
        z.object({
          mailId: z.string(),
          /** INTERNALDATE, epoch ms. */
          internalDate: z.number(),
          /** The octets as they are, base64, at most {@link HEADER_MAX_BYTES}. */
          header: z.base64(),
        }),
      )
      .readonly(),
  }),
  z.object({
    kind: z.literal("found"),
    mails: z
      .array(z.object({ mailId: z.string(), folder: z.string(), fingerprint: z.string(), internalDate: z.number() }))
      .readonly(),
  }),
] as const;
