import type { ApplyCommand, MailboxAnswer } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { actOnStored } from "./act-on-stored.ts";
import { applyToEvent } from "./apply-to-event.ts";
import { appliedMail, publishApplied } from "./facts.ts";
import type { InboxView } from "./inbox-view.ts";
import { now } from "./publish-mail.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** A command of `tamis rules apply`, or because of IMAP events, carried out where the mails are. */
export async function applyToStored(
  deps: WorkerDeps,
  memory: AccountMemory,
  view: InboxView,
  { command, redelivered }: { readonly command: ApplyCommand; readonly redelivered: boolean },
): Promise<MailboxAnswer> {
  if (command.events === true) return await applyToEvent(deps, memory, view, { command, redelivered });
  const { folder, decisions, sortId } = command;
  const mails = await actOnStored(deps, memory, view, {
    folder,
    decisions,
    observed: command.mode === "observe",
    retried: redelivered,
    about: { sortId },
  });
  return { kind: "done", mails: mails.length };
}

/** The account's server is away or the account parked: told, and not tried later, when nobody waits for it any more. */
export async function refuseStored(deps: WorkerDeps, command: ApplyCommand): Promise<void> {
  // Open events are in the record: they are published again.
  if (command.events === true) return;
  const { accountId, folder, decisions, sortId } = command;
  const outcome = { result: "failed", folder: folder.name, reason: "account-away" } as const;
  const mails = decisions.map((decision) =>
    appliedMail({ accountId, folder }, { ...decision, observed: false }, outcome, now()),
  );
  await publishApplied(deps.bus, accountId, { sortId }, mails);
}
