import type { MailDecided } from "@tamis/contracts";
import type { SendingAction } from "./compose.ts";
import type { MailFacts } from "./mail-facts.ts";
import type { Fate, Fault } from "./plan.ts";
import type { TextName } from "./texts.ts";

/** What became of one thing that was to leave. */
export interface SendingResult {
  readonly state: NonNullable<MailDecided["mails"][number]["sendings"]>[number]["state"];
  readonly reason?: string;
  /** It was handed over to wait for its owner. */
  readonly hold?: boolean;
}

/** RFC 6154 §2 */
const JUNK = "\\junk";

/** What that means for the place of the mail. */
export async function fateOf(action: SendingAction, result: SendingResult, facts: MailFacts): Promise<Fate> {
  const { state } = result;
  switch (action.kind) {
    case "vacation":
    case "notify":
    case "report":
      return withFault({ kind: "beside" }, faultOf(action, result));
    case "redirect":
      if (state === "held" || result.hold === true) return { kind: "kept", fault: { text: "held" } };
      if (state === "stored" || state === "known") return { kind: "left" };
      return withFault({ kind: "kept" }, faultOf(action, result));
    case "reject":
      if (state === "stored" || state === "known") return { kind: "left" };
      if (state === "silent" || state === "refused") return await junk(facts);
      return withFault({ kind: "kept" }, faultOf(action, result));
    default:
      return action satisfies never;
  }
}

const withFault = (fate: { readonly kind: "kept" | "beside" }, fault: Fault | null): Fate =>
  fault === null ? fate : { ...fate, fault };

/** Who must not be told is spared, and so is the owner's INBOX. */
async function junk(facts: MailFacts): Promise<Fate> {
  const mailbox = (await facts.junkAndOthers()).get(JUNK)?.[0];
  return mailbox === undefined ? { kind: "kept" } : { kind: "junk", mailbox };
}

/** What its owner has to know; that nobody was to be answered is told in the fact alone. */
function faultOf({ kind }: SendingAction, { state, reason = "" }: SendingResult): Fault | null {
  if (state === "refused") return { text: refusals[reason] ?? "refused", action: kind };
  if (state !== "not-carried-out") return null;
  if (reason === "no-outbox") return { text: kind };
  if (reason === "uneditable") return { text: "uneditable" };
  return reason === "method" ? { text: "notify-method" } : null;
}

const refusals: Readonly<Record<string, TextName>> = {
  loop: "refused-loop",
  "too-many-hops": "refused-too-many-hops",
  "rate-limited": "refused-rate-limited",
  "bad-address": "refused-bad-address",
  suppressed: "refused-suppressed",
  "too-large": "refused-too-large",
};
