import { z } from "zod";
import { MOST_ATTACHMENTS } from "./circular-draft.ts";
import { owned, RECIPIENTS_PER_PAGE } from "./circular-lists.ts";

/** Octets in the bucket `outgoing`: too many for a message. */
export const draftObject = z.object({
  /** Name in the bucket. */
  object: z.string().min(1).max(200),
  size: z.number().int().positive(),
  /** SHA-256, hex. */
  sha256: z.string().length(64),
});

/** Where recipients come from: a list, `list:tous`, a file, `agents.csv`, another circular, `circular:7`. */
export const sourceName = z.string().min(1).max(300);

const one = { ...owned, id: z.string().min(1).max(20) };

/** Questions by which a circular of which nothing has left is written anew. */
export const editAsks = [
  /** What was written. */
  z.object({ op: z.literal("written"), ...one }),
  /**
   * It says this from now on. `version`: what was read; refused where it was changed, scheduled or begun meanwhile. `keep`: the attachments that
   * stay, by their places in what was read; those of the draft are new.
   */
  z.object({
    op: z.literal("revise"),
    ...one,
    address: z.string(),
    version: z.string().min(1).max(200),
    draft: draftObject,
    keep: z.array(z.number().int().nonnegative()).max(MOST_ATTACHMENTS).readonly(),
  }),
  /** One that is scheduled is a draft again, without a time. */
  z.object({ op: z.literal("withdraw"), ...one }),
  /** Where its recipients come from. */
  z.object({ op: z.literal("sources"), ...one }),
  /** Takes recipients out of a draft: by their numbers, or those of a source (null: of none that is known); all of them where neither is given. */
  z.object({
    op: z.literal("remove"),
    ...one,
    recipients: z.array(z.string().max(20)).min(1).max(RECIPIENTS_PER_PAGE).readonly().optional(),
    source: sourceName.nullable().optional(),
  }),
] as const;

/** What became of a draft that was handed over. `fields`: those that it names. */
export const takenDraft = {
  id: z.string(),
  fields: z.array(z.string()).readonly(),
  /** Attachments that are secret, and those that became links. */
  secrets: z.number().int(),
  links: z.number().int(),
  /** Of the archive for those who have no certificate. It is said here once and kept nowhere: not even the same question is answered with it again. */
  password: z.string().optional(),
};

export const editAnswers = [
  /** `draft`: a `WrittenCircular` in JSON; whoever asked deletes it. */
  z.object({ kind: z.literal("written"), version: z.string(), draft: draftObject }),
  z.object({ kind: z.literal("revised"), ...takenDraft }),
  /** Each with how many came of it: who is in two of them came of the one that was added first. */
  z.object({
    kind: z.literal("sources"),
    sources: z.array(z.object({ source: sourceName.nullable(), recipients: z.number().int() })).readonly(),
  }),
  /** `recipients`: of the circular, now. */
  z.object({ kind: z.literal("removed"), removed: z.number().int(), recipients: z.number().int() }),
] as const;
