import { localReply, type SmtpReply } from "../smtp/reply.ts";
import type { KnownRecipient, SubmissionEnd } from "../tables/submissions.ts";
import type { Result } from "../tables/work.ts";
import { replyToAuthor } from "./ask-relay.ts";

/** What the author is answered, and what is recorded. */
export interface End extends Pick<SubmissionEnd, "results" | "isTold"> {
  readonly reply: SmtpReply;
}

const outcomeUnknown = localReply(
  554,
  "5.4.2",
  "the relay's answer was lost: the mail may have left, and is not sent again by itself (see: tamis outbox)",
);

/**
 * One reply for all recipients (RFC 5321 §4.2.5). Yes as soon as the relay took the mail for one of them: the others are then ours,
 * to be tried again or reported. No: nothing is tried again here, whoever was refused decides.
 */
export function endOf(results: readonly Result[]): End {
  const accepted = results.find(({ state }) => state === "accepted");
  if (accepted !== undefined) return { reply: accepted.reply, results, isTold: false };
  const final = results.map((result) =>
    result.state === "deferred" ? ({ ...result, state: "rejected" } as const) : result,
  );
  return { reply: refusal(results), results: final, isTold: true };
}

function refusal(results: readonly Result[]): SmtpReply {
  if (results.some(({ state }) => state === "unknown")) return outcomeUnknown;
  const first = results.find(({ state }) => state === "deferred") ?? results[0];
  if (first === undefined) return localReply(554, "5.5.1", "no valid recipients");
  return replyToAuthor(first.reply);
}

/** The same mail was handed over before, and was not refused: it is not sent a second time. */
export function replyToRepetition(recipients: readonly KnownRecipient[]): SmtpReply {
  const states = new Set(recipients.map(({ state }) => state));
  if (states.has("unknown")) return outcomeUnknown;
  if (states.has("claimed") || states.has("begun"))
    return localReply(451, "4.4.5", "this very mail is being sent right now: ask again in a minute");
  return localReply(250, "2.0.0", "this very mail was taken before, and is not sent twice");
}
