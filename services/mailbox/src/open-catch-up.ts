import { RetryLater } from "@tamis/bus";
import type { ApplyCommand } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import { CatchUp } from "./catch-up.ts";
import type { Portion } from "./fetch-mails.ts";
import { handOver } from "./hand-over.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import type { WorkerDeps } from "./worker-deps.ts";

type Deps = Pick<WorkerDeps, "bus" | "config" | "filterLine" | "log" | "metrics" | "tracer">;

/** What of this account's mails is fetched to be decided on. */
export function portionOf({ config }: Pick<WorkerDeps, "config">, { reads }: AccountMemory): Portion {
  return { reads, inlineBytes: config.inline_bytes };
}

/** The catch-up of INBOX, on the connection that has it selected, from the account's record as it is now. */
export function openCatchUp(deps: Deps, memory: AccountMemory, session: ImapSession): CatchUp {
  const { record } = memory;
  const catchUp = new CatchUp(session, {
    portion: () => portionOf(deps, memory),
    record,
    head: () => memory.head(),
    handOver: async (head, mails) => {
      const handed = handOver(deps, head, mails, (command) => take(command, memory, session));
      // Of a backlog the fence is written once, before the moves.
      const fenced = catchUp.hasMore ? undefined : memory.store.fence(record);
      const both = Promise.all([handed, fenced]);
      memory.track(handed, both);
      const [over] = await both;
      return over;
    },
    onExpected: (through) => {
      record.handed = Math.max(record.handed, through);
      // The fence is written while the server gives the mails, and stands before they are decided on. It is awaited with them.
      memory.store.fence(record).catch(() => undefined);
    },
    onPublished: (mails, isNews) => {
      deps.metrics.received.add(mails.length);
      // Told after the end of this watch: the next one read another record, and fetches them again.
      if (memory.loaded !== record) return;
      memory.dirty ||= isNews;
      memory.awaited.add(mails.filter(({ uid }) => !record.settled.has(uid)));
      memory.bell.ring();
    },
    onFailed: () => memory.bell.ring(),
    onUnreadable: (uid) => deps.log.warn({ accountId: memory.accountId, uid }, "mail-unreadable"),
  });
  return catchUp;
}

/** A command that came with the answer: it is carried out on this connection, or by another way. */
async function take(command: ApplyCommand, memory: AccountMemory, session: ImapSession): Promise<void> {
  if (session.closed !== null)
    throw new RetryLater("the connection to the mail server was lost", { code: "not-connected" });
  if (command.reads !== undefined) memory.reads = command.reads;
  const carried = memory.queue.give(command);
  memory.bell.ring();
  await carried;
}
