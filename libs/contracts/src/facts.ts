import { z } from "zod";
import { plan } from "./decision.ts";

/** A fact: its name in the subject `event.<p>.<name>`, and the schema both sides validate with. Fields are only ever added. */
export interface Fact<T> {
  readonly name: string;
  readonly schema: z.ZodType<T>;
}

/** Whose script: the organisation's before the owner's, the owner's, the organisation's after it. */
export const layer = z.enum(["before", "user", "after"]);
export type Layer = z.infer<typeof layer>;

const step = z.object({
  /** Absent: the owner's. */
  layer: layer.optional(),
  /** 1-based line in the script. */
  line: z.number().int(),
  /** What was tested or done, in Sieve's own words, with the value seen; length-limited by `libs/sieve`. */
  text: z.string(),
});

const decided = z.object({
  mailId: z.string(),
  /** 16 hex digits: knows the mail again in another folder. */
  fingerprint: z.string().optional(),
  /** Folder it is in; absent: INBOX. */
  folder: z.string().optional(),
  /** What somebody did to it over IMAP (RFC 6785 §4.3); absent: it came, or a run of rules met it. */
  cause: z.enum(["APPEND", "COPY", "FLAG"]).optional(),
  at: z.number(),
  plan,
  /** The rule that decided: its name in the script, or `line N`; absent when the implicit keep stood. */
  rule: z.string().optional(),
  line: z.number().int().optional(),
  /** Whose script decided; absent: the owner's. */
  layer: layer.optional(),
  trace: z.array(step).readonly(),
  /** What left, or was to leave, because of this mail. `silent`: nobody may be answered (RFC 3834), `reason` says why. */
  sendings: z
    .array(
      z.object({
        key: z.string(),
        kind: z.enum(["redirect", "reject", "vacation", "notify", "report"]),
        state: z.enum(["stored", "known", "held", "refused", "silent", "not-carried-out"]),
        reason: z.string().optional(),
      }),
    )
    .readonly()
    .optional(),
  /** Of stored mail: actions that a run over it leaves out, in Sieve's own words, and `copies`. */
  notCarriedOut: z.array(z.string()).readonly().optional(),
  /** Of a preview: what the draft and the account's own rules would do with the mail if it came to INBOX now. */
  compared: z
    .object({
      draft: plan,
      active: plan,
      /** The rule of the account's own that decides; absent when the implicit keep stands. */
      rule: z.string().optional(),
      line: z.number().int().optional(),
      layer: layer.optional(),
      /** Why the account's own rules could not decide. */
      error: z.string().optional(),
    })
    .optional(),
  /** Probability of spam from 0 to 1, where somebody looked. */
  spam: z.number().optional(),
  /** Why the script failed and the mail was kept, in words for its owner. */
  error: z.string().optional(),
  durationMs: z.number(),
  traceparent: z.string().optional(),
});

const mailDecidedSchema = z.object({
  v: z.literal(1),
  accountId: z.string(),
  mode: z.enum(["observe", "act"]),
  sortId: z.string().optional(),
  /** Absent when the account has no active script. */
  script: z.object({ name: z.string(), version: z.string() }).optional(),
  mails: z.array(decided).readonly(),
});
export type MailDecided = Readonly<z.infer<typeof mailDecidedSchema>>;
/** `filter` decided; nothing has been done yet. */
export const mailDecided: Fact<MailDecided> = { name: "mail-decided", schema: mailDecidedSchema };

