import { type BatchedMail, type BatchHead, KEEP, type MailDecided, type Plan } from "@tamis/contracts";
import { type Message, readMessage } from "@tamis/message";
import { type Facts, type Limits, type Need, type Outcome, type Program, run, translate } from "@tamis/sieve";
import { envelopeOf } from "./envelope.ts";
import type { MailboxAsker } from "./needs.ts";
import { planOf } from "./plan.ts";
import type { LoadedScript } from "./scripts.ts";
import { type Language, type TextName, tell } from "./texts.ts";
import { compactTrace } from "./trace.ts";

/** What was decided about one mail, and why. */
export interface Verdict {
  readonly plan: Plan;
  readonly rule?: string;
  readonly line?: number;
  readonly trace: MailDecided["mails"][number]["trace"];
  /** For the owner: why the script did not decide. */
  readonly error?: string;
}

/** What every decision needs to know of the installation. */
export interface DecideSettings {
  readonly timeZone: string;
  readonly addressSeparator: string;
  readonly language: Language;
  readonly limits: Partial<Limits>;
}

export interface DecideDeps {
  readonly asker: MailboxAsker;
  readonly settings: DecideSettings;
}

/** The mails of one batch share the script and what was learnt about folders. */
export interface BatchContext {
  readonly head: BatchHead;
  readonly script: LoadedScript | null;
  /** Epoch ms of the run. */
  readonly now: number;
  readonly mailboxExists: Map<string, boolean>;
}

/** What `mailbox` can be asked for; a script that needs to know more cannot be decided yet. */
const ANSWERED: ReadonlySet<Need["kind"]> = new Set(["mailbox-exists", "whole-message"]);
/** A script that asks for new folders in each run is stopped: two or three rounds are ordinary. */
const MAX_ROUNDS = 8;
/** Units of text. A plan of ordinary names has a few hundred. */
const MAX_PLAN = 65_536;

/** Decides one mail. Throws `RetryLater` while a fact cannot be had; any failure of the script is a keep with an error. */
export async function decide(mail: BatchedMail, batch: BatchContext, deps: DecideDeps): Promise<Verdict> {
  const { script } = batch;
  if (script === null) return { plan: KEEP, trace: [] };
  if (script.program === null) return kept("does-not-compile", deps, script.fault);
  let message = readMessage(mail.raw, { size: mail.meta.size });
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const outcome = run(
      script.program,
      message,
      factsOf(message, mail, batch, deps.settings, script.program),
      deps.settings.limits,
    );
    if (outcome.kind === "done") return conclude(outcome, mail, batch, deps);
    if (outcome.needs.some(({ kind }) => !ANSWERED.has(kind))) return kept("fact-unavailable", deps);
    const missing = outcome.needs.flatMap((need) => (need.kind === "mailbox-exists" ? [need.name] : []));
    if (missing.length > 0) {
      for (const [name, exists] of await deps.asker.mailboxesExist(batch.head.accountId, missing))
        batch.mailboxExists.set(name, exists);
    }
    if (outcome.needs.some((need) => need.kind === "whole-message")) {
      const whole = await deps.asker.wholeMail(batch.head, mail.meta.uid, mail.raw);
      // Its owner took it away: whatever is decided now, `mailbox` will find it gone.
      if (whole.kind === "gone") return { plan: KEEP, trace: [] };
      if (whole.kind === "too-large") return kept("mail-too-large", deps);
      message = readMessage(whole.raw, { size: mail.meta.size, complete: true });
    }
  }
  return kept("too-many-questions", deps);
}

function factsOf(
  message: Message,
  mail: BatchedMail,
  batch: BatchContext,
  settings: DecideSettings,
  program: Program,
): Facts {
  const { address } = batch.head;
  const envelope =
    program.uses.envelope.length > 0 || program.uses.dynamic ? envelopeOf(message, address) : { to: address };
  return {
    now: batch.now,
    timeZone: settings.timeZone,
    addressSeparator: settings.addressSeparator,
    envelope,
    owner: { addresses: [address] },
    mailboxExists: batch.mailboxExists,
    flags: mail.meta.flags,
  };
}

/** `because` is told after it, where there is more to say. */
function kept(text: TextName, deps: DecideDeps, because?: string): Verdict {
  const error = tell(text, deps.settings.language);
  return { plan: KEEP, trace: [], error: because === undefined ? error : `${error} (${because})` };
}

function conclude(
  outcome: Extract<Outcome, { kind: "done" }>,
  mail: BatchedMail,
  batch: BatchContext,
  deps: DecideDeps,
): Verdict {
  const { language } = deps.settings;
  const trace = compactTrace(outcome.trace);
  if (outcome.error !== undefined) {
    // RFC 5228 §2.10.6: an error in the script leaves the mail where it is.
    const { rule, line } = outcome.error;
    return {
      plan: KEEP,
      ...(line > 0 ? { rule, line } : {}),
      trace,
      error: translate(outcome.error, language).message,
    };
  }
  const planned = planOf(outcome.actions, { folder: batch.head.folder.name, flags: mail.meta.flags });
  if (weight(planned.plan) > MAX_PLAN) return kept("plan-too-large", deps);
  const decider = planned.decider === null ? {} : { rule: planned.decider.rule, line: planned.decider.line };
  const error = planned.fault === null ? {} : { error: tell(planned.fault, language) };
  return { plan: planned.plan, ...decider, trace, ...error };
}

/** About how many units of JSON text a plan takes. */
function weight(plan: Plan): number {
  if (plan === KEEP) return 0;
  const targets = plan.destination.kind === "discard" ? plan.copies : [...plan.copies, plan.destination];
  let sum = 0;
  for (const target of targets) {
    sum += "mailbox" in target ? target.mailbox.length : 0;
    for (const flag of target.addFlags) sum += flag.length;
    for (const flag of target.removeFlags) sum += flag.length;
  }
  return sum;
}
