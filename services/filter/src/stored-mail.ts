import { type BatchedMail, KEEP, type MailDecided, type Plan } from "@tamis/contracts";
import { type BatchContext, type DecideDeps, type Decided, decide } from "./decide.ts";
import type { MailboxAsker, WholeMail } from "./needs.ts";

type DecidedMail = MailDecided["mails"][number];

/** What is decided of mail that is stored already. */
export type DecidedStored = Decided & Pick<DecidedMail, "compared">;

/**
 * What of a plan is carried out on stored mail: no copies, whose repetition after a crash is not evident, no changes to the mail,
 * and no sleep: what was read already is not hidden.
 */
export function plainPlan(plan: Plan): Plan {
  if (plan.copies.length > 0) return KEEP;
  const { destination } = plan;
  if (destination.kind === "folder" && destination.wake !== undefined) return KEEP;
  if (destination.kind === "discard" || destination.edits === undefined) return plan;
  const { edits: _, ...plain } = destination;
  return { copies: [], destination: plain };
}

/**
 * Decides a stored mail by the rules of `context` where it is. Of a preview also, for comparison, what they and the account's own
 * (`active`) would do with it if it came to INBOX now.
 */
export async function decideStored(
  mail: BatchedMail,
  { context, active }: { readonly context: BatchContext; readonly active: BatchContext },
  deps: DecideDeps,
): Promise<DecidedStored> {
  const asking = { ...deps, asker: fetchingOnce(deps.asker) };
  const here = await decide(mail, context, asking);
  const leftOut = [...(here.notCarriedOut ?? []), ...(here.plan.copies.length > 0 ? ["copies"] : [])];
  const decided = {
    ...here,
    plan: plainPlan(here.plan),
    ...(leftOut.length === 0 ? {} : { notCarriedOut: leftOut }),
  };
  if (context.head.purpose === "apply") return decided;
  const draft = await decide(mail, { ...context, arrival: "INBOX" }, asking);
  const { plan, layer, rule, line, error } = await decide(mail, { ...active, arrival: "INBOX" }, asking);
  const decider = {
    ...(layer === undefined ? {} : { layer }),
    ...(rule === undefined ? {} : { rule }),
    ...(line === undefined ? {} : { line }),
    ...(error === undefined ? {} : { error }),
  };
  return { ...decided, compared: { draft: draft.plan, active: plan, ...decider } };
}

/** Three runs over one mail fetch the rest of it once. */
function fetchingOnce(asker: MailboxAsker): MailboxAsker {
  let whole: Promise<WholeMail> | null = null;
  return {
    ...asker,
    wholeMail: (head, uid, begin) => {
      whole ??= asker.wholeMail(head, uid, begin);
      return whole;
    },
  };
}
