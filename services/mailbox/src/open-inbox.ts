import { MAIL, serverKey } from "@tamis/contracts";
import type { AccountMemory } from "./account-memory.ts";
import type { AccountRecord } from "./account-record.ts";
import { findHandedOver, findUnsettled, isRenumbered, makeRecord, NeedsPerson, renumber } from "./contact.ts";
import { publishReset } from "./facts.ts";
import type { ImapSession, SelectedFolder } from "./imap/imap-session.ts";
import { InboxWatch } from "./inbox-watch.ts";
import { now } from "./publish-mail.ts";
import { receiptMeansOf } from "./receipts/receipt-means.ts";
import type { StateBoard } from "./state-board.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/**
 * SELECT, then the record that belongs to what was found: as written, made at a first contact, made again after a loss,
 * or carried over a change of UIDVALIDITY. It is written with our token at once, which ends an older holder.
 */
export async function openInbox(
  deps: WorkerDeps,
  memory: AccountMemory,
  board: StateBoard,
  session: ImapSession,
): Promise<InboxWatch> {
  board.set("catching-up");
  const { recoverSince } = memory;
  const folder = await session.select("INBOX");
  if (folder.uidNotSticky) throw new NeedsPerson("uid-not-sticky");
  const { host, port } = deps.signIn.serverOf(memory.account);
  memory.server = serverKey(host, port);
  await deps.servers.note(memory.server, session, folder);
  memory.receiptMeans = receiptMeansOf(session);
  const isOurs = memory.loaded !== null;
  // What the connection before handed over is not handed over again.
  if (isOurs) await Promise.all(memory.handing);
  const record = await recordFor(deps, memory, session, folder);
  if (!isOurs) memory.lost = await findHandedOver(session, folder, record);
  const waiting = await findUnsettled(session, record);
  if (!isOurs) memory.queue.doubt(waiting);
  record.lastSeen = Date.now();
  await memory.store.save(record);
  // One that came meanwhile is for the next time.
  if (memory.recoverSince === recoverSince) memory.recoverSince = undefined;
  await deps.roster.touch(memory.accountId, record.lastSeen);
  memory.queue.dropStale(record.uidValidity);
  memory.awaited.reset(waiting, memory.held);
  memory.held = false;
  memory.wokenAt = now();
  // Last, with nothing to wait for behind it: until then the watch of the record before must not go on with this one.
  memory.loaded = record;
  return new InboxWatch(deps, memory, board, session);
}

async function recordFor(
  deps: WorkerDeps,
  memory: AccountMemory,
  session: ImapSession,
  folder: SelectedFolder,
): Promise<AccountRecord> {
  const { accountId, recoverSince } = memory;
  const known = memory.loaded ?? (await memory.store.load());
  if (known === null || recoverSince !== undefined) {
    return await makeRecord(session, folder, {
      accountId,
      firstContact: deps.config.first_contact,
      roster: deps.roster,
      recoverSince,
      workedBefore: async () => (await deps.bus.streamState(MAIL.name)).lastSeq > 0,
    });
  }
  if (!isRenumbered(folder, known)) return known;
  const record = await renumber(session, folder, known);
  memory.sorts.length = 0;
  memory.lost = [];
  // Whatever was decided is about UIDs that name other mails now.
  memory.queue.hold();
  deps.metrics.resets.add(1);
  await publishReset(deps.bus, accountId, known.uidValidity, folder.uidValidity);
  return record;
}
