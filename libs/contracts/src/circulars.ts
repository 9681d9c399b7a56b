import { z } from "zod";
import { draftObject, editAnswers, editAsks, sourceName, takenDraft } from "./circular-edits.ts";
import { circularOutlook, owned, RECIPIENTS_PER_PAGE, recipientAnswers, recipientAsks } from "./circular-lists.ts";
import type { Fact } from "./facts.ts";
import { sendingState } from "./submission.ts";

/**
 * States of a circular. `draft`: recipients may be added; `scheduled`: leaves at its instant; `started`; `paused`; `done`: every recipient has a
 * last word; `cancelled`: nothing leaves any more; `held`: it was too late, or the tables are restored ones, and a person decides.
 */
export const circularState = z.enum(["draft", "scheduled", "started", "paused", "done", "cancelled", "held"]);
export type CircularState = z.infer<typeof circularState>;

const recipient = z.object({
  /** Where whoever asks has it from, told again where something is wrong with it: a line of a file. */
  line: z.number().int().nonnegative(),
  address: z.string().max(1000),
  name: z.string().max(300).optional(),
  /** Merge fields: `prenom` → `Anne`. */
  fields: z.record(z.string().min(1).max(100), z.string().max(10_000)),
});
export type CircularRecipient = Readonly<z.infer<typeof recipient>>;

/**
 * When it leaves. `wall`: what a clock on the wall of `zone` (IANA) shows, `2026-11-30T08:00`; `which` of two, where clocks are set back.
 * `first`: the first time of the rule by which it recurs.
 */
const instant = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("now") }),
  z.object({ kind: z.literal("first"), zone: z.string().max(100) }),
  z.object({
    kind: z.literal("wall"),
    wall: z.string().max(40),
    zone: z.string().max(100),
    which: z.enum(["earlier", "later"]).optional(),
  }),
]);

/** Again and again: `rule` as people say it, or as Send Later writes it; so many `times` in all, the first included; none after the day `until`. */
const recurring = z.object({
  rule: z.string().min(1).max(200),
  times: z.number().int().min(1).max(1000).optional(),
  until: z.string().max(10).optional(),
});

/**
 * When in the day it may leave. `any`: whenever; `own`: as said, `Mon-Fri 8:00-18:00` in a zone. Absent: in the hours of the
 * installation, where it has some.
 */
const leavingHours = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("any") }),
  z.object({ kind: z.literal("own"), text: z.string().min(1).max(200), zone: z.string().max(100) }),
]);

const leaving = { when: instant, every: recurring.optional(), hours: leavingHours.optional() };

const one = { ...owned, id: z.string().min(1).max(20) };

