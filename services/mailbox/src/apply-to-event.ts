import type { ApplyCommand, MailboxAnswer } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { actOnStored } from "./act-on-stored.ts";
import type { InboxView } from "./inbox-view.ts";
import { forgetOutputs } from "./program-outputs.ts";
import { pendingKey } from "./watch-mark.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/**
 * Carries out what was decided because of IMAP events, in the folder where they happened. Each event counts once: one that is no
 * longer open was carried out before, or its folder was renumbered. Copies are journaled, moves looked for on a retry.
 */
export async function applyToEvent(
  deps: WorkerDeps,
  memory: AccountMemory,
  view: InboxView,
  { command, redelivered }: { readonly command: ApplyCommand; readonly redelivered: boolean },
): Promise<MailboxAnswer> {
  const { folder, mode } = command;
  const { record, store } = memory;
  const mark = record.watched.get(folder.name);
  const isOpen = ({ uid, event = "" }: ApplyCommand["decisions"][number]): boolean =>
    mark?.pending.has(pendingKey({ uid, key: event })) === true;
  const decisions = command.decisions.filter(isOpen);
  if (mark === undefined || mark.uidValidity !== folder.uidValidity || decisions.length === 0)
    return { kind: "done", mails: 0 };
  await actOnStored(deps, memory, view, {
    folder,
    decisions,
    observed: mode === "observe",
    retried: redelivered,
    about: {},
    journal: {
      open: mark.open,
      write: (entries) => {
        mark.open = [...entries, ...mark.open.filter((copy) => !entries.includes(copy))];
      },
    },
  });
  for (const { uid, event = "" } of decisions) mark.pending.delete(pendingKey({ uid, key: event }));
  const waiting = [...mark.pending.values()];
  mark.open = mark.open.filter(({ uids }) =>
    waiting.some(({ uid }) => uids.some(([from, to]) => from <= uid && uid <= to)),
  );
  await store.save(record);
  await forgetOutputs(deps.bus, decisions);
  // There may be room for more.
  memory.isFolderNews = true;
  return { kind: "done", mails: decisions.length };
}
