import { z } from "zod";
import { wake } from "./wake.ts";

/** What rules read of a mail: its header alone, its text parts and the headers of all parts too, or all of it. */
export const reads = z.enum(["header", "texts", "whole"]);
export type Reads = z.infer<typeof reads>;

const flags = z.array(z.string()).readonly();

/**
 * Changes that a script made to the mail before it is stored there (RFC 5293, RFC 5703): `MessageEdit` of @tamis/sieve, plain JSON.
 * They need the whole mail; it is stored anew and the original goes only after the new one was read back.
 */
const edits = z
  .array(z.looseObject({ kind: z.string() }))
  .min(1)
  .readonly();

/**
 * The edit by which the mail becomes what a program made of it; it comes first, since nothing of the mail before it is left. Its octets
 * are in the object bucket `rewritten`, under its key.
 */
export const programOutputEdit = z.object({
  kind: z.literal("program-output"),
  key: z.string(),
  size: z.number().int().nonnegative(),
});
export type ProgramOutputEdit = Readonly<z.infer<typeof programOutputEdit>>;

/** One place a mail goes to. Flags are added and removed one by one, never replaced as a set. */
const target = z.object({
  /** Folder name as decoded text, with the server's own hierarchy separator. */
  mailbox: z.string().min(1),
  create: z.boolean(),
  /** RFC 8579 §4, RFC 6154 §3: the attribute a folder gets that has to be created, `\\Junk`. */
  specialUse: z.string().optional(),
  addFlags: flags,
  removeFlags: flags,
  edits: edits.optional(),
  /** Snoozed: `mailbox` stands for the account's own folder for it (`SNOOZED`), from which the mail comes back. */
  wake: wake.optional(),
});
export type Target = Readonly<z.infer<typeof target>>;

/**
 * What is to become of one mail. `copies` come first, in order, and then the mail itself goes to its destination:
 * it stays, moves to a folder, or is discarded (to Trash, by the account's settings).
 */
export const plan = z.object({
  copies: z.array(target).readonly(),
  destination: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("stay"), addFlags: flags, removeFlags: flags, edits: edits.optional() }),
    z.object({ kind: z.literal("folder"), ...target.shape }),
    z.object({ kind: z.literal("discard") }),
  ]),
});
export type Plan = Readonly<z.infer<typeof plan>>;

/** The plan of a mail that nothing decided on: it stays where it is, untouched. */
export const KEEP: Plan = { copies: [], destination: { kind: "stay", addFlags: [], removeFlags: [] } };

/** When each stage of a mail was done: epoch ms with fractions, from the clocks of the services named. */
const stageTimes = z.object({
  seenAt: z.number(),
  fetchedAt: z.number(),
  receivedByFilterAt: z.number(),
  decidedAt: z.number(),
});

const decision = z.object({
  uid: z.number().int().positive(),
  /** As in the mail's meta: the executor needs them and may have been restarted since. */
  internalDate: z.number(),
  fingerprint: z.string(),
  plan,
  /** Key of the IMAP event that was decided on. */
  event: z.string().optional(),
  /** The script remembered something of this mail (KV `memory`): to be forgotten when the plan fails. */
  marked: z.boolean().optional(),
  traceparent: z.string().optional(),
  times: stageTimes,
});
export type Decision = Readonly<z.infer<typeof decision>>;

/** `mailbox.apply.<p>`: one batch of decisions for the batch received, a keep included. */
export const applyCommand = z.object({
  v: z.literal(1),
  accountId: z.string(),
  mode: z.enum(["observe", "act"]),
  sortId: z.string().optional(),
  folder: z.object({ id: z.string(), name: z.string(), uidValidity: z.number().int().nonnegative() }),
  /** Of `tamis rules apply`: stored mail, to be acted on in the folder named; the marks of INBOX say nothing of it. */
  stored: z.boolean().optional(),
  /** Of IMAP events: as `stored`, each event once; what its decision names as key is still open, or nothing is done. */
  events: z.boolean().optional(),
  /** What this account's rules read of a mail: its next mails need not be sent with more. */
  reads: reads.optional(),
  decisions: z.array(decision).readonly(),
});
export type ApplyCommand = Readonly<z.infer<typeof applyCommand>>;