/** `outbox.circulars`: what an owner wants of circulars. All are answered after commit, and may be asked again after a lost answer. */
export const circularAsk = z.discriminatedUnion("op", [
  /** `key` names it among the circulars of its owner: asked again with the same, it is the same circular; with another draft, it is refused. */
  z.object({
    op: z.literal("create"),
    ...owned,
    address: z.string(),
    key: z.string().min(1).max(100),
    draft: draftObject,
  }),
  z.object({
    op: z.literal("add"),
    ...one,
    recipients: z.array(recipient).min(1).max(RECIPIENTS_PER_PAGE).readonly(),
    /** Where they come from, as their owner knows it: the name of a file. */
    source: sourceName.optional(),
  }),
  /** The mail as a recipient would get it: the one with this address, else the first. */
  z.object({ op: z.literal("preview"), ...one, address: z.string().optional() }),
  /** The mail of that recipient, sent to somebody else, at once. */
  z.object({ op: z.literal("test"), ...one, address: z.string().optional(), to: z.string().max(320) }),
  z.object({ op: z.literal("schedule"), ...one, ...leaving }),
  z.object({ op: z.literal("list"), ...owned, limit: z.number().int().min(1).max(1000) }),
  z.object({ op: z.literal("status"), ...one }),
  z.object({ op: z.literal("pause"), ...one }),
  /** A paused one goes on; a held one leaves after all. */
  z.object({ op: z.literal("resume"), ...one }),
  z.object({ op: z.literal("cancel"), ...one }),
  /** A page of the recipients, those after `after` in the order of their numbers. */
  z.object({
    op: z.literal("report"),
    ...one,
    after: z.string().max(20).optional(),
    states: z.array(sendingState).readonly().optional(),
    limit: z.number().int().min(1).max(1000),
  }),
  /** A recipient of whom nobody knows whether the mail arrived gets it (again), at its owner's word. */
  z.object({ op: z.literal("release"), ...one, recipient: z.string().max(20) }),
  /** A draft that says what another circular says, for nobody yet. `key` as in `create`. */
  z.object({ op: z.literal("again"), ...one, key: z.string().min(1).max(100) }),
  /** Adds recipients of the circular `of`, by their numbers, as they were given there. In faults, the line is the number. */
  z.object({
    op: z.literal("add-from"),
    ...one,
    of: z.string().min(1).max(20),
    recipients: z.array(z.string().max(20)).min(1).max(RECIPIENTS_PER_PAGE).readonly(),
  }),
  /** Takes whom the token of a List-Unsubscribe was made for off that list. `done`, whatever the token. */
  z.object({ op: z.literal("unsubscribe"), token: z.string().max(200) }),
  /** What `schedule` would come to, with the first times of what recurs. Nothing is changed. */
  z.object({ op: z.literal("foresee"), ...one, ...leaving }),
  ...editAsks,
  ...recipientAsks,
]);
export type CircularAsk = Readonly<z.infer<typeof circularAsk>>;

/** What keeps a recipient's secret attachments from all others. `nothing`: the recipient is held. */
const sealedBy = z.enum(["smime", "archive", "nothing"]);

/** How secret attachments went to a recipient, or did not. `certificate`: why it was not S/MIME. */
export const sealing = z.object({
  by: sealedBy,
  certificate: z
    .enum(["none", "expired", "not-yet-valid", "wrong-purpose", "weak-key", "other-address", "unreadable"])
    .optional(),
});
export type Sealing = Readonly<z.infer<typeof sealing>>;

const sealingCounts = z.object({ smime: z.number().int(), archive: z.number().int(), nothing: z.number().int() });
export type SealingCounts = Readonly<z.infer<typeof sealingCounts>>;

const counts = z.partialRecord(sendingState, z.number().int());

const circular = z.object({
  id: z.string(),
  state: circularState,
  subject: z.string(),
  tracked: z.boolean(),
  /** A test of another circular: its id. */
  testOf: z.string().nullable(),
  /** Epoch ms. */
  createdAt: z.number(),
  /** When it is to leave, epoch ms, with what its owner said; null while it is a draft. */
  dueAt: z.number().nullable(),
  wall: z.string().nullable(),
  zone: z.string().nullable(),
  startedAt: z.number().nullable(),
  /** After this nothing is tried any more, epoch ms; null before the start. */
  deadlineAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  /** Why it is held. */
  held: z.enum(["late", "restored"]).nullable(),
  recipients: z.number().int(),
  counts,
  /** It leaves in office hours only: when those begin, or end, epoch ms. `only`: which they are, where they are its own (0 is Sunday). */
  hours: z
    .object({
      opensAt: z.number(),
      closesAt: z.number(),
      only: z
        .object({ days: z.array(z.number().int()).readonly(), from: z.string(), to: z.string(), zone: z.string() })
        .optional(),
    })
    .optional(),
  /** It recurs: the rule as Send Later writes it, how many more there will be (null: without end), and the circular that was the first. */
  every: z.object({ rule: z.string(), left: z.number().int().nullable(), first: z.string() }).optional(),
});
export type Circular = Readonly<z.infer<typeof circular>>;

const reported = z.object({
  id: z.string(),
  address: z.string(),
  name: z.string().nullable(),
  state: sendingState,
  attempts: z.number().int(),
  /** Epoch ms. */
  changedAt: z.number(),
  nextAt: z.number().nullable(),
  messageId: z.string().nullable(),
  /** The server's last reply, `450 4.2.0 …`. */
  reply: z.string().nullable(),
  /** Of a circular with secret attachments, once it was tried. */
  sealing: sealing.optional(),
});
export type ReportedRecipient = Readonly<z.infer<typeof reported>>;

