import { type Decision, type Plan, type Target, wakeKeywords, wakeMinute } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { withMinute } from "./due-list.ts";
import type { FolderBook } from "./folder-book.ts";

type Ledger = Pick<AccountMemory, "record" | "store">;

/**
 * Plans that snooze, as this account can carry them out: into its folder for snoozed mail, with the keywords that say when and how
 * they wake. The minutes are written down before anything sleeps: a holder killed afterwards leaves nothing asleep for ever.
 */
export async function putToSleep<T extends Decision>(
  decisions: readonly T[],
  { record, store }: Ledger,
  folders: FolderBook,
): Promise<readonly T[]> {
  const minutes = decisions.flatMap(({ plan }) => wakesOf(plan).map(wakeMinute));
  if (minutes.length === 0) return decisions;
  const mailbox = record.snoozed?.mailbox || (await folders.snoozed());
  for (const minute of minutes) record.snoozed = withMinute(record.snoozed, mailbox, minute);
  await store.save(record);
  return decisions.map((decision) => ({ ...decision, plan: inFolder(decision.plan, mailbox) }));
}

function wakesOf({ copies, destination }: Plan) {
  const targets = destination.kind === "folder" ? [...copies, destination] : copies;
  return targets.flatMap(({ wake }) => (wake === undefined ? [] : [wake]));
}

function inFolder({ copies, destination }: Plan, mailbox: string): Plan {
  return {
    copies: copies.map((target) => asleep(target, mailbox)),
    destination: destination.kind === "folder" ? asleep(destination, mailbox) : destination,
  };
}

function asleep<T extends Target>(target: T, mailbox: string): T {
  if (target.wake === undefined) return target;
  // Instructions too long for keywords are not planned by `filter`; of those of another the mail wakes into INBOX.
  const { until } = target.wake;
  const inInbox = { until, mailbox: "INBOX", create: false, addFlags: [], removeFlags: [] };
  const keywords = wakeKeywords(target.wake) ?? wakeKeywords(inInbox) ?? [];
  return { ...target, mailbox, addFlags: [...target.addFlags, ...keywords] };
}

/** Of a mail that was moved by this plan: until when it sleeps, epoch ms. */
export function asleepUntil({ destination }: Plan): number | undefined {
  if (destination.kind !== "folder" || destination.wake === undefined) return undefined;
  return wakeMinute(destination.wake) * 60_000;
}