const applied = z.object({
  mailId: z.string(),
  /** Folder it was in; absent: INBOX. */
  from: z.string().optional(),
  /** `gone`: its owner moved or deleted it first. `failed`: it stays in INBOX, `reason` says why. `observed`: mode observe, nothing done. */
  result: z.enum(["kept", "moved", "discarded", "gone", "failed", "observed"]),
  /** Where it is now, and the name it has there when the server told (RFC 4315 COPYUID). */
  folder: z.string(),
  newMailId: z.string().optional(),
  /** It is snoozed until then: epoch ms. */
  snoozedUntil: z.number().optional(),
  /** It was snoozed until then, epoch ms, and came back. */
  wokenFor: z.number().optional(),
  reason: z.string().optional(),
  traceparent: z.string().optional(),
  seenAt: z.number(),
  fetchedAt: z.number(),
  receivedByFilterAt: z.number(),
  decidedAt: z.number(),
  appliedAt: z.number(),
});
export type AppliedMail = Readonly<z.infer<typeof applied>>;

const mailAppliedSchema = z.object({
  v: z.literal(1),
  accountId: z.string(),
  sortId: z.string().optional(),
  /** The run (its `sortId`) that this takes back: the mails are named as that run left them. */
  undoOf: z.string().optional(),
  mails: z.array(applied).readonly(),
});
export type MailApplied = Readonly<z.infer<typeof mailAppliedSchema>>;
/** `mailbox` carried decisions out. */
export const mailApplied: Fact<MailApplied> = { name: "mail-applied", schema: mailAppliedSchema };

const mailboxResetSchema = z.object({
  v: z.literal(1),
  accountId: z.string(),
  folderId: z.string(),
  /** RFC 9051 §2.3.1.1: UIDVALIDITY before and after. */
  before: z.number(),
  after: z.number(),
  at: z.number(),
});
export type MailboxReset = Readonly<z.infer<typeof mailboxResetSchema>>;
/** The server gave a folder new UIDs: old mailIds name nothing any more. */
export const mailboxReset: Fact<MailboxReset> = { name: "mailbox-reset", schema: mailboxResetSchema };

/** What an account's connection is doing. */
export const accountState = z.enum([
  "waiting",
  "connecting",
  "catching-up",
  "idle",
  "working",
  "backoff",
  "held",
  "parked",
]);
export type AccountState = z.infer<typeof accountState>;

const accountStateChangedSchema = z.object({
  v: z.literal(1),
  accountId: z.string(),
  state: accountState,
  /** A stable code (`auth-failed`, `no-move`, `recover-needed` …), never a server's own words. */
  reason: z.string().optional(),
  at: z.number(),
});
export type AccountStateChanged = Readonly<z.infer<typeof accountStateChangedSchema>>;
/** Published when an account is parked or held, and when it comes back. */
export const accountStateChanged: Fact<AccountStateChanged> = {
  name: "account-state-changed",
  schema: accountStateChangedSchema,
};

const copyFiledSchema = z.object({
  v: z.literal(1),
  accountId: z.string(),
  /** The mail whose script asked for it, and the sending, as in `mail-decided`. */
  mailId: z.string(),
  key: z.string(),
  mailbox: z.string(),
  /** `no-mailbox`: there is no such folder; `given-up`: the mail server could not store it for days. */
  result: z.enum(["filed", "no-mailbox", "given-up"]),
  at: z.number(),
});
export type CopyFiled = Readonly<z.infer<typeof copyFiledSchema>>;
/** A copy of what was sent is in its owner's folder (RFC 8580), or never will be. */
export const copyFiled: Fact<CopyFiled> = { name: "copy-filed", schema: copyFiledSchema };

const sendingSettledSchema = z.object({
  v: z.literal(1),
  accountId: z.string(),
  mailId: z.string(),
  /** As in `mail-decided`. */
  key: z.string(),
  kind: z.string(),
  state: z.enum(["accepted", "rejected", "unknown", "expired", "cancelled"]),
  /** SMTP reply code, and the enhanced status code (RFC 3463) where the server gave one. */
  code: z.number().int().optional(),
  status: z.string().optional(),
  at: z.number(),
});
export type SendingSettled = Readonly<z.infer<typeof sendingSettledSchema>>;
/** `outbox` has the last word on something that was to leave. */
export const sendingSettled: Fact<SendingSettled> = { name: "sending-settled", schema: sendingSettledSchema };