/** What is wrong with a recipient: no address; in the list before (`of` another line, or before this page: absent); fields that the draft names. */
const recipientFault = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("invalid"), line: z.number().int() }),
  z.object({ kind: z.literal("double"), line: z.number().int(), of: z.number().int().optional() }),
  z.object({ kind: z.literal("fields"), line: z.number().int(), missing: z.array(z.string()).readonly() }),
]);
export type RecipientFault = Readonly<z.infer<typeof recipientFault>>;

/** Times of a circular that recurs that are told beforehand. */
export const TIMES_FORESEEN = 5;

/** Octets of a preview in an answer; what is longer is cut. */
export const PREVIEW_BYTES = 256 * 1024;

export const circularAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("created"), ...takenDraft }),
  /** `suppressed` of the added will not be written to. `faults` are not added. */
  z.object({
    kind: z.literal("added"),
    added: z.number().int(),
    suppressed: z.number().int(),
    faults: z.array(recipientFault).readonly(),
    /** Of the circular, now. */
    recipients: z.number().int(),
  }),
  z.object({
    kind: z.literal("previewed"),
    address: z.string(),
    /** base64 of the mail, cut after {@link PREVIEW_BYTES}. */
    mail: z.string(),
    /** Octets of the whole mail. */
    size: z.number().int(),
    recipients: z.number().int(),
  }),
  /** `undoUntil`, epoch ms: until then `cancel` surely stops all of it. `saidAt`: what was asked for lies outside office hours. */
  z.object({
    kind: z.literal("scheduled"),
    dueAt: z.number(),
    undoUntil: z.number(),
    ...circularOutlook.shape,
    saidAt: z.number().optional(),
    /** Of secret attachments: recipients by how they would get them now. */
    sealing: sealingCounts.optional(),
  }),
  /**
   * What `schedule` would come to. `times`: when it leaves, and when those after it do, at most {@link TIMES_FORESEEN}; `isMore`: there are others
   * after them. `hours`: those in which it would begin.
   */
  z.object({
    kind: z.literal("foreseen"),
    times: z.array(z.number()).readonly(),
    isMore: z.boolean(),
    saidAt: z.number().optional(),
    hours: z.object({ opensAt: z.number(), closesAt: z.number() }).optional(),
  }),
  z.object({ kind: z.literal("listed"), circulars: z.array(circular).readonly() }),
  /** Of status, pause, resume and cancel: as it is now, and of cancel: how many had left or were leaving at that moment. */
  z.object({ kind: z.literal("circular"), circular, left: z.number().int().optional() }),
  /** `next`: where the next page begins; null after the last. */
  z.object({ kind: z.literal("reported"), recipients: z.array(reported).readonly(), next: z.string().nullable() }),
  z.object({ kind: z.literal("done") }),
  ...editAnswers,
  ...recipientAnswers,
  /** `reason` is a sentence for a person. `times`: the two instants of a wall time that comes twice. */
  z.object({
    kind: z.literal("refused"),
    code: z.enum([
      "missing",
      "key-reused",
      "changed",
      "too-late",
      "not-possible",
      "no-recipients",
      "not-allowed",
      "bad-draft",
      "bad-time",
      "too-large",
      "bad-hours",
      "bad-rule",
      "bad-list",
      "list-away",
    ]),
    reason: z.string(),
    times: z.object({ earlier: z.number(), later: z.number() }).optional(),
  }),
]);
export type CircularAnswer = Readonly<z.infer<typeof circularAnswer>>;

const circularChangedSchema = z.object({
  v: z.literal(1),
  accountId: z.string(),
  circularId: z.string(),
  state: circularState,
  held: z.enum(["late", "restored"]).optional(),
  counts,
  at: z.number(),
});
export type CircularChanged = Readonly<z.infer<typeof circularChangedSchema>>;
/** A circular was scheduled, began, was paused, held, cancelled, or is done. */
export const circularChanged: Fact<CircularChanged> = { name: "circular-changed", schema: circularChangedSchema };
