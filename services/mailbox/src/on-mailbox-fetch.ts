import type { Answer, Incoming } from "@tamis/bus";
import {
  FETCH_CHUNK_BYTES,
  type FetchRequest,
  fetchRequest,
  folderIdOf,
  headerNames,
  type MailKey,
  parseMailId,
} from "@tamis/contracts";
import type { AccountWorker } from "./account-worker.ts";
import type { FetchedMail } from "./imap/fetched-mail.ts";
import type { ImapSession } from "./imap/imap-session.ts";
import { ServerRefused } from "./imap/server-refused.ts";
import { inFolder } from "./in-folder.ts";

const EMPTY = new Uint8Array();

/** Answers a part of a mail that was cut in `mail.received`: at most 256 KiB from `offset`. `gone`: no such mail there any more; `busy`: ask again. */
export async function onMailboxFetch(
  request: Incoming,
  workerOf: (accountId: string) => AccountWorker | undefined,
): Promise<Answer> {
  const parsed = fetchRequest.safeParse(JSON.parse(Buffer.from(request.payload).toString("utf8")));
  const key = parsed.success ? parseMailId(parsed.data.mailId) : null;
  if (!parsed.success || key?.folderId !== folderIdOf(parsed.data.folder)) return withStatus("gone");
  const worker = workerOf(key.accountId);
  if (worker === undefined) return withStatus("busy");
  let reply = withStatus("busy");
  await worker.ask(async ({ session }) => {
    worker.memory.store.assertLease();
    const mail = await fetchPart(session, worker, key, parsed.data);
    reply = mail === undefined ? withStatus("gone") : withStatus("ok", mail.bytes, mail.size);
    return { kind: "done", mails: 1 };
  });
  return reply;
}

async function fetchPart(
  session: ImapSession,
  { memory }: AccountWorker,
  key: MailKey,
  { folder, offset }: FetchRequest,
): Promise<FetchedMail | undefined> {
  const found: FetchedMail[] = [];
  try {
    await inFolder(session, memory, { name: folder, readOnly: true }, async ({ uidValidity }) => {
      if (uidValidity !== key.uidValidity) return;
      await session.know(key.uid);
      await session.fetch(String(key.uid), `[]<${offset}.${FETCH_CHUNK_BYTES}>`, (mail) => found.push(mail));
    });
  } catch (error) {
    if (!(error instanceof ServerRefused) || error.isPassing || folderIdOf(folder) === folderIdOf("INBOX")) throw error;
  }
  return found[0];
}

function withStatus(status: "ok" | "gone" | "busy", payload: Uint8Array = EMPTY, total = 0): Answer {
  return { payload, headers: { [headerNames.status]: status, [headerNames.total]: String(total) } };
}
