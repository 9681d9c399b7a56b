import type { BatchedMail, BatchHead } from "@tamis/contracts";
import { isFresh } from "./age.ts";
import { type AuthenticationSettings, isAuthenticated } from "./authentication.ts";
import type { SendingAction } from "./compose.ts";
import type { MailFacts } from "./mail-facts.ts";
import type { MemorySession, Remembered } from "./memory.ts";
import { isStored, quietBecause } from "./quiet.ts";

export interface SendingSettings {
  readonly authentication: AuthenticationSettings;
  readonly outgoingMaxAgeMs: number;
}

/** What decides whether something may leave. */
export interface JudgeContext {
  readonly mail: BatchedMail;
  readonly head: BatchHead;
  /** Epoch ms. */
  readonly now: number;
  readonly facts: MailFacts;
  readonly memory: MemorySession;
  /** This installation sends mail. */
  readonly sends: boolean;
  readonly settings: SendingSettings;
}

/** Whether it may leave, or why not, in the words of facts; `hold`: once its owner releases it. */
export type Judgement =
  | { readonly kind: "send"; readonly hold: boolean }
  | { readonly kind: "not"; readonly state: "silent" | "not-carried-out"; readonly reason: string };

const silent = (reason: string): Judgement => ({ kind: "not", state: "silent", reason });
const notCarriedOut = (reason: string): Judgement => ({ kind: "not", state: "not-carried-out", reason });

/** Judges one action: who must not be answered (RFC 3834 §2), what came too late, where nothing is sent at all. */
export async function judge(action: SendingAction, context: JudgeContext): Promise<Judgement> {
  const { head, sends, facts, mail, now, settings } = context;
  if (isStored(head)) return notCarriedOut(head.purpose);
  if (action.kind === "reject" && !sends) return notCarriedOut("no-outbox");
  const reason = silenceOf(action, context);
  if (reason !== null) return silent(reason);
  if (action.kind === "notify" && action.mail === null) return notCarriedOut("method");
  const maxAgeMs = settings.outgoingMaxAgeMs;
  const { event, internalDate } = mail.meta;
  // What somebody does to an old mail is news; what was done while nobody looked is not.
  const isNew =
    event === undefined ? isFresh(facts.message, { internalDate, now, maxAgeMs }) : now - event.after < maxAgeMs;
  const isOld = !isNew;
  if (isOld && action.kind !== "redirect") return silent("old");
  if (!sends) return notCarriedOut("no-outbox");
  const quiet = quietBecause(head);
  if (quiet !== null) return notCarriedOut(quiet);
  if (action.kind === "vacation" && (await isAnswered(action, context))) return silent("answered");
  return { kind: "send", hold: isOld };
}

/** Why its receiver must hear nothing. */
function silenceOf(action: SendingAction, { facts, settings }: JudgeContext): string | null {
  switch (action.kind) {
    case "vacation":
      return action.reply === null ? (action.silence ?? "sender-unknown") : null;
    case "notify":
      return action.silence ?? null;
    case "reject":
      if (action.to === null) return action.silence ?? "sender-unknown";
      // A refusal after delivery is a mail: to a forged sender it is backscatter (RFC 5429 §2.1.2).
      return isAuthenticated(facts.message, action.to, settings.authentication) ? null : "not-authenticated";
    default:
      return null;
  }
}

type Vacation = Extract<SendingAction, { kind: "vacation" }>;

/** Whether the sender was answered for this handle within its time, by another mail (RFC 5230 §4.1, §4.2). */
async function isAnswered(action: Vacation, { memory, mail }: JudgeContext): Promise<boolean> {
  const answered = answeredBy(action, mail);
  return answered !== null && (await memory.knows(answered));
}

/** What is remembered of a reply; null where there is none. */
export function answeredBy({ handle, reply }: Vacation, { meta }: BatchedMail): Remembered | null {
  if (reply === null) return null;
  return { kind: "vacation", key: JSON.stringify([handle, reply.to.toLowerCase()]), mail: meta.fingerprint };
}
